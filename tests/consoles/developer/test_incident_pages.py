"""Developers see their app's part of what was reported, and nothing of whoever reported it."""

import pytest
from django.test import Client

from sessions_app.incidents.collecting import complete
from sessions_app.incidents.services import Kind, add_log, report
from sessions_app.models import Incident
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, NOTES, RegisteredApp, make_app, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def captions() -> RegisteredApp:
    return make_app(CAPTIONS, owner=make_user(DORA))


@pytest.fixture
def incident(captions: RegisteredApp) -> Incident:
    made = report(
        kind=Kind.INCIDENT, user=make_user(ADA), said={"description": "private words"}, phone_state={"p": "q"}
    )
    add_log(
        incident=made,
        source="app",
        entries=[{"message": f"hello {ADA}", "data": {"lens": True}}],
        package_name=CAPTIONS,
    )
    add_log(incident=made, source="app", entries=["of notes"], package_name=NOTES)
    add_log(incident=made, source="phone", entries=["of the phone"])
    complete(str(made.pk))
    return made


def test_only_the_part_of_the_app_is_shown(captions: RegisteredApp, incident: Incident) -> None:
    browser = Client()
    browser.force_login(make_user(DORA))
    base = f"/console/apps/{captions.app.pk}/incidents/"
    listed = browser.get(base).content.decode()
    page = f"{base}{incident.pk}/"
    assert page in listed
    shown = browser.get(page).content.decode()
    assert "hello &lt;user&gt;" in shown
    assert "{&quot;lens&quot;: true}" in shown
    for part in (ADA, "private words", "of notes", "of the phone"):
        assert part not in listed + shown, part


def test_incidents_of_other_apps_and_of_strangers_are_not_there(
    captions: RegisteredApp, incident: Incident
) -> None:
    other = make_app("com.example.other", owner=make_user(DORA)).app
    browser = Client()
    browser.force_login(make_user(DORA))
    assert browser.get(f"/console/apps/{other.pk}/incidents/{incident.pk}/").status_code == 404
    assert str(incident.pk) not in browser.get(f"/console/apps/{other.pk}/incidents/").content.decode()
    stranger = Client()
    stranger.force_login(make_user(BOB))
    assert stranger.get(f"/console/apps/{captions.app.pk}/incidents/").status_code == 404
    assert stranger.get(f"/console/apps/{captions.app.pk}/incidents/{incident.pk}/").status_code == 404
