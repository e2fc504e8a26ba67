"""What an app's first message and its upgrade headers say together (app-socket §1, §2, §3.1)."""

from sessions_app.app_runs.rules import Handshake
from sessions_app.protocol.app_to_cloud import Reconnect, TpaConnectionInit
from sessions_app.protocol.families import Family
from sessions_app.protocol.session_ids import find_user_id
from sessions_app.transport.auth import Introduction


def introduce(message: TpaConnectionInit | Reconnect, headers: dict[str, str]) -> Introduction | None:
    """Return who an app says it is, or None when the user cannot be made out.

    The message wins over the headers; a v3 `reconnect` carries neither package nor key and takes both from them.
    """
    package = message.package_name or headers.get("x-package-name", "")
    user_id = _user_of(message.session_id or headers.get("x-session-id", ""), package)
    user_id = user_id or headers.get("x-user-id", "").strip().lower()
    if not package or not user_id:
        return None
    return Introduction(
        handshake=Handshake.RECONNECT if isinstance(message, Reconnect) else Handshake.INIT,
        package_name=package,
        user_id=user_id,
        api_key=_key_of(message, headers),
        family=family_of(message, headers),
        sdk_version=message.sdk_version or "",
    )


def family_of(message: TpaConnectionInit | Reconnect, headers: dict[str, str]) -> Family:
    """Return the family an app shows by its first message; B looks like A until it sends more."""
    is_c = (
        isinstance(message, Reconnect)
        or bool(message.sdk_version)
        or "x-package-name" in headers
        or "x-user-id" in headers
    )
    return Family.C if is_c else Family.A


def _user_of(session_id: str, package: str) -> str:
    return (find_user_id(session_id, package) or "") if session_id and package else ""


def _key_of(message: TpaConnectionInit | Reconnect, headers: dict[str, str]) -> str:
    if isinstance(message, TpaConnectionInit) and message.api_key:
        return message.api_key
    return headers.get("x-api-key", "")
