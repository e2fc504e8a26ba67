"""What an audit entry keeps, and what none ever holds."""

import pytest

from accounts.acting import acting_as
from accounts.audit import NEVER_LOGGED, changes_of, record
from accounts.models import AuditEntry
from tests.support.personas import DORA, make_organization, make_user


def test_only_what_differs_is_kept() -> None:
    before, after = (
        {"name": "Old", "type": "standard", "gone": 1},
        {"name": "New", "type": "standard", "new": None},
    )
    assert changes_of(before, after) == ({"name": "Old", "gone": 1}, {"name": "New", "new": None})


@pytest.mark.parametrize("name", sorted(NEVER_LOGGED))
def test_a_secret_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        changes_of({}, {name: "x"})
    with pytest.raises(ValueError, match=name):
        changes_of({name: "x"}, {})


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_row() -> None:
    dora, organization = make_user(DORA), make_organization("Example")
    with acting_as(dora):
        entry = record(
            "organization.renamed",
            organization,
            organization=organization,
            before={"name": "Old"},
            after={"name": "Example"},
        )
    assert (entry.actor, entry.actor_label) == (dora, DORA)
    assert (entry.target_type, entry.target_id) == ("accounts.organization", str(organization.pk))
    assert str(entry) == f"{DORA}: organization.renamed Example"


@pytest.mark.django_db
def test_an_entry_outlives_everybody_it_speaks_of() -> None:
    dora = make_user(DORA)
    organization = make_organization("Example", owner=dora)
    with acting_as(dora):
        entry = record("organization.renamed", organization, organization=organization)
    organization.delete()
    dora.delete()

    entry = AuditEntry.objects.get(pk=entry.pk)
    assert (entry.actor, entry.organization) == (None, None)
    assert (entry.actor_label, entry.target_label) == (DORA, "Example")


@pytest.mark.django_db
def test_without_a_person_the_cloud_itself_acted() -> None:
    entry = record("organization.made", make_organization("Example"))
    assert (entry.actor, entry.actor_label) == (None, "")
    assert str(entry).startswith("The cloud: ")
