"""Django application of people and their tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
