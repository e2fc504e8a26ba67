"""Reports as operators see them: found, read in one order, closed."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import AuditEntry
from sessions_app.incidents.attachments import Attached, keep_attachments
from sessions_app.incidents.collecting import complete
from sessions_app.incidents.services import Kind, add_log, report
from sessions_app.media.pictures import read_photo
from sessions_app.models import Incident
from tests.support.images import picture
from tests.support.personas import ADA, BOB, CAPTIONS, make_user
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db
PAGE = "/admin/sessions_app/incident/"


@pytest.fixture
def incident() -> Incident:
    """Ada's report, completed."""
    user = make_user(ADA)
    connect_phone(user)
    made = report(kind=Kind.INCIDENT, user=user, said={"description": "It <b>froze"}, phone_state={"a": 1})
    add_log(incident=made, source="phone", entries=[{"level": "error", "message": "<i>boom"}])
    add_log(incident=made, source="app", entries=[{"message": "of the app"}], package_name=CAPTIONS)
    keep_attachments(incident=made, attached=[Attached("a.png", read_photo(picture("PNG", (9, 9))))])
    Incident.objects.filter(pk=made.pk).update(asked_at=made.created_at)
    complete(str(made.pk))
    return made


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    content: bytes = answer.content
    return content.decode()


def test_reports_are_listed_and_filtered(operator: Client, incident: Incident) -> None:
    report(kind=Kind.FEEDBACK, user=make_user(BOB), said={"text": "nice"})
    everything = text_of(operator.get(PAGE))
    for part in ("It &lt;b&gt;froze", "nice", ADA, BOB):
        assert part in everything, part
    assert "nice" not in text_of(operator.get(f"{PAGE}?kind__exact=incident"))
    assert "nice" not in text_of(operator.get(f"{PAGE}?email={ADA}"))
    assert "froze" not in text_of(operator.get(f"{PAGE}?q=nice"))
    assert "froze" not in text_of(operator.get(f"{PAGE}?state=closed"))


def test_a_report_shows_everything_in_one_order_and_its_session(operator: Client, incident: Incident) -> None:
    page = f"{PAGE}{incident.pk}/change/"
    shown = text_of(operator.get(page))
    for part in (
        "It &lt;b&gt;froze",
        "&lt;i&gt;boom",
        "of the app",
        f"/admin/sessions_app/usersession/{incident.session_id}/change/",
        f"{incident.pk}/pictures/1/",
        "&quot;a&quot;: 1",
    ):
        assert part in shown, part
    assert "of the app" not in text_of(operator.get(f"{page}?source=phone"))
    assert "boom" not in text_of(operator.get(f"{page}?level=info"))
    picture_shown = operator.get(f"{PAGE}{incident.pk}/pictures/1/")
    assert (picture_shown["Content-Type"], picture_shown["X-Content-Type-Options"]) == (
        "image/png",
        "nosniff",
    )
    assert operator.get(f"{PAGE}{incident.pk}/pictures/2/").status_code == 404


def test_a_report_is_closed_and_opened_again_and_that_is_on_record(
    operator: Client, incident: Incident
) -> None:
    page = f"{PAGE}{incident.pk}/change/"
    assert "Open again" in text_of(operator.post(page, {"close": "1"}))
    assert Incident.objects.get().closed_at is not None
    chosen = {"action": "reopen", "_selected_action": [incident.pk]}
    assert "Reports open again: 1" in text_of(operator.post(PAGE, chosen, follow=True))
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert {"incident.closed", "incident.reopened"} <= set(actions)


def test_who_may_only_look_changes_nothing_and_who_may_not_sees_nothing(incident: Incident) -> None:
    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    browser = Client()
    browser.force_login(viewer)
    page = f"{PAGE}{incident.pk}/change/"
    assert browser.get(page).status_code in (403, 404)
    assert browser.get(f"{PAGE}{incident.pk}/pictures/1/").status_code == 404
    viewer.user_permissions.add(Permission.objects.get(codename="view_incident"))
    assert (
        "Close"
        not in text_of(browser.post(page, {"close": "1"})).partition("What was said")[0].partition("<dl")[2]
    )
    assert Incident.objects.get().closed_at is None
