"""Export and import of an app's file in the console."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.rules import Role
from apps_registry.models import App
from apps_registry.services import update_app
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, CAPTIONS, DORA, make_app

pytestmark = pytest.mark.django_db


def page_of(app: App, file: str = "") -> str:
    return f"/console/apps/{app.pk}/config/{file}"


def test_the_export_is_a_file_without_a_secret(browsing: Browsing) -> None:
    made = make_app(permissions=["CAMERA"])
    answer = browsing(DORA).get(page_of(made.app, "app_config.json"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="app_config.json"'
    config = json.loads(answer.content)
    assert (config["packageName"], config["permissions"]) == (CAPTIONS, [{"type": "CAMERA"}])
    assert made.webhook_secret not in answer.content.decode()
    assert made.api_key not in answer.content.decode()


def test_a_file_is_looked_at_and_then_imported(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    file = SimpleUploadedFile("app_config.json", b'\xef\xbb\xbf{"name": "From <a> file"}')
    text = dora.post(page_of(app), {"file": file}).content.decode()
    assert "<ins>From &lt;a&gt; file</ins>" in text
    app.refresh_from_db()
    assert app.name == "Captions"
    sent = {"text": '{"name": "From a file"}', "expected_version": "1", "apply": "1"}
    assert dora.post(page_of(app), sent).headers["Location"] == f"/console/apps/{app.pk}/"
    app.refresh_from_db()
    assert (app.name, app.version) == ("From a file", 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is no JSON: "),
        ("[" * 100_000, "no JSON that can be read"),
        ("7", "must hold one JSON object"),
        ('{"tools": [7], "appType": "game"}', "tools entry 1"),
    ],
)
@pytest.mark.parametrize("button", [{}, {"apply": "1"}])
def test_what_cannot_be_imported_is_explained(
    browsing: Browsing, text: str, told: str, button: dict[str, str]
) -> None:
    app = make_app().app
    assert told in browsing(DORA).post(page_of(app), {"text": text, **button}).content.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"name": "Captions"}', "already what the file says"),
        ('{"packageName": "com.example.other"}', "keeps its own package name"),
    ],
)
def test_what_changes_nothing_is_told(browsing: Browsing, text: str, told: str) -> None:
    app = make_app().app
    assert told in browsing(DORA).post(page_of(app), {"text": text}).content.decode()


def test_who_looked_at_an_older_version_looks_again(browsing: Browsing) -> None:
    app = make_app().app
    update_app(app=app, description="Meanwhile")
    sent = {"text": '{"name": "Mine"}', "expected_version": "1", "apply": "1"}
    text = browsing(DORA).post(page_of(app), sent).content.decode()
    assert "the cloud changed description" in text
    assert 'name="expected_version" value="2"' in text
    assert "<ins>Mine</ins>" in text


def test_who_only_looks_exports_but_does_not_import(member: Member) -> None:
    app = make_app().app
    viewer = member(app.organization, Role.VIEWER)
    assert viewer.get(page_of(app, "app_config.json")).status_code == 200
    assert "Look at what changes" not in viewer.get(page_of(app)).content.decode()
    assert viewer.post(page_of(app), {"text": "{}", "apply": "1"}).status_code == 404


def test_a_stranger_gets_nothing(browsing: Browsing) -> None:
    app = make_app().app
    bob = browsing(BOB)
    assert {bob.get(page_of(app, part)).status_code for part in ("", "app_config.json")} == {404}
    assert bob.post(page_of(app), {"text": "{}"}).status_code == 404
