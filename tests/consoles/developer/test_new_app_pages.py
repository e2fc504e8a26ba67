"""From an empty form to a registered app and a key that is shown once."""

import re

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Organization
from accounts.rules import Role
from apps_registry.examples import list_examples
from apps_registry.models import App
from apps_registry.selectors import find_valid_key, is_installed
from consoles.developer import new_app_pages
from consoles.developer.url_check import UrlReport
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

PAGE = "/console/apps/new/"


def form(organization: Organization, **changes: object) -> dict[str, object]:
    return {
        "name": "Fresh",
        "package_name": "com.example.fresh",
        "public_url": "https://fresh.example/",
        "app_type": "standard",
        "permissions": ["MICROPHONE", "CAMERA"],
        "organization": str(organization.pk),
        **changes,
    }


def home() -> Organization:
    return make_organization(owner=make_user(DORA))


def test_an_app_is_registered_and_its_key_shown_once(browsing: Browsing) -> None:
    dora = browsing(DORA)
    answer = dora.post(PAGE, form(home()))
    found = re.search(r'id="secret">([0-9a-f]{64})<', answer.content.decode())
    assert found
    assert "no-store" in answer.headers["Cache-Control"]
    app = App.objects.get()
    assert (app.public_url, app.app_type, app.developer) == (
        "https://fresh.example",
        "standard",
        make_user(DORA),
    )
    assert list(app.permissions.values_list("type", flat=True)) == ["MICROPHONE", "CAMERA"]
    assert find_valid_key("com.example.fresh", found[1]) is not None
    assert is_installed(make_user(DORA).pk, "com.example.fresh")
    assert f'href="/console/apps/{app.pk}/"' in answer.content.decode()
    assert found[1] not in dora.get(f"/console/apps/{app.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("package_name", "Captions", "must look like com.example.myapp"),
        ("package_name", CAPTIONS, "is taken"),
        ("public_url", "fresh.example", "must be a full http:// or https:// address"),
        ("public_url", "https://fresh.example/webhook", "Leave /webhook off"),
        ("app_type", "system_dashboard", "Select a valid choice"),
        ("name", "", "This field is required"),
    ],
)
def test_a_bad_value_is_explained_and_the_rest_kept(
    browsing: Browsing, field: str, value: str, told: str
) -> None:
    organization = make_app(CAPTIONS).app.organization
    text = (
        browsing(DORA).post(PAGE, form(organization, description="Kept", **{field: value})).content.decode()
    )
    assert told in text
    assert "Kept" in text
    assert App.objects.count() == 1


def test_it_belongs_to_an_organization_in_which_one_develops(browsing: Browsing) -> None:
    foreign = make_organization("Strangers", owner=make_user(BOB))
    assert "Select a valid choice" in browsing(DORA).post(PAGE, form(foreign)).content.decode()
    assert not App.objects.exists()


def test_who_only_looks_registers_nothing(member: Member) -> None:
    organization = home()
    viewer = member(organization, Role.VIEWER)
    assert viewer.get(PAGE).status_code == 403
    assert viewer.post(PAGE, form(organization)).status_code == 403


def test_a_package_name_is_suggested_and_looked_up(browsing: Browsing) -> None:
    make_app("example.dev.notes")
    dora = browsing(DORA)
    answer = dora.get(f"{PAGE}package/", {"name": "Notes"}).json()
    assert answer == {"suggestion": "example.dev.notes2", "wanted": "", "isFree": False, "problem": ""}
    for wanted, is_free, problem in (
        ("com.example.other", True, ""),
        ("example.dev.notes", False, ""),
        ("Notes", False, "must look like"),
    ):
        answer = dora.get(f"{PAGE}package/", {"name": "Notes", "package_name": wanted}).json()
        assert answer["isFree"] is is_free
        assert problem in answer["problem"]


def test_an_address_is_called_when_somebody_asks(browsing: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def check(url: str) -> UrlReport:
        asked.append(url)
        return UrlReport("bad", "Nobody <listens> there.", ("Start it.",))

    monkeypatch.setattr(new_app_pages, "check_url", check)
    dora = browsing(DORA)
    text = dora.post(f"{PAGE}check/", {"public_url": "https://fresh.example"}).content.decode()
    assert asked == ["https://fresh.example"]
    assert "Nobody &lt;listens&gt; there." in text
    assert "<html" not in text
    assert dora.get(f"{PAGE}check/").status_code == 405


def test_every_example_is_offered_and_fills_the_form(browsing: Browsing) -> None:
    organization = home()
    text = browsing(DORA).get(PAGE).content.decode()
    folders = re.findall(r'href="\?example=(\w+)"', text)
    assert folders == [example.folder for example in list_examples()]
    assert {"translator", "todo_list", "hello_glasses"} <= set(folders)
    answer = browsing(DORA).get(PAGE, {"example": "todo_list"})
    filled = answer.context["form"].initial
    assert filled["organization"] == organization
    assert (filled["name"], filled["public_url"]) == ("To-do list", "http://127.0.0.1:8014/glasses")
    assert filled["package_name"].endswith(".todolist")
    assert (filled["app_type"], filled["permissions"]) == ("standard", ["MICROPHONE"])
    assert 'name="example" value="todo_list"' in answer.content.decode()


def test_an_app_from_an_example_has_all_that_comes_with_it_and_the_command_to_run_it(
    browsing: Browsing, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://cloud.example"
    fields = form(home(), example="todo_list", public_url="http://127.0.0.1:9014/glasses")
    answer = browsing(DORA).post(PAGE, {**fields, "permissions": ["MICROPHONE", "CAMERA"]})
    app = App.objects.get()
    assert app.webview_url == "http://127.0.0.1:9014/"
    assert [tool["id"] for tool in app.tools] == ["add_item", "list_items"]
    assert dict(app.permissions.values_list("type", "description")) == {
        "MICROPHONE": "To add what you say to the list.",
        "CAMERA": "",
    }
    assert app.hardware_requirements.filter(type="DISPLAY", level="REQUIRED").exists()
    found = re.search(r'id="secret">([0-9a-f]{64})<', answer.content.decode())
    assert found
    needed, command = answer.context["command"].replace(" \\\n", " ").split("\n")
    assert needed == ".venv/bin/pip install -r examples/todo_list/requirements.txt"
    assert command == (
        f"PACKAGE_NAME=com.example.fresh API_KEY={found[1]} WEBHOOK_SECRET={app.webhook_secret} PORT=9014 "
        "CLOUD_URL=https://cloud.example .venv/bin/python -m examples.todo_list"
    )


def test_a_refused_form_is_still_that_of_the_example(browsing: Browsing) -> None:
    text = browsing(DORA).post(PAGE, form(home(), example="translator", name="")).content.decode()
    assert 'name="example" value="translator"' in text
    fields = form(home(), example="translator", public_url="https://tunnel.example")
    answer = browsing(DORA).post(PAGE, fields)
    keys = [entry["key"] for entry in App.objects.get().settings_definitions]
    assert keys == ["spoken", "read", "original", "lines"]
    assert "PORT=8012" in answer.context["command"]
    assert "CLOUD_URL" not in answer.context["command"]


def test_an_unknown_example_is_an_empty_form(browsing: Browsing) -> None:
    answer = browsing(DORA).get(PAGE, {"example": "../secrets"})
    assert answer.context["form"].example is None
    assert "name" not in answer.context["form"].initial
