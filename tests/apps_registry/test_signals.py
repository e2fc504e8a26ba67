"""Announcements wait for the commit and survive a failing listener."""

from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal

from apps_registry.models import App
from apps_registry.signals import announce


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_before_the_commit() -> None:
    signal, heard = Signal(), []

    def listen(sender: type, **facts: Any) -> None:
        heard.append(facts["app"])

    signal.connect(listen)
    with transaction.atomic():
        announce(signal, sender=App, app="a")
        assert heard == []
    assert heard == ["a"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_of_what_was_rolled_back() -> None:
    signal, heard = Signal(), []

    def listen(sender: type, **facts: Any) -> None:
        heard.append(facts)

    signal.connect(listen)
    with pytest.raises(KeyError), transaction.atomic():
        announce(signal, sender=App, app="a")
        raise KeyError
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_failing_listener_does_not_silence_the_others(caplog: pytest.LogCaptureFixture) -> None:
    signal, heard = Signal(), []

    def fail(sender: type, **facts: Any) -> None:
        raise RuntimeError("no such socket")

    def listen(sender: type, **facts: Any) -> None:
        heard.append(facts["app"])

    signal.connect(fail)
    signal.connect(listen)
    announce(signal, sender=App, app="a")
    assert heard == ["a"]
    assert "no such socket" in caplog.text
