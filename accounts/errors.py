"""What can go wrong with people and their tokens; every text may be shown to the one who asked.

AccountError
├── InvalidEmail
├── InvalidUserSettings
└── InvalidCoreToken
"""


class AccountError(ValueError):
    """A request about an account cannot be fulfilled; `message` is a plain sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidEmail(AccountError):
    """The text is not an e-mail address we can use as a user id."""


class InvalidUserSettings(AccountError):
    """The changes to a user's settings cannot be stored."""


class InvalidCoreToken(AccountError):
    """A core token is not acceptable; `message` is the text of glasses-socket §1."""
