"""Programs get their text and no secret, and end with whoever called them, together with their own children."""

import contextlib
import sys

import pytest

from sessions_app.speech.programs import ProgramFailed, output_of, read_all
from tests.support.processes import wait_for_the_end_of

COPY = (sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())")
FAIL = (sys.executable, "-c", "import sys; sys.stderr.write('no such\\nvoice'); sys.exit(3)")
SURROUNDINGS = (sys.executable, "-c", "import os; print(sorted(os.environ))")
# Starts a child of its own, says its number and falls silent.
HANG = (
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True);"
    "time.sleep(60)",
)


async def test_a_long_text_goes_through() -> None:
    text = "Grüße, 世界! " * 20_000
    assert await read_all(COPY, text, 10) == text


async def test_a_failure_says_what_the_program_said() -> None:
    with pytest.raises(ProgramFailed, match="ended with 3: no such voice"):
        await read_all(FAIL, "", 10)


async def test_a_program_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(ProgramFailed, match="nowhere does not start"):
        await read_all(("/nowhere",), "", 10)


async def test_secrets_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SECRET_KEY", "secret")
    seen = await read_all(SURROUNDINGS, "", 10)
    assert "PATH" in seen
    assert "DJANGO_SECRET_KEY" not in seen


async def test_silence_ends_a_program_and_its_children() -> None:
    said = b""
    with pytest.raises(ProgramFailed, match="said nothing for 1 s"):
        async with contextlib.aclosing(output_of(HANG, "", 1)) as pieces:
            async for piece in pieces:
                said += piece
    wait_for_the_end_of(int(said))


async def test_who_stops_listening_ends_the_program() -> None:
    async with contextlib.aclosing(output_of(HANG, "", 10)) as pieces:
        child = int(await anext(pieces))
    wait_for_the_end_of(child)


async def test_what_a_program_says_of_somebodys_words_is_not_passed_on() -> None:
    echo = (sys.executable, "-c", "import sys; sys.stderr.write(sys.stdin.read()); sys.exit(3)")
    with pytest.raises(ProgramFailed) as caught:
        await read_all(echo, "my secret", 10)
    assert str(caught.value).endswith("ended with 3")
