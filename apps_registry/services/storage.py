"""Writing what an app keeps about a user (rest §6); all of a call, or nothing."""

from collections.abc import Mapping

from django.db import transaction

from apps_registry.errors import NotInstalled
from apps_registry.models import AppStorage, Installation
from apps_registry.rules.storage import check_texts, check_total


@transaction.atomic
def store_texts(*, installation: Installation, texts: Mapping[str, object]) -> int:
    """Store `texts` beside what is there, in the place of what has the same key; return how many.

    Raises RegistryError for a key or value, StorageFull, and NotInstalled.
    """
    checked = check_texts(texts)
    row = _locked(installation)
    row.texts = together = {**row.texts, **checked}
    check_total(together)
    row.save()
    return len(checked)


@transaction.atomic
def forget_text(*, installation: Installation, key: str) -> bool:
    """Delete what is stored under `key`; return False when nothing was. Raises NotInstalled."""
    row = _locked(installation)
    left = row.texts
    if left.pop(key, None) is None:
        return False
    row.texts = left
    row.save()
    return True


@transaction.atomic
def forget_texts(*, installation: Installation) -> None:
    """Delete all the app stored for its user. Raises NotInstalled."""
    _locked(installation)
    AppStorage.objects.filter(pk=installation.pk).delete()


def _locked(installation: Installation) -> AppStorage:
    """Return the row to change, perhaps a new one, while nobody else changes it until the transaction ends.

    The lock is on the installation, which is there before the first text is and which an uninstall takes first too.
    """
    rows = Installation.objects.select_for_update(no_key=True)
    if not rows.filter(pk=installation.pk).values_list("pk").first():
        raise NotInstalled
    row = AppStorage.objects.filter(pk=installation.pk).first()
    return row or AppStorage(installation_id=installation.pk)
