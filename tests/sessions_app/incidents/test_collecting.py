"""A worker completes a report, however often it has to begin, and nothing is lost while none runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from accounts.models import User
from sessions_app import tasks
from sessions_app.app_runs.rules import RunEvent
from sessions_app.errors import IncidentFull, OwnerUnreachable, SessionAbsent
from sessions_app.incidents import collecting, services
from sessions_app.incidents.collecting import complete
from sessions_app.incidents.selectors import incidents_of_app, lines_of, lines_of_app, sources_of
from sessions_app.incidents.services import Kind, add_log, close, find_incident, list_waiting, report
from sessions_app.models import Incident, IncidentLog
from sessions_app.outbound.commands import DONE, AskForTelemetry
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db


class Owner:
    """Answers what workers ask of the owner of a session."""

    def __init__(self) -> None:
        self.asked: list[AskForTelemetry] = []
        self.problem: Exception | None = None

    def ask(self, session_id: str, command: AskForTelemetry) -> Any:
        self.asked.append(command)
        if self.problem is not None:
            raise self.problem
        return DONE


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Owner:
    known = Owner()
    monkeypatch.setattr(collecting, "ask_from_outside", known.ask)
    return known


@pytest.fixture
def ada() -> User:
    """Somebody in a session with two apps."""
    user = make_user(ADA)
    ref = connect_phone(user, now=timezone.now()).ref
    for package_name in (CAPTIONS, NOTES):
        play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=package_name, now=timezone.now())
    return user


def report_of(user: User, **said: Any) -> Incident:
    return report(
        kind=Kind.INCIDENT, user=user, said={"description": "It froze", **said}, phone_state={"a": 1}
    )


def test_a_report_is_completed_once_with_what_the_cloud_knows(ada: User, owner: Owner) -> None:
    incident = report_of(ada, apiKey="very secret")
    complete(str(incident.pk))
    complete(str(incident.pk))
    incident.refresh_from_db()
    assert incident.collected_at is not None
    assert [command.incident_id for command in owner.asked] == [str(incident.pk)]
    assert incident.said == {"description": "It froze", "apiKey": "•••"}
    assert sources_of(incident) == ["server", f"server: {CAPTIONS}", f"server: {NOTES}"]
    texts = [line["message"] for line in lines_of(incident, source=f"server: {CAPTIONS}").lines]
    assert any("connecting → running" in text for text in texts)


def test_an_owner_that_does_not_answer_is_asked_again_but_not_for_ever(ada: User, owner: Owner) -> None:
    incident = report_of(ada)
    owner.problem = OwnerUnreachable("silent")
    complete(str(incident.pk))
    assert list_waiting(before=timezone.now()) == [str(incident.pk)]
    owner.problem = None
    complete(str(incident.pk))
    assert list_waiting(before=timezone.now()) == []
    assert len(owner.asked) == 2
    assert IncidentLog.objects.filter(incident=incident).count() == 3

    late = report_of(ada, n=2)
    Incident.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(minutes=3))
    owner.problem = OwnerUnreachable("silent")
    complete(str(late.pk))
    late.refresh_from_db()
    assert (late.collected_at is not None, late.asked_at) == (True, None)


def test_a_session_that_ended_is_not_waited_for(ada: User, owner: Owner) -> None:
    owner.problem = SessionAbsent("gone")
    incident = report_of(ada)
    complete(str(incident.pk))
    incident.refresh_from_db()
    assert incident.collected_at is not None


def test_feedback_asks_nobody(ada: User, owner: Owner) -> None:
    feedback = report(kind=Kind.FEEDBACK, user=ada, said={"text": "nice, password=hunter2"})
    complete(str(feedback.pk))
    feedback.refresh_from_db()
    assert (owner.asked, feedback.said) == ([], {"text": "nice, password=•••"})
    assert feedback.collected_at is not None
    assert find_incident(str(feedback.pk)) is None


def test_the_same_report_and_the_same_lines_are_kept_once(ada: User) -> None:
    incident = report_of(ada)
    assert report_of(ada) == incident
    assert report_of(ada, n=1) != incident
    assert report_of(make_user(BOB)) != incident
    assert add_log(incident=incident, source="phone", entries=["a"])
    assert not add_log(incident=incident, source="phone", entries=["a"])
    assert add_log(incident=incident, source="glasses", entries=["a"])


def test_logs_are_bounded(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = report_of(ada)
    monkeypatch.setattr(services, "MOST_UPLOADS_OF_APP", 1)
    assert add_log(incident=incident, source="app", entries=["a"], package_name=CAPTIONS)
    assert add_log(incident=incident, source="app", entries=["a"], package_name=NOTES)
    with pytest.raises(IncidentFull):
        add_log(incident=incident, source="app", entries=["b"], package_name=CAPTIONS)
    monkeypatch.setattr(services, "MOST_LOG_BYTES", 100)
    with pytest.raises(IncidentFull):
        add_log(incident=incident, source="phone", entries=["x" * 100])


def test_developers_see_what_their_app_contributed_and_nothing_else(ada: User, owner: Owner) -> None:
    incident = report_of(ada)
    mine = {"timestamp": 1, "level": "info", "message": f"session of {ADA}", "data": {"authToken": "abc"}}
    add_log(incident=incident, source="app", entries=[mine], package_name=CAPTIONS)
    add_log(incident=incident, source="app", entries=["of notes"], package_name=NOTES)
    add_log(incident=incident, source="phone", entries=["of the phone"])
    assert lines_of_app(incident, CAPTIONS).lines == []
    complete(str(incident.pk))
    assert list(incidents_of_app(CAPTIONS)) == [incident]
    assert list(incidents_of_app("com.example.other")) == []
    lines = lines_of_app(incident, CAPTIONS).lines
    assert lines[0]["message"] == "session of <user>"
    assert lines[0]["data"] == {"authToken": "•••"}
    assert {line["from"] for line in lines} == {CAPTIONS, f"server: {CAPTIONS}"}
    assert ADA not in str(lines)
    everything = {line["message"] for line in lines_of(incident).lines}
    assert {"of notes", "of the phone"} <= everything
    assert [line["message"] for line in lines_of(incident, source="phone", level="info").lines] == [
        "of the phone"
    ]
    assert lines_of(incident, most=2).left_out > 0


def test_the_sweep_takes_up_what_no_worker_completed(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[str] = []
    monkeypatch.setattr(tasks.collect_incident, "apply_async", lambda args, **_: queued.append(args[0]))
    fresh, old, read = report_of(ada), report_of(ada, n=1), report_of(ada, n=2)
    long_ago = timezone.now() - timedelta(minutes=1)
    Incident.objects.filter(pk=old.pk).update(created_at=long_ago)
    Incident.objects.filter(pk=read.pk).update(created_at=long_ago, collected_at=long_ago)
    add_log(incident=read, source="phone", entries=["a"])
    IncidentLog.objects.update(created_at=long_ago)
    tasks.collect_incidents()
    assert queued == [str(old.pk), str(read.pk)]
    assert str(fresh.pk) not in queued


def test_a_broker_that_is_away_loses_nothing(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise BrokerAway("away")

    monkeypatch.setattr(tasks.collect_incident, "apply_async", fail)
    incident = report_of(ada)
    tasks.hand_incident_to_worker(incident)
    assert list_waiting(before=timezone.now()) == [str(incident.pk)]


def test_a_report_is_closed_once(ada: User) -> None:
    incident = report_of(ada)
    assert [close(incident=incident, is_closed=True) for _ in range(2)] == [True, False]
    assert [close(incident=incident, is_closed=False) for _ in range(2)] == [True, False]
