"""Whether one's own sessions are recorded is one's own choice, and takes effect at once."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.acting import acting_as
from accounts.errors import NotAllowed
from accounts.models import AuditEntry
from sessions_app import tasks
from sessions_app.app_runs.rules import RunEvent
from sessions_app.inspection.consent import set_recording
from sessions_app.inspection.selectors import is_recorded
from sessions_app.models import SocketMessage
from sessions_app.outbound.commands import AnyCommand, RecordingChanged
from tests.support.fake_clock import START
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db


def test_the_end_of_recording_deletes_what_was_kept_and_reaches_the_session(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[tuple[dict[str, str], AnyCommand]] = []
    monkeypatch.setattr(tasks, "tell_from_outside", lambda owners, command: told.append((owners, command)))
    made, dora, bob = make_app(), make_user(DORA), make_user(BOB)
    ref = connect_phone(dora).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED)
    for user in (dora, bob):
        SocketMessage.objects.create(app=made.app, user=user, direction="in", type="x", at=START)
    with acting_as(dora), django_capture_on_commit_callbacks(execute=True):
        set_recording(user=dora, app=made.app, is_recorded=False)
        set_recording(user=dora, app=made.app, is_recorded=False)
    assert [(set(owners), command) for owners, command in told] == [
        ({str(ref.session_id)}, RecordingChanged(CAPTIONS, is_recorded=False))
    ]
    assert not is_recorded(dora.pk, made.facts)
    assert [message.user for message in SocketMessage.objects.all()] == [bob]
    [entry] = AuditEntry.objects.filter(action="recording.changed")
    assert (entry.actor, entry.before, entry.after) == (dora, {"is_recorded": True}, {"is_recorded": False})


def test_it_may_begin_again() -> None:
    made, dora = make_app(), make_user(DORA)
    for choice in (False, True):
        set_recording(user=dora, app=made.app, is_recorded=choice)
    assert is_recorded(dora.pk, made.facts)


def test_strangers_have_no_choice_to_make() -> None:
    with pytest.raises(NotAllowed):
        set_recording(user=make_user(BOB), app=make_app().app, is_recorded=True)
