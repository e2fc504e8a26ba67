"""The uploads this cloud waits for: each has a secret token that is good once and not for long. Everything blocks."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.rules import digest_of
from sessions_app.models import AwaitedPhoto, Photo

Kind = AwaitedPhoto.Kind
LIFETIMES = {
    Kind.RELAY: timedelta(seconds=120),
    Kind.GLASSES: timedelta(seconds=120),
    Kind.PHONE: timedelta(seconds=180),
    Kind.BUTTON: timedelta(seconds=120),
}
# What became of an upload is told for a while after its token ended.
REMEMBERED = timedelta(hours=1)
RELAY_PATH = "/api/photos/relay/"
_TOKEN_BYTES = 32


def await_photo(
    *, user_pk: int, kind: Kind, request_id: str, package_name: str = "", in_gallery: bool = False
) -> str:
    """Begin to wait for an upload and return its token, of which only the digest is kept."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    AwaitedPhoto.objects.create(
        token_digest=digest_of(token),
        kind=kind,
        user_id=user_pk,
        package_name=package_name,
        request_id=request_id,
        in_gallery=in_gallery,
        created_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    return token


def relay_url(token: str) -> str:
    """Return the absolute address at which the phone brings a photo that is passed on to an app."""
    return f"{settings.PUBLIC_URL}{RELAY_PATH}{token}"


def relay_token(url: str) -> str:
    """Return the token in such an address; empty for any other."""
    start = relay_url("")
    return url.removeprefix(start) if url.startswith(start) else ""


def find_awaited(token: str, *kinds: Kind) -> AwaitedPhoto | None:
    """Return what a token is good for, whether or not it was used; None when it never was or is over."""
    return AwaitedPhoto.objects.filter(
        token_digest=digest_of(token), kind__in=kinds, expires_at__gt=timezone.now()
    ).first()


def find_request(user_pk: int, kind: Kind, request_id: str) -> AwaitedPhoto | None:
    """Return somebody's newest request of this kind and id, if it is still remembered."""
    return requests_of(user_pk, kind, request_id).select_related("photo").first()


def requests_of(user_pk: int, kind: Kind, request_id: str) -> QuerySet[AwaitedPhoto]:
    """Return somebody's requests of this kind and id."""
    return AwaitedPhoto.objects.filter(user_id=user_pk, kind=kind, request_id=request_id)


def claim(awaited: AwaitedPhoto) -> bool:
    """Use a token up; false when somebody else just did, or its time is over."""
    now = timezone.now()
    open_still = AwaitedPhoto.objects.filter(pk=awaited.pk, settled_at=None, expires_at__gt=now)
    return open_still.update(settled_at=now) == 1


def give_back(awaited: AwaitedPhoto) -> None:
    """Let a claimed token be used again: what came could not be kept."""
    AwaitedPhoto.objects.filter(pk=awaited.pk).update(settled_at=None)


def settle(awaited: AwaitedPhoto, *, photo: Photo | None = None, error: str = "") -> None:
    """Note what became of a claimed upload."""
    AwaitedPhoto.objects.filter(pk=awaited.pk).update(photo=photo, error=error[:400])


def forget_awaited(*, now: datetime) -> int:
    """Delete requests that nobody asks after any more; return how many."""
    return AwaitedPhoto.objects.filter(expires_at__lt=now - REMEMBERED).delete()[0]
