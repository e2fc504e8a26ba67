"""Reports by REST: for operators only, page by page, pictures as nothing but pictures."""

import pytest
from django.test import Client

from sessions_app.incidents.attachments import Attached, keep_attachments
from sessions_app.incidents.collecting import complete
from sessions_app.incidents.services import Kind, add_log, report
from sessions_app.media.pictures import read_photo
from tests.consoles.api.conftest import Caller
from tests.support.images import picture
from tests.support.personas import ADA, DORA, make_token, make_user

pytestmark = pytest.mark.django_db
PATH = "/console/admin/incidents"


@pytest.fixture
def operator() -> Caller:
    token = make_token(DORA)
    make_user(DORA, staff=True)
    return Caller(token)


def test_operators_read_reports_with_logs_and_pictures(operator: Caller) -> None:
    user = make_user(ADA)
    incident = report(kind=Kind.INCIDENT, user=user, said={"description": "It froze"}, phone_state={"a": 1})
    for number in range(3):
        report(kind=Kind.FEEDBACK, user=user, said={"text": f"nice {number}"})
    add_log(incident=incident, source="phone", entries=[{"level": "error", "message": "boom"}])
    keep_attachments(incident=incident, attached=[Attached("a.png", read_photo(picture("PNG", (9, 9))))])
    complete(str(incident.pk))

    listed = operator.get(f"{PATH}?limit=2")[1]["data"]
    assert (len(listed["incidents"]), listed["hasMore"]) == (2, True)
    assert listed["incidents"][0]["userId"] == ADA
    assert len(operator.get(f"{PATH}?limit=2&page=2")[1]["data"]["incidents"]) == 2
    assert len(operator.get(f"{PATH}?kind=incident")[1]["data"]["incidents"]) == 1
    details = operator.get(f"{PATH}/{incident.pk}")[1]["data"]
    assert (details["feedback"], details["phoneState"]) == ({"description": "It froze"}, {"a": 1})
    assert [each["filename"] for each in details["attachments"]] == ["a.png"]
    lines = operator.get(f"{PATH}/{incident.pk}/logs")[1]["data"]["lines"]
    assert [(line["from"], line["level"], line["message"]) for line in lines] == [("phone", "error", "boom")]

    shown = Client().get(
        f"/api{PATH}/{incident.pk}/attachments/1", headers={"authorization": f"Bearer {operator.token}"}
    )
    assert (shown["Content-Type"], shown.content) == ("image/png", picture("PNG", (9, 9)))
    assert shown["X-Content-Type-Options"] == "nosniff"
    for path in ("none", f"{incident.pk}/attachments/2", f"{incident.pk}/attachments/x"):
        assert operator.get(f"{PATH}/{path}")[0] == 404
    for wrong in ("limit=501", "limit=0", "page=0", "kind=x"):
        assert operator.get(f"{PATH}?{wrong}")[0] == 400


def test_others_read_nothing() -> None:
    incident = report(kind=Kind.INCIDENT, user=make_user(ADA), said={"description": "x"})
    caller = Caller(make_token(ADA))
    for path in ("", f"/{incident.pk}", f"/{incident.pk}/logs", f"/{incident.pk}/attachments/1"):
        assert caller.get(f"{PATH}{path}")[0] == 403
