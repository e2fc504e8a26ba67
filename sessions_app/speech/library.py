"""A library with its model inside, loaded in a thread: there, on its way, missing or broken."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

from sessions_app.speech.engine import EngineState, EngineTrouble

T = TypeVar("T")


class Library(Generic[T]):
    """What `load` returned. `package` is what people install; `code` goes into each EngineTrouble."""

    def __init__(self, package: str, code: str, load: Callable[[], T]) -> None:
        self.state, self.detail = EngineState.LOADING, ""
        self._package, self._code, self._load = package, code, load
        self._loaded: T | None = None

    async def load(self, threads: Executor) -> None:
        """Load it; raises EngineTrouble where it is not installed or does not come up."""
        try:
            self._loaded = await asyncio.get_running_loop().run_in_executor(threads, self._load)
        except ImportError as problem:
            how = f"{self._package} is not installed: run `pip install -r requirements-speech.txt`"
            self.state, self.detail = EngineState.MISSING, how
            raise EngineTrouble(self._code, how) from problem
        except Exception as problem:
            trouble = self.trouble(problem)
            self.state, self.detail = EngineState.FAILED, str(trouble)
            raise trouble from problem
        self.state = EngineState.READY

    def get(self) -> T:
        """Return what was loaded; raises EngineTrouble while there is nothing."""
        if self._loaded is None:
            raise EngineTrouble(self._code, self.detail or f"{self._package} is being loaded")
        return self._loaded

    def trouble(self, problem: object) -> EngineTrouble:
        """Return what to raise when the library failed at its work."""
        return EngineTrouble(self._code, f"{self._package}: {problem}")

    def forget(self) -> None:
        """Let go of it."""
        self._loaded = None
