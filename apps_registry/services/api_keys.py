"""Making and revoking API keys."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from apps_registry.models import ApiKey, App
from apps_registry.rules import hash_api_key, key_prefix, new_api_key
from apps_registry.signals import announce, api_key_revoked


@transaction.atomic
def create_api_key(*, app: App, name: str = "") -> tuple[ApiKey, str]:
    """Return a new key of `app` and its plain text, which is nowhere else: show it once."""
    plain = new_api_key()
    key = ApiKey.objects.create(
        app=app, name=name.strip()[:100], prefix=key_prefix(plain), digest=hash_api_key(plain)
    )
    record("key.made", key, organization=app.organization, after={"app": app.package_name, "name": key.name})
    return key, plain


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> bool:
    """Refuse `key` from now on and announce it; return False when it was revoked already."""
    now = timezone.now()
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        return False
    key.revoked_at = now
    record("key.revoked", key, organization=key.app.organization, before={"app": key.app.package_name})
    announce(api_key_revoked, sender=ApiKey, key=key)
    return True


@transaction.atomic
def remove_api_key(*, key: ApiKey) -> None:
    """Revoke `key` and forget that there was one."""
    revoke_api_key(key=key)
    record("key.removed", key, organization=key.app.organization, before={"app": key.app.package_name})
    key.delete()
