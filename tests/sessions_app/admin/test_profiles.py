"""Operators say what glasses can do that the SDK does not know."""

import json

import pytest
from django.test import Client

from accounts.models import AuditEntry
from sessions_app.models import GlassesProfile
from sessions_app.phone.added_profiles import list_added
from sessions_app.phone.capabilities import PROFILES
from sessions_app.phone.profile_rules import empty_profile
from tests.support.personas import DORA, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/sessions_app/glassesprofile/"
PEBBLES = {**empty_profile(""), "hasDisplay": True, "display": {"maxTextLines": 3}}


@pytest.fixture
def browser() -> Client:
    """An operator is logged in."""
    client = Client()
    client.force_login(make_user(DORA, staff=True))
    return client


def save(
    browser: Client, path: str, profile: object, *, model: str = "Pebbles", in_use: bool = True
) -> bytes:
    """Send the form and return the page that shows what is wrong with it; empty when nothing is."""
    form = {"model_name": model, "capabilities": json.dumps(profile), "note": "from its maker"}
    answer = browser.post(path, {**form, **({"is_in_use": "on"} if in_use else {})})
    return b"" if answer.status_code == 302 else answer.content


def test_a_model_is_added_changed_and_put_out_of_use(browser: Client) -> None:
    assert save(browser, f"{PAGE}add/", PEBBLES) == b""
    assert list_added() == {"Pebbles": {**PEBBLES, "modelName": "Pebbles"}}
    row = GlassesProfile.objects.get()
    shown = browser.get(PAGE).content.decode()
    assert "added" in shown
    assert "Display" in shown

    change = f"{PAGE}{row.pk}/change/"
    assert "&quot;maxTextLines&quot;: 3" in browser.get(change).content.decode()
    assert save(browser, change, {**PEBBLES, "modelName": "Pebbles", "hasWifi": True}) == b""
    assert list_added()["Pebbles"]["hasWifi"] is True
    assert save(browser, change, {**PEBBLES, "modelName": "Pebbles"}, in_use=False) == b""
    assert list_added() == {}
    browser.post(f"{PAGE}{row.pk}/delete/", {"post": "yes"})
    entries = AuditEntry.objects.filter(action__startswith="glasses_profile").order_by("pk")
    actions = list(entries.values_list("action", "actor_label"))
    verbs = ("made", "updated", "updated", "removed")
    assert actions == [(f"glasses_profile.{verb}", DORA) for verb in verbs]


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({**PEBBLES, "hasCamera": "no"}, b"Expected `bool`"),
        ([], b"This field is required."),
        (["x"], b"A profile is a JSON object."),
    ],
)
def test_what_sdks_could_not_read_is_not_saved(browser: Client, profile: object, said: bytes) -> None:
    assert said in save(browser, f"{PAGE}add/", profile)
    assert not GlassesProfile.objects.exists()


def test_the_form_begins_with_what_is_known(browser: Client) -> None:
    page = browser.get(f"{PAGE}add/?model_name=Mentra+Live").content.decode()
    assert "&quot;supportedStreamTypes&quot;" in page
    assert (
        save(browser, f"{PAGE}add/", {**PROFILES["Mentra Live"], "hasWifi": False}, model="Mentra Live")
        == b""
    )
    assert "in place of the SDK" in browser.get(PAGE).content.decode()
