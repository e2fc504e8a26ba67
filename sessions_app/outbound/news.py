"""What a node is told for the users of an app whose sessions it owns: one message, however many they are."""

from collections.abc import Sequence
from typing import Any

APP_NEWS = "node.app_news"


def app_news(
    package_name: str, text: str, *, sessions: Sequence[str] | None = None, besides: str = ""
) -> dict[str, Any]:
    """Return the message that has a node pass a text on to the sockets of an app.

    It is for those `sessions`, or for all that node owns; `besides` names one that does not get it.
    """
    message: dict[str, Any] = {"type": APP_NEWS, "package": package_name, "text": text, "besides": besides}
    return message if sessions is None else {**message, "sessions": list(sessions)}
