"""An app as a file: out, elsewhere, and in again."""

import json

import pytest

from apps_registry.errors import ConfigRefused, EditConflict
from apps_registry.services import (
    app_config,
    exported_config,
    import_config,
    preview_config,
    register_app,
    update_app,
)
from tests.support.personas import APP_URL, CAPTIONS, NOTES, make_app, make_organization

pytestmark = pytest.mark.django_db

WHOLE = {
    "description": "Writes down what is said.",
    "webview_url": "https://app.example/web",
    "logo_url": "https://app.example/logo.png",
    "app_type": "standard",
    "settings_definitions": [{"type": "slider", "key": "size", "label": "Size", "min": 1, "max": 9}],
    "tools": [{"id": "find", "description": "Find"}],
    "permissions": ["MICROPHONE", {"type": "CAMERA", "description": "to see"}],
    "hardware_requirements": [{"type": "DISPLAY", "level": "REQUIRED"}],
}


def test_what_is_exported_makes_the_same_app_elsewhere_and_holds_no_secret() -> None:
    home = make_organization()
    app = register_app(package_name=CAPTIONS, public_url=APP_URL, organization=home, **WHOLE)  # type: ignore[arg-type]
    config = exported_config(app)
    assert list(config)[:2] == ["packageName", "name"]
    assert app.webhook_secret not in json.dumps(config)
    other = register_app(package_name=NOTES, public_url="https://other.example", organization=home)
    import_config(app=other, config=json.loads(json.dumps(config)))
    assert app_config(other) == app_config(app)
    assert other.package_name == NOTES
    import_config(app=other, config=config)
    assert other.version == 2, "once more changes nothing"


def test_a_preview_tells_of_changes_and_saves_nothing() -> None:
    app = make_app().app
    preview = preview_config(app, {"packageName": NOTES, "name": "New", "tools": [], "colour": "red"})
    assert [change.label for change in preview.changes] == ["Name"]
    assert (preview.problems, preview.unknown, preview.other_package) == ((), ("colour",), NOTES)
    app.refresh_from_db()
    assert app.name == "Captions"


def test_every_problem_of_every_entry_is_told_at_once() -> None:
    app = make_app().app
    config = {"name": "", "settings": [{"type": "toggle"}, {"type": "lamp"}], "permissions": ["SMELL"]}
    told = [problem.message for problem in preview_config(app, config).problems]
    assert len(told) >= 4
    assert any("settings entry 2" in message for message in told)
    with pytest.raises(ConfigRefused) as refused:
        import_config(app=app, config=config)
    assert [problem.message for problem in refused.value.problems] == told


def test_a_file_that_names_little_changes_little() -> None:
    app = make_app(permissions=["CAMERA"]).app
    import_config(app=app, config={"description": "Only this."})
    assert (app.name, app.description, app.permissions.count()) == ("Captions", "Only this.", 1)


def test_who_looked_at_an_older_version_is_told() -> None:
    app = make_app().app
    update_app(app=app, name="Newer")
    with pytest.raises(EditConflict):
        import_config(app=app, config={"name": "Mine"}, expected_version=1)
