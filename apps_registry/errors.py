"""What can go wrong in the catalogue; every text may be shown to the one who asked.

RegistryError
├── EntryError
├── PackageNameTaken
└── InstallRefused
AppNotFound
"""


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


class InstallRefused(RegistryError):
    """This user may not install this app."""

    def __init__(self, message: str) -> None:
        super().__init__("package_name", message)


class AppNotFound(LookupError):
    """No app has this package name."""

    def __init__(self, package_name: str) -> None:
        self.message = f"There is no app with the package name {package_name}."
        super().__init__(self.message)
        self.package_name = package_name
