"""What can go wrong when a phone is simulated; each text is one sentence a person can act on."""


class SimulatorError(Exception):
    """Base of the errors of this room."""


class Unreachable(SimulatorError):
    """No cloud answers at the address."""


class Refused(SimulatorError):
    """The cloud turned the phone away; `code` is its error code, if it named one."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class ConnectionLost(SimulatorError):
    """The socket is closed; `code` and `reason` are those of the close frame, 1006 without one."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"The connection is closed ({code}{' ' + reason if reason else ''}).")
        self.code = code
        self.reason = reason


class NothingCame(SimulatorError):
    """The awaited message did not come in time."""


class UnusableSound(SimulatorError):
    """A sound file that cannot be played to the cloud."""
