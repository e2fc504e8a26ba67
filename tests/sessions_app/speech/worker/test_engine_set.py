"""An engine that says it does not work leaves its languages to the next one."""

import asyncio

import pytest

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble
from sessions_app.speech.engines.choice import Choice
from sessions_app.speech.engines.scripted import ScriptedEngine
from sessions_app.speech.worker.engine_set import Engines


class MoodyEngine(ScriptedEngine):
    """Works or not, as a test says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.trouble = ""

    def report(self) -> EngineReport:
        state = EngineState.FAILED if self.trouble else EngineState.READY
        return EngineReport(self.name, state, self.trouble, ("*",))


async def loaded(setting: str) -> tuple[Engines, dict[str, MoodyEngine]]:
    made: dict[str, MoodyEngine] = {}

    def make(name: str) -> MoodyEngine:
        return made.setdefault(name, MoodyEngine(name))

    engines = Engines(Choice.read(setting), make)
    loads = asyncio.Queue[None]()
    engines.call_on_change(lambda: loads.put_nowait(None))
    engines.start()
    for _ in made:
        await loads.get()
    return engines, made


async def test_the_next_engine_serves_until_the_first_works_again() -> None:
    engines, made = await loaded("deepgram,whisper")
    made["deepgram"].trouble = "answered 401"
    assert engines.pick("en-US").name == "whisper"

    made["deepgram"].trouble = ""
    assert engines.pick("en-US").name == "deepgram"
    await engines.close()


async def test_without_another_one_it_is_told_what_is_wrong() -> None:
    engines, made = await loaded("deepgram")
    made["deepgram"].trouble = "answered 401"

    with pytest.raises(EngineTrouble, match="deepgram: answered 401") as trouble:
        engines.pick("en-US")
    assert trouble.value.code == "SPEECH_ENGINE_FAILED"
    await engines.close()
