"""A library is there, on its way, missing or broken, and says which."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.library import Library


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def fails_with(problem: Exception) -> Callable[[], str]:
    def load() -> str:
        raise problem

    return load


async def test_it_is_on_its_way_then_there_then_gone(threads: ThreadPoolExecutor) -> None:
    library = Library("some-words", "VOICE_FAILED", lambda: "loaded")
    assert library.state is EngineState.LOADING
    with pytest.raises(EngineTrouble, match="some-words is being loaded"):
        library.get()

    await library.load(threads)

    assert (library.state, library.detail, library.get()) == (EngineState.READY, "", "loaded")
    library.forget()
    with pytest.raises(EngineTrouble):
        library.get()


@pytest.mark.parametrize(
    ("problem", "state", "detail"),
    [
        (
            ImportError("no such module"),
            EngineState.MISSING,
            "some-words is not installed: run `pip install -r requirements-speech.txt`",
        ),
        (OSError("disk full"), EngineState.FAILED, "some-words: disk full"),
    ],
    ids=["missing", "broken"],
)
async def test_what_is_wrong_is_told_when_it_loads_and_whenever_it_is_wanted(
    threads: ThreadPoolExecutor, problem: Exception, state: EngineState, detail: str
) -> None:
    library = Library("some-words", "VOICE_FAILED", fails_with(problem))

    with pytest.raises(EngineTrouble) as told:
        await library.load(threads)

    assert (told.value.code, str(told.value)) == ("VOICE_FAILED", detail)
    assert (library.state, library.detail) == (state, detail)
    with pytest.raises(EngineTrouble) as again:
        library.get()
    assert str(again.value) == detail


def test_its_failures_at_work_carry_its_name() -> None:
    trouble = Library("some-words", "TRANSLATION_FAILED", str).trouble(ValueError("too long"))

    assert (trouble.code, str(trouble)) == ("TRANSLATION_FAILED", "some-words: too long")
