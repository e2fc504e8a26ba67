"""What the cloud sends to a session, brought to the capability it concerns. Knows no socket."""

from mentra_sdk import codec, wire, wire_media
from mentra_sdk.capabilities.microphone import AUDIO_STREAM
from mentra_sdk.errors import CloudError
from mentra_sdk.events import PermissionProblem, PermissionRefused
from mentra_sdk.handlers import Log
from mentra_sdk.listeners import Listeners
from mentra_sdk.refusals import UNKNOWN
from mentra_sdk.requests import Requests
from mentra_sdk.session import MentraSession, SessionSignals

LOCATION_PERMISSION = "LOCATION"
PERMISSION_DENIED = "PERMISSION_DENIED"


class Deliveries:
    """Sorts the messages for one session."""

    def __init__(
        self,
        session: MentraSession,
        listeners: Listeners,
        requests: Requests,
        signals: SessionSignals,
        log: Log,
    ) -> None:
        self._session = session
        self._listeners = listeners
        self._requests = requests
        self._signals = signals
        self._log = log

    def take_ack(self, ack: wire.ConnectionAck) -> None:
        """Take over what an ack carries."""
        platform = ack.mentraos_settings or {}
        self._session.settings.update_platform(platform)
        # Some clouds write "none" as an empty object.
        self._session.settings.replace(ack.settings if isinstance(ack.settings, list) else [])
        self._session.permissions.update(platform)
        self._session.device.update_capabilities(ack.capabilities)

    def message(self, message: codec.Incoming) -> None:
        """Hand a message to the capability it concerns."""
        session = self._session
        match message:
            case wire.DataStream():
                self._listeners.deliver(message.stream_type, message.data)
            case wire.DeviceStateUpdate():
                session.device.state.update(message.state, full_snapshot=message.full_snapshot)
            case wire.CapabilitiesUpdate():
                session.device.update_capabilities(message.capabilities)
            case wire.SettingsUpdate(settings=dict() as values):
                session.permissions.update(values)
            case wire.SettingsUpdate(settings=list() as entries):
                session.settings.replace(entries)
            case wire.PlatformSettingsUpdate():
                session.settings.update_platform(message.settings)
            case wire.PermissionDenied():
                self._report_refusal(message)
            case wire.PermissionIssue():
                self._report_problem(message)
            case wire.ErrorMessage():
                self._report_error(message)
            case _:
                self._take_answer(message)

    def audio(self, chunk: bytes) -> None:
        """Hand sound to the microphone's handlers."""
        self._listeners.deliver_bytes(AUDIO_STREAM, chunk)

    def _take_answer(self, message: codec.Incoming) -> None:
        session = self._session
        match message:
            case wire_media.PhotoResponse():
                session.camera.take_photo_response(message)
            case wire_media.CameraStreamStatus() | wire_media.ManagedStreamStatus():
                session.camera.take_stream_status(message)
            case wire_media.StreamStatusCheckResponse():
                session.camera.take_check_response(message)
            case wire_media.AudioPlayResponse():
                session.speaker.take_response(message)
            case wire_media.AudioStreamReady():
                session.speaker.take_ready(message)
            case wire_media.LedResponse():
                session.led.take_response(message)

    def _report_refusal(self, message: wire.PermissionDenied) -> None:
        self._log.warning("%s is refused: %s", message.stream_type, message.message)
        refused = PermissionRefused(
            permission=message.permission, stream=message.stream_type, message=message.message
        )
        self._session.permissions.report_refused(refused)

    def _report_problem(self, message: wire.PermissionIssue) -> None:
        self._log.warning("%s", message.message)
        problem = PermissionProblem(message=message.message, denied=tuple(message.denied_permissions))
        self._session.permissions.report_problem(problem)
        if LOCATION_PERMISSION in problem.denied:
            self._session.location.refuse_requests(PERMISSION_DENIED, message.message)

    def _report_error(self, message: wire.ErrorMessage) -> None:
        error = CloudError(
            code=message.code or UNKNOWN, message=message.message, request_id=message.request_id
        )
        if error.request_id is not None:
            self._requests.refuse(error.request_id, error.code, error.message)
        self._signals.report(error)
