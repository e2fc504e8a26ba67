"""Making, rolling, naming and revoking API keys."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.acting import current_actor
from accounts.audit import record
from accounts.limits import take_for_actor
from apps_registry.errors import RegistryError
from apps_registry.models import ApiKey, App
from apps_registry.rules import (
    MOST_LIVE_KEYS,
    KeyState,
    hash_api_key,
    key_prefix,
    new_api_key,
    validate_key_name,
    validate_overlap,
)
from apps_registry.selectors import working_keys
from apps_registry.signals import announce, api_key_revoked

_NO_OVERLAP = timedelta(0)


def create_api_key(*, app: App, name: str = "") -> tuple[ApiKey, str]:
    """Return a new key of `app` and its plain text, which is nowhere else: show it once.

    Raises RegistryError when the app has too many keys, TooManyRequests when the acting person made too many.
    """
    take_for_actor("api_key")
    with transaction.atomic():
        if working_keys().filter(app=app).count() >= MOST_LIVE_KEYS:
            raise RegistryError("name", f"{MOST_LIVE_KEYS} keys of this app work already. Revoke one first.")
        key, plain = _make(app, validate_key_name(name))
        _record("key.made", key)
    return key, plain


def roll_api_key(*, key: ApiKey, overlap: timedelta) -> tuple[ApiKey, str]:
    """Return a new key that takes the place and name of `key`, and its plain text: show it once.

    The old one works for `overlap` (none to a week) more. Raises RegistryError when it does not work or ends anyway,
    TooManyRequests when the acting person made too many keys.
    """
    validate_overlap(overlap)
    take_for_actor("api_key")
    with transaction.atomic():
        old = ApiKey.objects.select_for_update(of=("self",)).select_related("app").get(pk=key.pk)
        if old.state is not KeyState.LIVE:
            raise RegistryError("key", f"This key is {old.state}: it cannot be rolled. Make a new one.")
        new, plain = _make(old.app, old.name)
        _record("key.rolled", old, replaced_by=new.prefix)
        if overlap == _NO_OVERLAP:
            revoke_api_key(key=old)
        else:
            old.expires_at = timezone.now() + overlap
            old.save(update_fields=["expires_at"])
    key.refresh_from_db()
    return new, plain


def replace_api_keys(*, app: App) -> tuple[ApiKey, str]:
    """Return the one key of `app` that works from now on, and its plain text; every other one is revoked (rest §10)."""
    take_for_actor("api_key")
    with transaction.atomic():
        for key in working_keys().filter(app=app):
            revoke_api_key(key=key)
        new, plain = _make(app, "")
        _record("key.made", new)
    return new, plain


@transaction.atomic
def rename_api_key(*, key: ApiKey, name: str) -> None:
    """Give `key` another name; raise RegistryError."""
    before, key.name = key.name, validate_key_name(name)
    if before == key.name:
        return
    key.save(update_fields=["name"])
    record(
        "key.renamed",
        key,
        organization=key.app.organization,
        before={"name": before},
        after={"name": key.name},
    )


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> bool:
    """Refuse `key` from now on and announce it; return False when it worked no more anyway."""
    now = timezone.now()
    if not working_keys().filter(pk=key.pk).update(revoked_at=now):
        return False
    key.revoked_at = now
    record("key.revoked", key, organization=key.app.organization, before={"app": key.app.package_name})
    announce(api_key_revoked, sender=ApiKey, key=key)
    return True


@transaction.atomic
def revoke_all_keys(*, app: App) -> int:
    """Refuse every key of `app` from now on; return how many worked until now."""
    return sum(revoke_api_key(key=key) for key in working_keys().filter(app=app))


@transaction.atomic
def remove_api_key(*, key: ApiKey) -> None:
    """Revoke `key` and forget that there was one."""
    revoke_api_key(key=key)
    record("key.removed", key, organization=key.app.organization, before={"app": key.app.package_name})
    key.delete()


def _make(app: App, name: str) -> tuple[ApiKey, str]:
    plain = new_api_key()
    key = ApiKey.objects.create(
        app=app, name=name, prefix=key_prefix(plain), digest=hash_api_key(plain), created_by=current_actor()
    )
    return key, plain


def _record(action: str, key: ApiKey, **more: str) -> None:
    app = key.app
    record(
        action, key, organization=app.organization, after={"app": app.package_name, "name": key.name, **more}
    )
