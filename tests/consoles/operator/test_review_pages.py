"""The queue of apps that wait for a decision, and the decision itself."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from apps_registry.models import App
from apps_registry.rules import StoreStatus
from apps_registry.services.review import submit_app
from consoles.developer.url_check import UrlReport
from consoles.operator import review_pages
from tests.support.audit import last_deed
from tests.support.personas import CAPTIONS, DORA, NOTES, make_app, make_user
from tests.support.queries import statements

pytestmark = pytest.mark.django_db
QUEUE = "/admin/review/"


def submitted(package_name: str = CAPTIONS) -> App:
    """Return an app of Dora's that waits for a decision."""
    app = make_app(package_name, published=False).app
    app.description = "Writes down what people say around you."
    app.logo_url = "https://example.com/icon.png"
    app.save()
    app.permissions.create(type="MICROPHONE", description="To hear what is said.")
    submit_app(app=app, by=make_user(DORA))
    return app


def page(operator: Client, path: str = QUEUE) -> str:
    answer = operator.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_shows_who_waits_and_the_sidebar_how_many(operator: Client) -> None:
    assert "No app waits for a decision" in page(operator)
    assert "console-badge" not in page(operator)
    app = submitted()
    text = page(operator)
    assert f'href="{QUEUE}{app.pk}/"' in text
    assert '<span class="console-badge">1</span>' in page(operator, "/admin/")


def test_everything_to_decide_on_is_on_one_page(operator: Client) -> None:
    app = submitted()
    text = page(operator, f"{QUEUE}{app.pk}/")
    for part in (app.description, "To hear what is said.", app.public_url, "Submitted", DORA):
        assert part in text, part
    assert app.webhook_secret not in text


def test_an_approval_publishes(operator: Client) -> None:
    app = submitted()
    form = {"decision": "approve", "notes": "Nice", "verification_status": "VERIFIED"}
    text = operator.post(f"{QUEUE}{app.pk}/decide/", form, follow=True).content.decode()
    app.refresh_from_db()
    assert "is published" in text
    assert (app.store_status, app.verification_status) == (StoreStatus.PUBLISHED, "VERIFIED")
    assert (last_deed().action, last_deed().actor_label) == ("app.approved", "operator@example.com")
    assert "Nice" in text


def test_a_rejection_needs_notes(operator: Client) -> None:
    app = submitted()
    answer = operator.post(f"{QUEUE}{app.pk}/decide/", {"decision": "reject"}, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}{app.pk}/", 302)]
    assert "the notes are empty" in answer.content.decode()
    operator.post(f"{QUEUE}{app.pk}/decide/", {"decision": "reject", "notes": "Say why it needs the camera."})
    app.refresh_from_db()
    assert app.store_status == StoreStatus.REJECTED
    assert "Say why it needs the camera." in page(operator, f"{QUEUE}{app.pk}/")


def test_what_is_decided_cannot_be_decided_again(operator: Client) -> None:
    app = submitted()
    for said in ("is published", "Only an app that was submitted"):
        answer = operator.post(f"{QUEUE}{app.pk}/decide/", {"decision": "approve"}, follow=True)
        assert said in answer.content.decode()
    assert "Approve and publish" not in page(operator, f"{QUEUE}{app.pk}/")


def test_neither_is_no_decision(operator: Client) -> None:
    app = submitted()
    assert operator.get(f"{QUEUE}{app.pk}/decide/").status_code == 405
    answer = operator.post(f"{QUEUE}{app.pk}/decide/", {"notes": "?"}, follow=True)
    assert "Approve the app or reject it." in answer.content.decode()


def test_the_server_is_called_from_the_page(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    app = submitted()
    report = UrlReport("bad", "Nobody listens there.", ("Start it.",))
    monkeypatch.setattr(review_pages, "check_url", lambda _: report)
    text = page(operator, f"{QUEUE}{app.pk}/address/")
    assert "Nobody listens there." in text
    assert "op-bad" in text


def test_who_may_only_look_decides_nothing(client: Client) -> None:
    app, viewer = submitted(), make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    client.force_login(viewer)
    assert client.get(QUEUE).status_code == 403
    viewer.user_permissions.add(Permission.objects.get(codename="view_app"))
    assert "Decide" not in page(client, f"{QUEUE}{app.pk}/")
    assert client.post(f"{QUEUE}{app.pk}/decide/", {"decision": "approve"}).status_code == 403
    app.refresh_from_db()
    assert app.store_status == StoreStatus.SUBMITTED


def test_developers_are_refused(client: Client) -> None:
    app = submitted()
    client.force_login(make_user(DORA))
    for path in (QUEUE, f"{QUEUE}{app.pk}/", f"{QUEUE}{app.pk}/decide/"):
        assert client.get(path, follow=True).status_code == 403


def test_a_longer_queue_takes_no_more_queries(operator: Client) -> None:
    submitted()
    with statements() as one:
        page(operator)
    submitted(NOTES)
    submitted("com.example.third")
    with statements() as three:
        page(operator)
    assert len(three) == len(one)
