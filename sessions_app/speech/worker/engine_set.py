"""The engines of this worker: made by settings, loaded side by side, and picked by language setting."""

import asyncio
import logging
from collections.abc import Callable

from sessions_app.speech.engine import Engine, EngineReport, EngineState, EngineTrouble
from sessions_app.speech.engines.choice import Choice, make_engine
from sessions_app.speech.languages import AUTO

logger = logging.getLogger(__name__)

LOAD_AGAIN_SECONDS = 30.0


class StillLoading(Exception):
    """The engine for this language is loading."""


class Engines:
    """Knows which engine serves which language, as far as they are ready."""

    def __init__(self, choice: Choice, make: Callable[[str], Engine] = make_engine) -> None:
        self._choice = choice
        self._engines = {name: make(name) for name in choice.names}
        self._failures: dict[str, str] = {}
        self._loading: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._waiting: set[Callable[[], None]] = set()

    def start(self) -> None:
        """Begin to load all of them; nobody waits for it."""
        for name in self._engines:
            self._loading.add(name)
            self._tasks.append(asyncio.create_task(self._load(name), name=f"load {name}"))

    def call_on_change(self, callback: Callable[[], None]) -> None:
        """Call back each time an engine became ready or failed, until `forget`."""
        self._waiting.add(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        self._waiting.discard(callback)

    def pick(self, setting: str) -> Engine:
        """Return the engine for a language setting; raises StillLoading, or EngineTrouble when there is none."""
        details = []
        for name in self._choice.for_setting(setting):
            engine = self._engines[name]
            if name in self._loading:
                raise StillLoading(name)
            report = self._report(name)
            if report.state in (EngineState.FAILED, EngineState.MISSING):
                details.append(f"{name}: {report.detail}")
            elif engine.speaks(setting):
                return engine
        if details:
            raise EngineTrouble("SPEECH_ENGINE_FAILED", "; ".join(details))
        raise EngineTrouble("SPEECH_LANGUAGE_UNSUPPORTED", f"No speech engine here understands {setting}.")

    def reports(self) -> list[EngineReport]:
        """Return how each engine is."""
        return [self._report(name) for name in self._engines]

    def languages(self) -> tuple[str, ...]:
        """Return the language settings that are or will soon be served ("*": any)."""
        served: set[str] = set()
        for name in self._choice.of_others:
            if name not in self._failures:
                served.update(self._engines[name].report().languages)
                served.update({AUTO} if self._may_serve(name, AUTO) else ())
        served.update(
            language for language, name in self._choice.of_language if self._may_serve(name, language)
        )
        return tuple(sorted(served))

    async def close(self) -> None:
        """Let go of all of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(engine.close() for engine in self._engines.values()), return_exceptions=True)

    def spoken_targets(self) -> frozenset[str]:
        """Return the languages into which some engine translates what it hears by itself."""
        working = [engine for name, engine in self._engines.items() if name not in self._failures]
        return frozenset().union(*(engine.translates_to for engine in working))

    def _may_serve(self, name: str, language: str) -> bool:
        return name not in self._failures and (name in self._loading or self._engines[name].speaks(language))

    def _report(self, name: str) -> EngineReport:
        report = self._engines[name].report()
        failure = self._failures.get(name)
        if failure is None or report.state is EngineState.MISSING:
            return report
        return EngineReport(name, EngineState.FAILED, failure)

    async def _load(self, name: str) -> None:
        """Load an engine; one that failed is tried again, one that is not there is not."""
        while True:
            problem = await self._try_to_load(name)
            self._loading.discard(name)
            self._note(name, problem)
            for callback in list(self._waiting):
                callback()
            if problem is None or self._engines[name].report().state is EngineState.MISSING:
                return
            await asyncio.sleep(LOAD_AGAIN_SECONDS)

    async def _try_to_load(self, name: str) -> str | None:
        """Return what kept the engine from being loaded."""
        try:
            await self._engines[name].load()
        except EngineTrouble as trouble:
            return str(trouble)
        except Exception as error:
            logger.exception("The speech engine %s cannot be loaded.", name)
            return f"{type(error).__name__}: {error}"
        return None

    def _note(self, name: str, problem: str | None) -> None:
        """Remember it, and say it in the log when it is news."""
        if problem is None:
            self._failures.pop(name, None)
            logger.info("The speech engine %s is ready.", name)
        elif self._failures.get(name) != problem:
            self._failures[name] = problem
            logger.warning("The speech engine %s does not work: %s", name, problem)
