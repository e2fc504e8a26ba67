"""Webview tokens: made for a person who opens an app's page, exchanged once by the app's server (rest §3)."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.limits import take
from accounts.models import User
from accounts.rules import digest_of
from apps_registry.errors import WebviewTokenRefused
from apps_registry.models import WebviewToken
from apps_registry.rules import WEBVIEW_TOKEN_LIFE, Refusal, judge_webview_token, new_webview_token
from apps_registry.webview_selectors import get_offered_app


@transaction.atomic
def make_webview_token(*, user: User, package: str) -> str:
    """Return a token by which the server of an app that `user` has or could install learns who they are, once.

    Raises AppNotFound, and TooManyRequests. The store needs no app.
    """
    take("webview", user.pk)
    if not is_store(package):
        get_offered_app(user, package)
    plain, now = new_webview_token(), timezone.now()
    WebviewToken.objects.create(
        digest=digest_of(plain),
        user=user,
        package_name=package,
        made_at=now,
        expires_at=now + WEBVIEW_TOKEN_LIFE,
    )
    return plain


def spend_webview_token(*, token: str, package: str) -> User:
    """Return whom `token` speaks for, and let it be good no more; raise WebviewTokenRefused.

    A token of somebody who was deactivated or logged out everywhere meanwhile has expired.
    """
    row = WebviewToken.objects.filter(digest=digest_of(token)).select_related("user").first()
    if row is None:
        raise WebviewTokenRefused(Refusal.NOT_FOUND)
    now, user = timezone.now(), row.user
    refusal = judge_webview_token(
        bound_to=row.package_name,
        package=package,
        used=row.used_at is not None,
        expires_at=row.expires_at,
        now=now,
    )
    if refusal is not None:
        raise WebviewTokenRefused(refusal)
    if not user.is_active or (user.logged_out_at is not None and row.made_at < user.logged_out_at):
        raise WebviewTokenRefused(Refusal.EXPIRED)
    # One row by its key: of two that ask at once, the database lets one change it.
    if not WebviewToken.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise WebviewTokenRefused(Refusal.USED)
    return user


def is_store(package: str) -> bool:
    """Say whether this is the package name of the store, whose pages get core tokens."""
    return bool(package) and package == settings.STORE_PACKAGE_NAME


def forget_webview_tokens() -> int:
    """Delete tokens that expired; return how many."""
    deleted, _ = WebviewToken.objects.filter(expires_at__lt=timezone.now() - WEBVIEW_TOKEN_LIFE).delete()
    return deleted
