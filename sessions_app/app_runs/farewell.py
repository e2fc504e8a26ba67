"""Telling app servers that a session is over when no owner is left who could.

Their sockets died with the owner; the stop webhook is all they get (lifecycle §2, step 3). Synchronous: runs in
workers and commands.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import async_to_sync

from apps_registry.errors import AppNotFound
from apps_registry.selectors import AppFacts, get_app_facts
from sessions_app.app_runs.inspecting import call_entry
from sessions_app.app_runs.rules import STOP_WEBHOOK_SECONDS
from sessions_app.app_runs.succession import find_due_goodbyes
from sessions_app.app_runs.webhooks import AppServers, HookAnswer
from sessions_app.inspection.entries import Whose
from sessions_app.inspection.selectors import is_recorded
from sessions_app.inspection.services import store
from sessions_app.protocol.base import message_type
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import StopReason
from sessions_app.protocol.session_ids import app_session_id
from sessions_app.protocol.webhooks import StopRequest
from sessions_app.selectors import find_user_of, list_unfinished_runs

logger = logging.getLogger(__name__)

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Call:
    facts: AppFacts
    body: StopRequest
    owner: Whose | None


def send_stop_webhooks(*, session_id: str, user_id: str, now: datetime) -> list[str]:
    """Call the server of every unfinished app of a session, once; return the packages that did not accept.

    An app server that is away hears nothing, as with every stop; the session ends all the same. Nor does an app that
    was already started for the user's next session.
    """
    unfinished = [run.package_name for run in list_unfinished_runs(session_id)]
    calls = [
        _Call(facts, _body(user_id, package_name, now), _owner(session_id, facts))
        for package_name in sorted(find_due_goodbyes(session_id, unfinished, now))
        if (facts := _find_facts(package_name)) is not None
    ]
    answers: list[HookAnswer] = async_to_sync(_call_all)(calls) if calls else []
    _note(calls, answers, now)
    return [call.facts.package_name for call, answer in zip(calls, answers, strict=True) if not answer.ok]


def _owner(session_id: str, facts: AppFacts) -> Whose | None:
    user_pk = find_user_of(session_id)
    if user_pk is None or not is_recorded(user_pk, facts):
        return None
    return Whose(facts.app_id, user_pk, session_id)


def _note(calls: list[_Call], answers: list[HookAnswer], now: datetime) -> None:
    entries = [
        call_entry(call.facts.app_id, call.owner, message_type(StopRequest), answer, at=now)
        for call, answer in zip(calls, answers, strict=True)
    ]
    try:
        store([], entries)
    except Exception:
        logger.exception("Stop webhooks were not noted for inspectors")


def _body(user_id: str, package_name: str, now: datetime) -> StopRequest:
    return StopRequest(
        session_id=app_session_id(user_id, package_name),
        user_id=user_id,
        reason=StopReason.SYSTEM_STOP,
        timestamp=iso(now),
    )


def _find_facts(package_name: str) -> AppFacts | None:
    try:
        return get_app_facts(package_name)
    except AppNotFound:
        return None


async def _call_all(calls: list[_Call]) -> list[HookAnswer]:
    gate = asyncio.Semaphore(AT_ONCE)
    servers = AppServers()

    async def one(call: _Call) -> HookAnswer:
        async with gate:
            answer = await servers.post(
                call.facts.public_url,
                "/webhook",
                call.body,
                secrets=call.facts.webhook_secrets,
                timeout_seconds=STOP_WEBHOOK_SECONDS,
            )
        if not answer.ok:
            logger.info("%s did not take the stop webhook: %s", call.facts.package_name, answer)
        return answer

    try:
        return await asyncio.gather(*map(one, calls))
    finally:
        await servers.close()
