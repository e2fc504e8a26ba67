"""Other ways for sound and pictures that the phone proposes (glasses-socket §4.5, §4.6)."""

from sessions_app.handlers.registry import from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.cloud_to_glasses import PhoneManagedStreamStatus, PhoneStreamStatus
from sessions_app.protocol.glasses_to_cloud import (
    LivekitInit,
    ManagedStreamRequest,
    ManagedStreamStop,
    StreamRequest,
    StreamStop,
    UdpRegister,
    UdpUnregister,
)

NOT_OFFERED = "NOT_SUPPORTED: this cloud does not offer streams to the phone's own apps"


@from_glasses(UdpRegister, UdpUnregister, LivekitInit)
def on_transport_offer(
    runtime: SessionRuntime, message: UdpRegister | UdpUnregister | LivekitInit, raw: str
) -> None:
    """Say nothing: without an answer the phone keeps to its socket."""


@from_glasses(StreamRequest, StreamStop)
def on_phone_stream(runtime: SessionRuntime, message: StreamRequest | StreamStop, raw: str) -> None:
    """Tell the phone that its own streams are not offered."""
    stream_id = message.stream_id if isinstance(message, StreamStop) else None
    runtime.phone.send(PhoneStreamStatus(status="error", stream_id=stream_id, error_details=NOT_OFFERED))


@from_glasses(ManagedStreamRequest, ManagedStreamStop)
def on_phone_managed_stream(
    runtime: SessionRuntime, message: ManagedStreamRequest | ManagedStreamStop, raw: str
) -> None:
    """Tell the phone that its own managed streams are not offered."""
    runtime.phone.send(PhoneManagedStreamStatus(status="error", message=NOT_OFFERED))
