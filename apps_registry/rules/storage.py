"""How much an app may keep about one of its users in the cloud, measured as the SDKs measure it (rest §6)."""

from collections.abc import Mapping

from apps_registry.errors import RegistryError, StorageFull

MOST_KEY_CHARACTERS = 500
# The SDKs count what JavaScript calls `length`. A batch is written whole or not at all, and they do not send it
# twice: what they let through is not to be refused here because another unit makes it longer.
MOST_VALUE_UNITS = 100_000
MOST_BYTES = 1024 * 1024


def check_texts(texts: Mapping[str, object]) -> dict[str, str]:
    """Return what is to be stored; raise RegistryError when a key or a value is not acceptable."""
    return {_check_key(key): _check_value(key, value) for key, value in texts.items()}


def check_total(texts: Mapping[str, str]) -> None:
    """Raise StorageFull when this is more than an app may keep about one user, keys included."""
    total = sum(len(key.encode()) + len(value.encode()) for key, value in texts.items())
    if total > MOST_BYTES:
        raise StorageFull(total, MOST_BYTES)


def _check_key(key: str) -> str:
    if not 0 < len(key) <= MOST_KEY_CHARACTERS or not _is_text(key):
        raise RegistryError("key", f"A key is a text of 1 to {MOST_KEY_CHARACTERS} characters.")
    return key


def _check_value(key: str, value: object) -> str:
    if not isinstance(value, str) or not _is_text(value):
        raise RegistryError("value", f"The value of {key[:100]!r} is not a text.")
    units = len(value.encode("utf-16-le")) // 2
    if units > MOST_VALUE_UNITS:
        said = (
            f"The value of {key[:100]!r} is {units} characters long; at most {MOST_VALUE_UNITS} are stored."
        )
        raise RegistryError("value", said)
    return value


def _is_text(value: str) -> bool:
    """Say whether it has no half of a surrogate pair, which UTF-8 cannot write."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
