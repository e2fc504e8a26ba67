"""Sending a webhook once more because its developer asks for it. Synchronous: runs in a page or a REST request.

An SDK acts on every start or stop it gets. So those are sent only while they say what is true (lifecycle §4.1).
"""

import json
from typing import Any, Final

import msgspec
from asgiref.sync import async_to_sync
from django.conf import settings

from accounts import limits
from accounts.audit import record
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.rules import ROLES_WITH, Right
from accounts.selectors import role_of
from apps_registry.models import App
from apps_registry.rules import merge_settings
from apps_registry.selectors import setting_values
from sessions_app.app_runs.inspecting import call_entry
from sessions_app.app_runs.webhooks import HookAnswer, post_once
from sessions_app.clock import SystemClock
from sessions_app.errors import RefusedRepeat
from sessions_app.inspection.entries import Whose
from sessions_app.inspection.masking import MASK
from sessions_app.inspection.services import store_call
from sessions_app.models import AppRun, WebhookCall
from sessions_app.protocol.codec import iso
from sessions_app.protocol.session_ids import app_session_id
from sessions_app.protocol.webhooks import SessionRequest, SettingsPush, StopRequest, ToolCall
from sessions_app.states import LIVE_SESSION_STATES, RunState

PATHS: Final = {
    "session_request": "/webhook",
    "stop_request": "/webhook",
    "settings": "/settings",
    "tool": "/tool",
}
_WAITS_FOR_ITS_APP: Final = (
    RunState.CONNECTING,
    RunState.GRACE_PERIOD,
    RunState.RESURRECTING,
    RunState.DORMANT,
)
_clock = SystemClock()


def reason_against(kind: str, state: RunState | None) -> str:
    """Return why a webhook must not be sent again, or nothing; `state` is that of the app's run in the live session.

    `state` is None when the session of the webhook is over or the app was not started in it.
    """
    if kind not in PATHS:
        return "Nobody knows how to send such a webhook again."
    if kind == "session_request" and state is RunState.RUNNING:
        return (
            "The app is connected. A second start would make older SDKs drop the session: stop the app first."
        )
    if kind == "session_request" and state not in _WAITS_FOR_ITS_APP:
        return "Its session is over, so the SDK would connect and be refused. Start the app on your glasses instead."
    if kind == "stop_request" and state not in (None, RunState.STOPPED):
        return (
            "The app runs. This would end it behind the back of the cloud: stop it on your glasses instead."
        )
    return ""


def find_reason_against(call: WebhookCall) -> str:
    """Return why this webhook must not be sent again now, or nothing."""
    return reason_against(call.kind, _state_of(call))


def send_again(*, call: WebhookCall, by: User) -> WebhookCall:
    """Call the app's server once more with a fresh signature and time; return the row of the new call.

    Settings are sent as they are now. Raises NotAllowed unless the call was for a session of `by`, who develops the
    app, TooManyRequests, and RefusedRepeat with the reason.
    """
    app = call.app
    if call.user_id != by.pk or role_of(by, app.organization_id) not in ROLES_WITH[Right.DEVELOP]:
        raise NotAllowed("You can send webhooks of your own sessions again, with apps you develop.")
    reason = find_reason_against(call)
    if reason:
        raise RefusedRepeat(reason)
    body = _body(call, app, by)
    limits.take("webhook", by.pk)
    record("webhook.repeated", app, organization=app.organization, after={"kind": call.kind, "call": call.pk})
    at = _clock.now()
    answer: HookAnswer = async_to_sync(post_once)(
        app.public_url,
        PATHS[call.kind],
        body,
        secrets=app.webhook_secrets,
        timeout_seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
    )
    whose = Whose(app.pk, by.pk, call.session_id)
    return store_call(call_entry(app.pk, whose, call.kind, answer, at=at, again_of=call.pk))


def _state_of(call: WebhookCall) -> RunState | None:
    runs = AppRun.objects.filter(
        session__user=call.user,
        session__state__in=LIVE_SESSION_STATES,
        package_name=call.app.package_name,
    )
    if call.kind == "session_request":
        runs = runs.filter(session__id=call.session_id)
    state = runs.values_list("state", flat=True).first()
    return None if state is None else RunState(state)


def _body(call: WebhookCall, app: App, user: User) -> msgspec.Struct:
    now = iso(_clock.now())
    session_id = app_session_id(user.email, app.package_name)
    if call.kind == "settings":
        values = merge_settings(app.settings_definitions, setting_values(user, app.package_name))
        return SettingsPush(user_id_for_settings=user.email, settings=values)
    said = _said(call)
    try:
        match call.kind:
            case "session_request":
                url = said["websocketUrl"]
                return SessionRequest.to(url, session_id=session_id, user_id=user.email, timestamp=now)
            case "stop_request":
                return StopRequest(session_id, user.email, said["reason"], now)
            case _:
                return ToolCall(said["toolId"], said["toolParameters"], user.email, now)
    except (KeyError, ValueError) as problem:
        raise RefusedRepeat("What was sent is not known in full, so it cannot be sent again.") from problem


def _said(call: WebhookCall) -> dict[str, Any]:
    try:
        said = json.loads(call.request_body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise RefusedRepeat("What was sent was too long to be kept, so it cannot be sent again.")
    if MASK in call.request_body:
        raise RefusedRepeat("What was sent held secrets, which are not kept, so it cannot be sent again.")
    return said
