"""A package name that somebody may well want, from what they typed and their address. Pure."""

import re

from apps_registry.rules.apps import is_package_name

# Who has an address here does not own the domain.
_MAIL_HOSTS = frozenset(
    {
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "yahoo.com",
            "fastmail.com",
        ),
        *("icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de"),
        *("mail.ru", "yandex.ru", "qq.com", "163.com"),
    }
)
_LONGEST_PART = 40


def suggest_prefix(email: str) -> str:
    """Return what package names of this person begin with: their domain turned round, or `me.` and their name."""
    name, _, domain = email.lower().partition("@")
    if domain in _MAIL_HOSTS:
        return f"me.{_part(name.partition('+')[0]) or 'somebody'}"
    labels = [part for part in (_part(label) for label in reversed(domain.split("."))) if part]
    prefix = ".".join(labels)
    return prefix if is_package_name(prefix) else "com.example"


def suggest_package_name(email: str, name: str) -> str:
    """Return a package name for an app that is called `name`."""
    return f"{suggest_prefix(email)}.{_part(name) or 'myapp'}"


def _part(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())[:_LONGEST_PART]
