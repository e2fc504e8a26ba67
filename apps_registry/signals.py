"""What higher layers may want to hear about the catalogue; sent after the transaction committed."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

api_key_revoked = Signal()  # key: ApiKey
app_uninstalled = Signal()  # user: User, app: App
app_removed = Signal()  # app: App, already deleted; its package_name is still readable
app_settings_changed = Signal()  # user: User, app: App
app_permissions_changed = Signal()  # app: App
webhook_secret_rolled = Signal()  # app: App


def announce(signal: Signal, sender: type, **facts: Any) -> None:
    """Send `signal` once the transaction is committed; a failing listener does not stop the others."""
    transaction.on_commit(partial(signal.send_robust, sender=sender, **facts))
