"""The latest notifications, and how one looks and sounds. Pure: no session and no clock."""

import re

from mentra_sdk.captions import COLUMNS
from mentra_sdk.events import PhoneNotification
from mentra_sdk.layouts import Layout, ReferenceCard
from mentra_sdk.text import clip, wrap

MOST_KEPT = 20


class Inbox:
    """The notifications that are still on the phone, the newest last."""

    def __init__(self) -> None:
        self._kept: dict[str, PhoneNotification] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, notification: PhoneNotification) -> None:
        """Keep a notification as the newest one; one that the phone announced before is replaced."""
        self._kept.pop(notification.notification_id, None)
        self._kept[notification.notification_id] = notification
        if len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def drop(self, notification_id: str) -> None:
        """Forget a notification."""
        self._kept.pop(notification_id, None)

    def newest(self) -> PhoneNotification | None:
        """Return the newest one there is."""
        return next(reversed(self._kept.values()), None)


def is_left_out(notification: PhoneNotification, names: str) -> bool:
    """Tell whether it comes from one of the apps that the wearer named, with commas in between."""
    wanted = {name.strip().casefold() for name in re.split(r"[,;\n]", names)} - {""}
    return notification.app.casefold() in wanted


def card(notification: PhoneNotification, *, rows: int, waiting: int) -> Layout:
    """Return how it looks on `rows` lines, the title being one of them; `waiting` others are there as well."""
    more = f" (+{waiting})" if waiting else ""
    title = clip(_who(notification, " · "), COLUMNS - len(more)) + more
    lines = wrap(" ".join(notification.content.split()), COLUMNS)
    most = max(rows - 1, 1)
    if len(lines) > most:
        lines = [*lines[: most - 1], clip(" ".join(lines[most - 1 :]), COLUMNS)]
    return ReferenceCard(title=title, text="\n".join(lines))


def sentence(notification: PhoneNotification) -> str:
    """Return how it is read aloud."""
    content = " ".join(notification.content.split())
    return f"{_who(notification, ', ')}: {content}" if content else _who(notification, ", ")


def _who(notification: PhoneNotification, between: str) -> str:
    parts = [part for part in (notification.app, notification.title) if part.strip()]
    return between.join(parts) or "Notification"
