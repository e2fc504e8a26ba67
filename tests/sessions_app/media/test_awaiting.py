"""A token of an upload is good once, for what it was made for, and not for long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.media.awaiting import (
    LIFETIMES,
    Kind,
    await_photo,
    claim,
    find_awaited,
    find_request,
    forget_awaited,
    give_back,
    relay_token,
    relay_url,
)
from sessions_app.models import AwaitedPhoto
from tests.support.personas import BOB, make_user

pytestmark = pytest.mark.django_db


def await_one(kind: Kind = Kind.RELAY, request_id: str = "p1") -> str:
    return await_photo(
        user_pk=make_user().pk, kind=kind, request_id=request_id, package_name="com.example.cam"
    )


def test_only_the_digest_of_a_token_is_kept() -> None:
    token = await_one()
    assert len(token) >= 43
    assert token not in str(list(AwaitedPhoto.objects.values()))
    awaited = find_awaited(token, Kind.RELAY)
    assert awaited is not None
    assert (awaited.request_id, awaited.package_name) == ("p1", "com.example.cam")


def test_a_token_is_good_for_its_kind_only() -> None:
    token = await_one(Kind.PHONE)
    assert find_awaited(token, Kind.RELAY, Kind.GLASSES) is None
    assert find_awaited("", Kind.PHONE) is None


def test_a_token_is_good_once_whoever_comes_first() -> None:
    awaited = find_awaited(await_one(), Kind.RELAY)
    assert awaited is not None
    assert claim(awaited)
    assert not claim(awaited)
    give_back(awaited)
    assert claim(awaited)


@pytest.mark.parametrize("kind", Kind)
def test_a_token_ends(kind: Kind) -> None:
    token = await_one(kind)
    AwaitedPhoto.objects.update(expires_at=timezone.now())
    assert find_awaited(token, kind) is None
    assert not claim(AwaitedPhoto.objects.get())
    assert LIFETIMES[kind] >= timedelta(seconds=120)


def test_what_became_of_a_request_is_remembered_for_an_hour_and_told_to_its_own_only() -> None:
    await_one(Kind.PHONE)
    now = timezone.now()
    assert forget_awaited(now=now + timedelta(minutes=30)) == 0
    assert find_request(make_user().pk, Kind.PHONE, "p1") is not None
    assert find_request(make_user(BOB).pk, Kind.PHONE, "p1") is None
    assert forget_awaited(now=now + timedelta(hours=2)) == 1


def test_an_address_leads_back_to_its_token() -> None:
    assert relay_token(relay_url("t0k3n")) == "t0k3n"
    assert relay_token("https://app.example/api/photos/relay/t0k3n") == ""
