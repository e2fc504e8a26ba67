"""What other processes may have the owner of a session do (outbound/commands.py)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from apps_registry.errors import AppNotFound
from apps_registry.selectors import get_app_facts
from sessions_app.app_runs.attaching import Hello, is_overtaken
from sessions_app.app_runs.key_end import close_for_key
from sessions_app.app_runs.rules import Answer, Handshake, judge_handshake
from sessions_app.audio.formats import AudioFormat
from sessions_app.clock import SystemClock
from sessions_app.database import in_database
from sessions_app.errors import RefusedStart
from sessions_app.handlers.custom_messages import pass_datetime
from sessions_app.handlers.from_glasses.photos import settle_photo
from sessions_app.handlers.outputs import add_output, list_outputs, remove_output
from sessions_app.handlers.phone_photos import take_photo
from sessions_app.handlers.reported import check_phone, report_device, take_frames, take_goodbye
from sessions_app.handlers.settings import app_settings_changed, user_settings_changed
from sessions_app.handlers.sound_readers import let_go_of_sound, read_sound
from sessions_app.handlers.telemetry import ask_for_telemetry
from sessions_app.lifecycle.ending import end_runtime
from sessions_app.lifecycle.leaving import hand_on
from sessions_app.lifecycle.peers import take_text
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import (
    DONE,
    OVERTAKEN,
    SEATED,
    AddOutput,
    AnyCommand,
    AskForTelemetry,
    AttachApp,
    CheckPhone,
    ConfigureAudio,
    EndSession,
    FindListener,
    FindRequest,
    HandOn,
    KeyRevoked,
    LetGoOfSound,
    ListOutputs,
    PassDatetime,
    PermissionsChanged,
    ReadSound,
    RecordingChanged,
    RemoveOutput,
    Reply,
    ReportDevice,
    SayGoodbye,
    SettingsChanged,
    SettlePhoto,
    StartApp,
    StopApp,
    TakeFrames,
    TakePhoto,
    TellApp,
    UserSettingsChanged,
)
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.families import Family

STORED_SECONDS = 2.0
Carrier = Callable[[SessionRuntime, Any], Awaitable[Reply]]


async def carry_out(runtime: SessionRuntime, command: AnyCommand) -> Reply:
    """Carry out a command on a session of this node."""
    return await _CARRIERS[type(command)](runtime, command)


async def _start_app(runtime: SessionRuntime, command: StartApp) -> Reply:
    try:
        await runtime.apps.start(command.package_name)
    except RefusedStart as refusal:
        await _until_stored(runtime)
        return Reply(ok=False, code=refusal.stage, message=refusal.message)
    await _until_stored(runtime)
    return DONE


async def _stop_app(runtime: SessionRuntime, command: StopApp) -> Reply:
    stopped = await runtime.apps.stop(command.package_name, command.reason, "Stopped by request")
    await _until_stored(runtime)
    return DONE if stopped else Reply(ok=False, code="NOT_RUNNING", message="The app does not run")


async def _until_stored(runtime: SessionRuntime) -> None:
    """Wait for the rows: who hears what became of an app may list their apps next. Not while the database is away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STORED_SECONDS):
            await runtime.upkeep.journal.flush()


async def _attach_app(runtime: SessionRuntime, command: AttachApp) -> Reply:
    """Give a socket on another node its seat, or say in `code` and `message` what it is to be told."""
    try:
        facts = await in_database(get_app_facts, command.package_name)
    except AppNotFound:
        return Reply(ok=False, code=Answer.REFUSE, message=ErrorCode.PACKAGE_NOT_FOUND)
    seat = runtime.apps.find(command.package_name)
    verdict = judge_handshake(
        Handshake(command.handshake),
        session_present=True,
        booting=False,
        run=seat.state if seat is not None else None,
        restoring=runtime.apps.restoring,
    )
    if verdict.answer is not Answer.ACCEPT:
        return Reply(ok=False, code=verdict.answer, message=verdict.code)
    hello = Hello(
        handshake=Handshake(command.handshake),
        facts=facts,
        key_id=command.key_id,
        family=Family(command.family),
        sdk_version=command.sdk_version,
        setting_values=command.setting_values,
        user_settings=command.user_settings,
        introduced_at=command.introduced_at,
        greeting=command.greeting,
    )
    known = seat.link if seat is not None else None
    if isinstance(known, RemoteLink) and known.is_open and known.leads_to(command.node_id, command.guest):
        return SEATED
    if seat is not None and is_overtaken(seat, hello):
        return OVERTAKEN
    runtime.apps.attach(command.package_name, RemoteLink(command.node_id, command.guest), hello)
    return DONE


async def _end_session(runtime: SessionRuntime, command: EndSession) -> Reply:
    failures = await end_runtime(runtime, command.reason)
    return Reply(ok=not failures, code="INCOMPLETE" if failures else "", message=", ".join(failures))


async def _hand_on(runtime: SessionRuntime, command: HandOn) -> Reply:
    if command.generation != runtime.ref.generation:
        return Reply(ok=False, code="NO_ACTIVE_SESSION", message="The session has moved on")
    return Reply(ok=True, handed=await hand_on(runtime))


async def _settings_changed(runtime: SessionRuntime, command: SettingsChanged) -> Reply:
    await app_settings_changed(runtime, command.package_name)
    return DONE


async def _user_settings_changed(runtime: SessionRuntime, command: UserSettingsChanged) -> Reply:
    await user_settings_changed(runtime)
    return DONE


async def _key_revoked(runtime: SessionRuntime, command: KeyRevoked) -> Reply:
    seat = runtime.apps.find(command.package_name)
    if seat is not None and seat.link is not None and seat.key_id == command.key_id:
        close_for_key(seat.link, seat.family, SystemClock())
    return DONE


async def _permissions_changed(runtime: SessionRuntime, command: PermissionsChanged) -> Reply:
    seat = runtime.apps.find(command.package_name)
    if seat is not None:
        try:
            seat.facts = await in_database(get_app_facts, command.package_name)
        except AppNotFound:
            return Reply(ok=False, code="NOT_FOUND", message="The app is gone")
        runtime.apps.rejudge(seat)
    return DONE


async def _find_request(runtime: SessionRuntime, command: FindRequest) -> Reply:
    destination = runtime.requests.destination_of(command.request_id, command.kind)
    if destination is None:
        return Reply(ok=False, code="NOT_OPEN", message="No such request is open")
    return Reply(ok=True, destination=destination)


async def _settle_photo(runtime: SessionRuntime, command: SettlePhoto) -> Reply:
    is_theirs = not command.package_name or runtime.requests.is_of(command.request_id, command.package_name)
    if is_theirs and settle_photo(runtime, command.request_id, command.outcome):
        return DONE
    return Reply(ok=False, code="NOT_OPEN", message="Nobody waits for this photo")


async def _find_listener(runtime: SessionRuntime, command: FindListener) -> Reply:
    if runtime.ears.relay.wants(command.stream):
        return DONE
    return Reply(ok=False, code="NOBODY", message="No app hears this stream")


async def _configure_audio(runtime: SessionRuntime, command: ConfigureAudio) -> Reply:
    runtime.audio.configure(AudioFormat(command.lc3_frame_bytes))
    remember(runtime)
    return DONE


async def _tell_app(runtime: SessionRuntime, command: TellApp) -> Reply:
    return take_text(runtime.apps.find(command.package_name), command.text)


async def _recording_changed(runtime: SessionRuntime, command: RecordingChanged) -> Reply:
    seat = runtime.apps.find(command.package_name)
    if seat is not None:
        runtime.apps.record(seat, is_recorded=command.is_recorded)
    return DONE


_CARRIERS: dict[type, Carrier] = {
    AddOutput: add_output,
    RemoveOutput: remove_output,
    ListOutputs: list_outputs,
    ConfigureAudio: _configure_audio,
    StartApp: _start_app,
    StopApp: _stop_app,
    AttachApp: _attach_app,
    EndSession: _end_session,
    HandOn: _hand_on,
    SettingsChanged: _settings_changed,
    UserSettingsChanged: _user_settings_changed,
    KeyRevoked: _key_revoked,
    PermissionsChanged: _permissions_changed,
    RecordingChanged: _recording_changed,
    FindRequest: _find_request,
    SettlePhoto: _settle_photo,
    TakePhoto: take_photo,
    FindListener: _find_listener,
    TakeFrames: take_frames,
    ReportDevice: report_device,
    CheckPhone: check_phone,
    SayGoodbye: take_goodbye,
    TellApp: _tell_app,
    PassDatetime: pass_datetime,
    ReadSound: read_sound,
    LetGoOfSound: let_go_of_sound,
    AskForTelemetry: ask_for_telemetry,
}
