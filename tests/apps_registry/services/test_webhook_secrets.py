"""Rolling the secret that signs webhooks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps_registry.errors import RegistryError
from apps_registry.models import App
from apps_registry.selectors import get_app_facts
from apps_registry.services import rotate_webhook_secret
from tests.support.personas import CAPTIONS, RegisteredApp, make_app

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made() -> RegisteredApp:
    return make_app()


def good() -> tuple[str, ...]:
    return get_app_facts(CAPTIONS).webhook_secrets


def test_a_new_secret_replaces_the_old(made: RegisteredApp, ear: Any) -> None:
    with ear.listening():
        secret = rotate_webhook_secret(app=made.app)
    assert secret != made.webhook_secret
    assert good() == (secret,)
    assert [name for name, _ in ear.heard] == ["webhook_secret_rolled"]


def test_the_old_secret_signs_until_the_overlap_is_over(made: RegisteredApp) -> None:
    secret = rotate_webhook_secret(app=made.app, overlap=DAY)
    assert good() == (secret, made.webhook_secret)
    App.objects.update(previous_secret_until=timezone.now())
    assert good() == (secret,)


def test_a_second_roll_forgets_the_oldest(made: RegisteredApp) -> None:
    second = rotate_webhook_secret(app=made.app, overlap=DAY)
    third = rotate_webhook_secret(app=made.app, overlap=DAY)
    assert good() == (third, second)
    assert good() != (rotate_webhook_secret(app=made.app), third)
    made.app.refresh_from_db()
    assert made.app.previous_webhook_secret == ""


def test_an_overlap_has_bounds(made: RegisteredApp) -> None:
    with pytest.raises(RegistryError):
        rotate_webhook_secret(app=made.app, overlap=timedelta(days=8))
    assert good() == (made.webhook_secret,)
