"""What phones asked for and do not use is ended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_app.media_servers import of_phones
from sessions_app.media_servers.server import InputState, MediaServerError
from sessions_app.models import PhoneInput
from sessions_app.tasks import remove_idle_live_inputs
from tests.support.media_server import QUIET, MemoryMediaServer
from tests.support.personas import ADA, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> MemoryMediaServer:
    settings.MEDIA_SERVER = "local"
    settings.MEDIA_IDLE_MINUTES = 60
    fake = MemoryMediaServer()
    monkeypatch.setattr(of_phones, "media_server", lambda: fake)
    return fake


def have(server: MemoryMediaServer, name: str | None, minutes: float, state: InputState = QUIET) -> None:
    """Let a phone have an input that was made so long ago."""
    created_at = timezone.now() - timedelta(minutes=minutes)
    PhoneInput.objects.create(user=make_user(ADA), input_id=name, created_at=created_at)
    if name is not None:
        server.inputs[name] = state


def left() -> set[str | None]:
    return set(PhoneInput.objects.values_list("input_id", flat=True))


def test_those_nobody_pushed_to_for_long_are_ended(server: MemoryMediaServer) -> None:
    now = timezone.now()
    have(server, "new", 59)
    have(server, "never used", 61)
    have(server, "live", 600, InputState(True, True, now, None, None))
    have(server, "just ended", 600, InputState(False, False, now, now - timedelta(minutes=5), None))
    have(server, "long ended", 600, InputState(False, False, now, now - timedelta(minutes=61), None))

    remove_idle_live_inputs()

    assert left() == set(server.inputs) == {"new", "live", "just ended"}


def test_what_was_never_finished_or_is_lost_takes_no_place(server: MemoryMediaServer) -> None:
    have(server, None, 6)
    have(server, "lost", 61)
    server.inputs.clear()

    remove_idle_live_inputs()

    assert left() == set()


def test_what_is_being_made_stays(server: MemoryMediaServer) -> None:
    have(server, None, 1)

    remove_idle_live_inputs()

    assert left() == {None}


def test_a_server_that_is_away_is_asked_again_later(server: MemoryMediaServer) -> None:
    have(server, "unknown", 61)
    server.failure = MediaServerError("UNAVAILABLE", "away")
    remove_idle_live_inputs()
    assert left() == {"unknown"}

    server.failure = None
    remove_idle_live_inputs()
    assert left() == set()


def test_without_a_server_nothing_happens(settings: Settings) -> None:
    settings.MEDIA_SERVER = ""
    PhoneInput.objects.create(
        user=make_user(ADA), input_id="x", created_at=timezone.now() - timedelta(days=1)
    )

    remove_idle_live_inputs()

    assert left() == {"x"}


def test_inputs_of_phones_are_known_from_those_of_sessions(server: MemoryMediaServer) -> None:
    have(server, "mine", 1)

    assert of_phones.held_by_phones(["mine", "of a session"]) == {"mine"}
