"""The command `create_app` registers, updates and always makes a key."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Organization, User
from apps_registry.models import ApiKey, App
from apps_registry.selectors import find_valid_key, get_app_facts
from tests.support.personas import APP_URL, BOB, CAPTIONS, DORA

pytestmark = pytest.mark.django_db


@pytest.fixture
def create_app(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command for the captions app and return the JSON it printed."""

    def run(*options: str, url: str = APP_URL) -> dict[str, str]:
        call_command("create_app", CAPTIONS, "--url", url, *options)
        output: dict[str, str] = json.loads(capsys.readouterr().out)
        return output

    return run


def test_it_prints_the_secrets_of_a_new_app(create_app: Any) -> None:
    printed = create_app(url=f"{APP_URL}/")
    assert list(printed) == ["packageName", "apiKey", "webhookSecret", "publicUrl"]
    assert (printed["packageName"], printed["publicUrl"]) == (CAPTIONS, APP_URL)
    assert find_valid_key(CAPTIONS, printed["apiKey"]) is not None
    facts = get_app_facts(CAPTIONS)
    assert facts.webhook_secrets == (printed["webhookSecret"],)
    assert (facts.name, facts.app_type, facts.store_status) == ("Captions", "background", "DEVELOPMENT")
    assert facts.permissions == frozenset()


def test_it_honours_every_option(create_app: Any) -> None:
    create_app(
        *("--name", "Live Captions", "--type", "standard", "--public", "--owner", "Dora@Dev.Example"),
        *("--permission", "MICROPHONE", "--permission", "camera"),
    )
    facts = get_app_facts(CAPTIONS)
    assert (facts.name, facts.app_type, facts.store_status) == ("Live Captions", "standard", "PUBLISHED")
    assert facts.permissions == {"MICROPHONE", "CAMERA"}
    app = App.objects.get()
    dora = User.objects.get(email=DORA)
    assert app.developer == dora
    assert app.organization == dora.default_organization


def test_an_app_without_owner_goes_to_the_default_developer(create_app: Any) -> None:
    create_app()
    app = App.objects.get()
    assert app.developer == User.objects.get(email=settings.DEMO_DEVELOPER_EMAIL)
    assert app.organization == Organization.objects.get()


def test_running_it_again_makes_another_key_and_keeps_the_rest(create_app: Any) -> None:
    first = create_app(
        "--name", "Mine", "--type", "standard", "--permission", "CAMERA", "--public", "--owner", DORA
    )
    second = create_app(url="https://app.example")
    assert second["apiKey"] != first["apiKey"]
    assert second["webhookSecret"] == first["webhookSecret"]
    assert find_valid_key(CAPTIONS, first["apiKey"]) is not None
    assert find_valid_key(CAPTIONS, second["apiKey"]) is not None
    facts = get_app_facts(CAPTIONS)
    assert (facts.name, facts.public_url, facts.app_type) == ("Mine", "https://app.example", "standard")
    assert facts.store_status == "PUBLISHED"
    assert facts.permissions == {"CAMERA"}
    assert App.objects.get().developer == User.objects.get(email=DORA)


def test_named_options_update_the_app(create_app: Any) -> None:
    create_app("--permission", "CAMERA", "--owner", DORA)
    create_app("--permission", "LOCATION", "--owner", BOB, "--type", "standard", "--name", "Other")
    facts = get_app_facts(CAPTIONS)
    assert facts.permissions == {"LOCATION"}
    assert (facts.app_type, facts.name) == ("standard", "Other")
    app = App.objects.get()
    assert app.developer is not None
    assert app.developer.email == BOB
    assert app.organization.name == BOB


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("captions", "--url", APP_URL), "com.example.myapp"),
        ((CAPTIONS, "--url", "localhost:7010"), "http://"),
        ((CAPTIONS, "--url", f"{APP_URL}/webhook"), "Leave /webhook off"),
        ((CAPTIONS, "--url", APP_URL, "--permission", "MIC"), "must be one of MICROPHONE"),
        ((CAPTIONS, "--url", APP_URL, "--owner", "dora"), "'dora' is no e-mail address"),
        ((CAPTIONS, "--url", APP_URL, "--name", " "), "Give the app a name"),
        ((CAPTIONS, "--url", APP_URL, "--type", "game"), "invalid choice: 'game'"),
        ((CAPTIONS,), "--url"),
    ],
)
def test_a_mistake_gets_one_clear_sentence_and_leaves_nothing(
    arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("create_app", *arguments)
    assert sentence in str(refused.value)
    assert not App.objects.exists()
    assert not ApiKey.objects.exists()
    assert not User.objects.exists()
