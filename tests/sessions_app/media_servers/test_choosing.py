"""The settings say which media server it is."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from sessions_app.media_servers.choosing import media_server, shared_secret


def test_without_a_setting_there_is_none(settings: Settings) -> None:
    settings.MEDIA_SERVER = ""

    assert media_server() is None


def test_a_word_nobody_knows_is_refused(settings: Settings) -> None:
    settings.MEDIA_SERVER = "betamax"

    with pytest.raises(ImproperlyConfigured, match="local"):
        media_server()


def test_our_own_is_chosen_by_name(settings: Settings) -> None:
    settings.MEDIA_SERVER = "local"

    chosen = media_server()

    assert chosen is not None
    assert chosen.name == "local"


def test_every_node_follows_the_same_secret(settings: Settings) -> None:
    settings.MEDIA_SERVER_SECRET = ""
    followed = shared_secret()
    settings.SECRET_KEY = "another"
    assert shared_secret() != followed

    settings.MEDIA_SERVER_SECRET = "told"
    assert shared_secret() == "told"
