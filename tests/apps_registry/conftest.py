"""What the tests of the catalogue share: an ear for its signals."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps_registry import signals

NAMES = (
    "api_key_revoked",
    "app_uninstalled",
    "app_removed",
    "app_settings_changed",
    "app_permissions_changed",
    "webhook_secret_rolled",
)


class Ear:
    """Collects every signal of the catalogue that was sent after a commit."""

    def __init__(self, capture: DjangoCaptureOnCommitCallbacks) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._capture = capture

    def listening(self) -> Any:
        """Run the block as one committed transaction."""
        return self._capture(execute=True)

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Return what was said with this signal."""
        return [facts for heard, facts in self.heard if heard == name]


@pytest.fixture
def ear(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Iterator[Ear]:
    """Listen to all signals for the length of a test."""
    ear = Ear(django_capture_on_commit_callbacks)
    listeners: list[tuple[Signal, Any]] = []
    for name in NAMES:

        def listen(*, name: str = name, sender: type, signal: Signal, **facts: Any) -> None:
            ear.heard.append((name, facts))

        listeners.append((getattr(signals, name), listen))
        getattr(signals, name).connect(listen)
    yield ear
    for signal, listener in listeners:
        signal.disconnect(listener)
