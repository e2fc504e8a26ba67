"""A value that changes and can be watched. Knows nothing of what it stands for."""

from typing import Generic, TypeVar

from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks

T = TypeVar("T")


class Observable(Generic[T]):
    """The latest value, None while it is unknown, and the handlers of its changes."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._value: T | None = None
        self._changed: Signal[T | None] = Signal(tasks, log)

    @property
    def value(self) -> T | None:
        """The latest value."""
        return self._value

    def on_change(self, handler: Handler[T | None]) -> Subscription:
        """Call `handler` with the value now, if it is known, and with each new one."""
        return self._changed.connect(handler, first=self._value)

    def set(self, value: T | None) -> None:
        """Take over what is known now, and tell it if it is news."""
        if value != self._value:
            self._value = value
            self._changed.emit(value)
