"""The audit log of the whole cloud."""

import pytest
from django.test import Client

from accounts.acting import acting_as
from accounts.audit import record
from accounts.models import AuditEntry
from apps_registry.services import update_app
from tests.support.personas import ADA, DORA, NOTES, make_app, make_organization, make_user
from tests.support.queries import statements

PAGE = "/admin/accounts/auditentry/"


def shown(operator: Client, query: str = "") -> str:
    answer = operator.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_entry_shows_who_did_what_to_which_with_what_changed(operator: Client) -> None:
    app = make_app(NOTES).app
    with acting_as(make_user(DORA)):
        update_app(app=app, name="Better <b>notes</b>")
    text = shown(operator)
    for part in (DORA, "app.updated", NOTES, "the cloud"):
        assert part in text
    detail = operator.get(f"{PAGE}{AuditEntry.objects.latest('pk').pk}/change/").content.decode()
    assert "Better &lt;b&gt;notes&lt;/b&gt;" in detail
    assert 'class="diff-removed"' in detail


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=app", True),
        ("?action=key", False),
        (f"?actor_label={DORA}", True),
        (f"?actor_label={ADA}", False),
        ("?target=apps_registry.app:{app}", True),
        ("?target=apps_registry.app:0", False),
        ("?target=nonsense", True),
        ("?organization={organization}", True),
        ("?organization=x", True),
        ("?organization=0", False),
        ("?q=notes", True),
        ("?q=zzz", False),
        ("?at__gte=2000-01-01%2000:00:00%2B00:00", True),
    ],
)
def test_entries_are_filtered(operator: Client, query: str, found: bool) -> None:
    app = make_app(NOTES).app
    with acting_as(make_user(DORA)):
        update_app(app=app, name="Better")
    query = query.format(app=app.pk, organization=app.organization_id)
    assert ("app.updated" in shown(operator, query)) == found


def test_nobody_can_write_or_delete_an_entry(operator: Client) -> None:
    entry = record("user.updated", make_user(ADA))
    assert operator.get(f"{PAGE}add/").status_code == 403
    assert operator.post(f"{PAGE}{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert operator.post(f"{PAGE}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    operator.post(PAGE, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(operator: Client) -> None:
    organization = make_organization()
    record("organization.updated", organization, organization=organization)
    with statements() as one:
        shown(operator)
    for _ in range(5):
        record("organization.updated", organization, organization=make_organization())
    with statements() as more:
        shown(operator)
    assert len(more) == len(one)


def test_others_do_not_see_it(client: Client, db: None) -> None:
    client.force_login(make_user(DORA))
    assert client.get(PAGE, follow=True).status_code == 403


def test_kinds_of_things_done_lately_are_offered(operator: Client) -> None:
    make_app(NOTES)
    text = shown(operator)
    assert "?action=key" in text
    assert "?action=job" not in text
