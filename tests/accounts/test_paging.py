"""Long tables are counted only so far."""

import pytest

from accounts import paging
from accounts.models import User
from accounts.paging import BoundedPaginator
from tests.support.personas import make_user
from tests.support.queries import statements


@pytest.mark.django_db
def test_a_count_stops_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    for number in range(5):
        make_user(f"{number}@example.com")
    with statements() as asked:
        pages = BoundedPaginator(User.objects.all(), 2)
        assert (pages.count, pages.num_pages, pages.is_cut) == (3, 2, True)
    assert len(asked) == 1
    assert "LIMIT 3" in asked[0]


@pytest.mark.django_db
def test_a_short_table_is_counted_whole() -> None:
    make_user()
    pages = BoundedPaginator(User.objects.all(), 2)
    assert (pages.count, pages.is_cut) == (1, False)
