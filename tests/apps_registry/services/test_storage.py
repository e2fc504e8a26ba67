"""Writing what apps keep, alone and many at the same time."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import IntegrityError
from pytest_django import DjangoDbBlocker

from accounts.models import User
from apps_registry.errors import NotInstalled, RegistryError, StorageFull
from apps_registry.models import AppStorage, Installation
from apps_registry.rules.storage import MOST_VALUE_UNITS
from apps_registry.services import forget_text, forget_texts, remove_app, store_texts, uninstall_app
from apps_registry.storage_selectors import get_installation, stored_texts
from tests.support.own_database import BOTH, again_and_again, at_the_same_time, own_database
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_installation, make_user

ROUNDS = 4
WRITERS = 4
BIG = 'x"' * (MOST_VALUE_UNITS // 2)
# What each writer stores: there is room for three of them and not for four.
SHARE = 3


@pytest.fixture
def installation(db: None) -> Installation:
    return make_installation(make_user(ADA), make_app().app)


def test_texts_stay_beside_each_other(installation: Installation) -> None:
    assert stored_texts(installation) == {}
    assert store_texts(installation=installation, texts={"a": "1", "b": '\x00 "ü" 👓'}) == 2
    assert store_texts(installation=installation, texts={"a": "2"}) == 1
    assert stored_texts(installation) == {"a": "2", "b": '\x00 "ü" 👓'}
    assert store_texts(installation=installation, texts={}) == 0
    assert str(AppStorage.objects.get()) == f"Storage of {CAPTIONS} of {ADA}"


def test_a_batch_is_stored_whole_or_not_at_all(installation: Installation) -> None:
    store_texts(installation=installation, texts={"a": "1"})
    with pytest.raises(RegistryError):
        store_texts(installation=installation, texts={"a": "2", "b": 3})
    with pytest.raises(StorageFull):
        store_texts(installation=installation, texts={"a": "2", **{f"k{n}": BIG for n in range(11)}})
    assert stored_texts(installation) == {"a": "1"}


def test_what_is_replaced_makes_room(installation: Installation) -> None:
    full = {f"k{n}": BIG for n in range(10)}
    store_texts(installation=installation, texts=full)
    with pytest.raises(StorageFull):
        store_texts(installation=installation, texts={"more": BIG})
    store_texts(installation=installation, texts={"k0": "", "more": BIG})
    assert stored_texts(installation) == {**full, "k0": "", "more": BIG}


def test_forgetting(installation: Installation) -> None:
    store_texts(installation=installation, texts={"a": "", "b": "2", "c": "3"})
    assert forget_text(installation=installation, key="a")
    assert not forget_text(installation=installation, key="a")
    assert stored_texts(installation) == {"b": "2", "c": "3"}
    forget_texts(installation=installation)
    forget_texts(installation=installation)
    assert stored_texts(installation) == {}


def test_it_ends_with_the_installation_the_app_and_the_person(installation: Installation) -> None:
    ada, captions, notes = installation.user, installation.app, make_app(NOTES).app
    for ending in (
        partial(uninstall_app, user=ada, app=captions),
        partial(remove_app, app=captions),
        ada.delete,
    ):
        app = notes if ending == ada.delete else captions
        store_texts(installation=make_installation(ada, app), texts={"a": "1"})
        ending()
        assert not AppStorage.objects.exists()


def test_nothing_is_stored_for_who_uninstalled_meanwhile(installation: Installation) -> None:
    uninstall_app(user=installation.user, app=installation.app)
    for write in (
        partial(store_texts, texts={"a": "1"}),
        partial(forget_text, key="a"),
        forget_texts,
    ):
        with pytest.raises(NotInstalled):
            write(installation=installation)


def test_whose_it_is(installation: Installation) -> None:
    app_id = installation.app_id
    make_user(BOB)
    assert get_installation(app_id, ADA.upper()) == installation
    for nobody in (BOB, "nobody@example.com", "", "\x00@x", "no address", "a" * 500 + "@example.com"):
        with pytest.raises(NotInstalled):
            get_installation(app_id, nobody)
    User.objects.filter(email=ADA).update(is_active=False)
    with pytest.raises(NotInstalled):
        get_installation(app_id, ADA)


@pytest.fixture(scope="module", params=BOTH)
def database(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Which kind of database the races run on."""
    with own_database(request.param, tmp_path_factory.mktemp("storage"), django_db_blocker):
        yield request.param


def _installed(database: str, package: str) -> Installation:
    return make_installation(make_user(f"{database}@example.com"), make_app(package).app)


def test_many_at_once_do_not_exceed_the_room(database: str) -> None:
    installation = _installed(database, "com.example.room")

    def write(writer: int, number: int) -> bool:
        texts = {f"{number}-{writer}-{each}": BIG for each in range(SHARE)}
        try:
            return store_texts(installation=installation, texts=texts) == SHARE
        except StorageFull:
            return False

    works = [partial(write, writer) for writer in range(WRITERS)]
    for won in again_and_again(ROUNDS, lambda _: forget_texts(installation=installation), *works):
        assert sum(won) == WRITERS - 1
    assert len(stored_texts(installation)) == SHARE * (WRITERS - 1)


def test_many_at_once_lose_nothing_of_each_other(database: str) -> None:
    installation = _installed(database, "com.example.keys")

    def write(writer: int) -> None:
        for number in range(5):
            store_texts(installation=installation, texts={f"{writer}-{number}": str(number)})

    at_the_same_time(*[partial(write, writer) for writer in range(WRITERS)])
    assert len(stored_texts(installation)) == WRITERS * 5


def test_an_uninstall_in_the_middle_leaves_nothing(database: str) -> None:
    app = make_app("com.example.leaving").app
    user = make_user(f"{database}@example.com")
    rows: list[Installation] = []

    def prepare(number: int) -> None:
        rows.append(make_installation(user, app))
        store_texts(installation=rows[-1], texts={"before": "1"})

    def write(number: int) -> str:
        try:
            store_texts(installation=rows[-1], texts={"after": "2"})
        except NotInstalled:
            return "too late"
        except IntegrityError:
            return "broken"
        return "stored"

    def leave(number: int) -> str:
        return str(uninstall_app(user=user, app=app))

    outcomes = again_and_again(ROUNDS * 2, prepare, write, write, leave)
    assert {outcome for round_ in outcomes for outcome in round_} <= {"stored", "too late", "True"}
    assert not AppStorage.objects.filter(installation__app=app).exists()
