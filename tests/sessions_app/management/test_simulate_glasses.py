"""The command: arguments, token, exit with one sentence."""

import asyncio
import threading
import wave
from collections.abc import Callable, Coroutine, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tokens import read_core_token
from sessions_app.simulator.play import Play
from tests.sessions_app.simulator.fake_cloud import AT, FakeGlassesCloud, GlassesSocket

HELLO = "com.example.hello"
Scene = Callable[[GlassesSocket], Coroutine[Any, Any, None]]


class Theatre:
    """A cloud for phones in a thread of its own, as the command runs a loop of its own."""

    def __init__(self) -> None:
        self.address = ""
        self.headers: dict[str, str] = {}
        self._scene: Scene | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def play(self, scene: Scene) -> None:
        self._scene = scene
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(5)

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join(10)
            assert not self._thread.is_alive()

    async def _serve(self) -> None:
        assert self._scene is not None
        async with FakeGlassesCloud() as cloud:
            self.address = cloud.address
            self._ready.set()
            socket = await cloud.next_socket()
            self.headers = socket.headers
            await self._scene(socket)
            await socket.closed()


@pytest.fixture
def theatre() -> Iterator[Theatre]:
    made = Theatre()
    yield made
    made.close()


async def run_hello(socket: GlassesSocket) -> None:
    await socket.acknowledge()
    assert await socket.next_of("start_app") == {"packageName": HELLO}
    await socket.show("Good morning")
    await socket.send("app_started", packageName=HELLO, timestamp=AT)


def simulate(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_glasses", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_connects_as_the_user_and_prints_what_the_glasses_show(theatre: Theatre) -> None:
    theatre.play(run_hello)
    shown = simulate(
        "--user", "Ada@Example.com", "--url", theatre.address, "--start", HELLO, "--duration", "0"
    )
    assert "Good morning" in shown
    token = theatre.headers["authorization"].removeprefix("Bearer ")
    assert read_core_token(token).email == "ada@example.com"
    assert User.objects.get().email == "ada@example.com"


@pytest.mark.django_db
def test_the_demo_is_a_user_and_an_app_of_its_own(theatre: Theatre, settings: Any) -> None:
    theatre.play(run_hello)
    settings.PUBLIC_URL = theatre.address
    simulate("--demo", "--duration", "0")
    assert User.objects.get().email == "user@demo.local"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "started"),
    [
        ((), [HELLO]),
        (("--wav", "WAV"), ["com.example.captions"]),
        (("--wav", "WAV", "--start", HELLO), [HELLO]),
        (("--start", "com.example.captions"), ["com.example.captions"]),
    ],
)
def test_the_demo_starts_the_app_that_shows_what_is_played(
    theatre: Theatre, tmp_path: Path, arguments: tuple[str, ...], started: list[str]
) -> None:
    asked: list[str] = []

    async def note_starts(socket: GlassesSocket) -> None:
        await socket.acknowledge()
        await socket.set_microphone(True)
        asked.append((await socket.next_of("start_app"))["packageName"])
        await socket.send("app_started", packageName=asked[-1], timestamp=AT)
        async for _ in socket.connection:
            pass

    wav = tmp_path / "a.wav"
    with wave.open(str(wav), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(640))
    theatre.play(note_starts)
    named = [str(wav) if word == "WAV" else word for word in arguments]
    simulate("--demo", "--url", theatre.address, "--duration", "0", *named)
    assert asked == started


@pytest.mark.django_db
def test_a_refusal_is_one_sentence(theatre: Theatre) -> None:
    async def refuse(socket: GlassesSocket) -> None:
        await socket.send("connection_error", message="Invalid core token", timestamp=AT)

    theatre.play(refuse)
    with pytest.raises(CommandError, match=r"^The cloud refused the phone: Invalid core token\.$"):
        simulate("--user", "ada@example.com", "--url", theatre.address)


@pytest.mark.django_db
def test_a_failed_start_is_one_sentence(theatre: Theatre) -> None:
    async def fail(socket: GlassesSocket) -> None:
        await socket.acknowledge()
        await socket.next_of("start_app")
        await socket.send("app_stopped", packageName=HELLO, timestamp=AT)
        await socket.send("app_state_change", sessionId="s", timestamp=AT, error="It is not installed.")

    theatre.play(fail)
    with pytest.raises(CommandError, match=f"^{HELLO} did not start. It is not installed.$"):
        simulate("--demo", "--url", theatre.address)


@pytest.mark.django_db
def test_a_missing_cloud_is_named_with_the_way_out() -> None:
    with pytest.raises(CommandError, match=r"connection refused\. Start one with `python manage.py up`"):
        simulate("--user", "ada@example.com", "--url", "127.0.0.1:1")


@pytest.mark.django_db
def test_ctrl_c_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(play: Play) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Play, "run", interrupted)
    assert simulate("--demo") == ""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "one of the arguments --user --demo is required"),
        (("--demo", "--user", "a@b.c"), "not allowed with argument"),
        (("--demo", "--duration", "soon"), "'soon' is not a number of seconds"),
    ],
)
def test_wrong_arguments_are_explained(arguments: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        simulate(*arguments)


@pytest.mark.django_db
def test_an_impossible_address_of_a_user_is_explained() -> None:
    with pytest.raises(CommandError):
        simulate("--user", "not an address")
