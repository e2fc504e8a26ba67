"""What can go wrong in the catalogue; every text may be shown to the one who asked.

RegistryError
├── EntryError
├── PackageNameTaken
├── ConfigRefused
├── EditConflict
├── InstallRefused
├── ReviewRefused
├── SettingRefused
├── ShareRefused
└── StorageFull
AppNotFound
VersionNotFound
NoPage
NoWorkingKey
NotInstalled
SigningKeyMissing
WebviewTokenRefused
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


class RegistryError(ValueError):
    """A value is not acceptable: `field` is the model's name of it, `message` a plain sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class EntryError(RegistryError):
    """One entry of a list is not acceptable.

    `place` leads to what is wrong, index (from 0) first: `(2, "options", 0, "label")`; `detail` is the sentence to
    say at that place, where `message` also names the entry.
    """

    def __init__(self, field: str, message: str, *, place: tuple[int | str, ...], detail: str) -> None:
        super().__init__(field, message)
        self.place = place
        self.detail = detail


class PackageNameTaken(RegistryError):
    """Another app has this package name."""

    def __init__(self, package_name: str) -> None:
        super().__init__("package_name", f"The package name {package_name} is taken. Choose another one.")


class ConfigRefused(RegistryError):
    """A config cannot be taken over; `problems` are all there are."""

    def __init__(self, problems: Sequence[RegistryError]) -> None:
        super().__init__("config", " ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of an app that somebody made: `fields` says what, in words for people."""

    number: int
    who: str
    at: datetime
    fields: str


class EditConflict(RegistryError):
    """The app was changed since the version this change began with; nothing was saved.

    `number` is the newest version, `edits` what came in between, oldest first.
    """

    def __init__(self, number: int, edits: Sequence[Edit]) -> None:
        told = "; ".join(
            f"{edit.who} changed {edit.fields} at {edit.at:%Y-%m-%d %H:%M} UTC (version {edit.number})"
            for edit in edits
        )
        told = told or f"It is at version {number}"
        super().__init__("version", f"The app was changed meanwhile, so nothing was saved. {told}.")
        self.number = number
        self.edits = tuple(edits)


class InstallRefused(RegistryError):
    """This user may not install this app."""

    def __init__(self, message: str) -> None:
        super().__init__("package_name", message)


class ReviewRefused(RegistryError):
    """The app cannot take this step of its review: `code` says why, `missing` what it lacks."""

    def __init__(self, code: str, message: str, missing: Sequence["Lack"] = ()) -> None:
        super().__init__("store_status", message)
        self.code = code
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing an app needs before operators look at it; `code` is stable, `message` says what to do."""

    code: str
    message: str


class SettingRefused(RegistryError):
    """A value does not fit the definition of its setting: `key` names it, `code` is stable."""

    code = "INVALID_SETTING_VALUE"

    def __init__(self, key: str, message: str) -> None:
        super().__init__("settings", message)
        self.key = key


class ShareRefused(RegistryError):
    """This link does not let this person test the app: `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__("link", message)
        self.code = code


class StorageFull(RegistryError):
    """An app would keep more about one user than it may."""

    def __init__(self, wanted: int, most: int) -> None:
        super().__init__("data", f"That would be {wanted} bytes for this user; at most {most} are stored.")


class AppNotFound(LookupError):
    """No app has this package name."""

    def __init__(self, package_name: str) -> None:
        self.message = f"There is no app with the package name {package_name}."
        super().__init__(self.message)
        self.package_name = package_name


class VersionNotFound(LookupError):
    """This version of the app is not kept (any more)."""

    def __init__(self, number: int) -> None:
        self.message = f"Version {number} is not kept any more."
        super().__init__(self.message)


class NoPage(LookupError):
    """The app has no page of its own."""

    def __init__(self, package_name: str) -> None:
        self.message = f"The app {package_name} has no page: its webview URL is empty."
        super().__init__(self.message)


class NoWorkingKey(LookupError):
    """The app has no API key that works, so nothing can be computed with it."""

    def __init__(self, package_name: str) -> None:
        self.message = f"The app {package_name} has no working API key."
        super().__init__(self.message)


class NotInstalled(LookupError):
    """The person an app asks about does not have it, or is not known."""

    def __init__(self) -> None:
        self.message = "This user does not have the app installed."
        super().__init__(self.message)


class SigningKeyMissing(RuntimeError):
    """This cloud has no key to sign user tokens with; `code` is stable."""

    code = "signing_key_missing"

    def __init__(self) -> None:
        self.message = "This cloud signs no user tokens: USER_TOKEN_PRIVATE_KEY is not set."
        super().__init__(self.message)


class WebviewTokenRefused(ValueError):
    """A webview token is not exchanged: `code` says why (rest §3)."""

    _SAID: ClassVar[dict[str, str]] = {
        "token_not_found": "There is no such token.",
        "token_used": "The token was used before. It is good once.",
        "token_expired": "The token has expired. It is good for a minute.",
        "token_package_mismatch": "The token was made for another app.",
    }

    def __init__(self, code: str) -> None:
        self.code = str(code)
        self.message = self._SAID[self.code]
        super().__init__(self.message)
