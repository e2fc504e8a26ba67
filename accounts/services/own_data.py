"""A person's profile and privacy, and the copies of their data."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.audit import record
from accounts.models import DataExport, User
from accounts.rules.own_data import EXPORT_LIFE, ExportFormat, merge_privacy, read_profile
from accounts.signals import export_requested


@transaction.atomic
def update_profile(*, user: User, changes: Mapping[str, Any]) -> User:
    """Merge `changes` into a person's profile; a None forgets a part, `name` is their name. Raises InvalidProfile."""
    name, parts = read_profile(changes)
    stored = User.objects.select_for_update().get(pk=user.pk)
    merged = {key: value for key, value in {**stored.profile, **parts}.items() if value is not None}
    read_profile(merged)
    user.profile = merged
    user.name = stored.name if name is None else name
    user.save(update_fields=["profile", "name"])
    return user


@transaction.atomic
def update_privacy(*, user: User, changes: Mapping[str, bool]) -> dict[str, bool]:
    """Store what a person chose, and return all of it."""
    stored = User.objects.select_for_update().values_list("privacy", flat=True).get(pk=user.pk)
    chosen = merge_privacy(stored, changes)
    user.privacy = chosen
    user.save(update_fields=["privacy"])
    return chosen


@transaction.atomic
def request_export(*, user: User, kind: ExportFormat) -> DataExport:
    """Note that a person wants a copy of their data, and announce it; raise TooManyRequests."""
    limits.take("export", user.pk)
    made = DataExport.objects.create(user=user, format=kind, expires_at=timezone.now() + EXPORT_LIFE)
    record("export.requested", made, after={"format": kind.value})
    transaction.on_commit(partial(export_requested.send_robust, sender=DataExport, export=made))
    return made


def forget_exports() -> int:
    """Delete copies whose time is over; return how many."""
    return DataExport.objects.filter(expires_at__lt=timezone.now()).delete()[0]
