"""The messages about camera streams: to the phone in the words it knows, to apps in those of their SDK (D13). Pure."""

import msgspec

from sessions_app.protocol import cloud_to_app, cloud_to_glasses
from sessions_app.protocol.base import NOTHING, ToApp, ToGlasses
from sessions_app.protocol.codec import iso
from sessions_app.protocol.families import Family
from sessions_app.protocol.fragments import RestreamOutput, StreamStats, VideoOptions
from sessions_app.states import StreamKind
from sessions_app.streaming.addresses import place_of
from sessions_app.streaming.rules import MANAGED_APP_ID
from sessions_app.streaming.stream import SentOn, Stream

_QUALITIES = {
    "720p": VideoOptions(width=1280, height=720, bitrate=2_000_000, frame_rate=30),
    "1080p": VideoOptions(width=1920, height=1080, bitrate=4_500_000, frame_rate=30),
}


def video_of(quality: str | None, video: VideoOptions | None) -> VideoOptions | None:
    """Return what the camera is to deliver: a quality's values, each of which `video` may set differently."""
    usual = _QUALITIES.get(quality or "")
    if usual is None or video is None:
        return video or usual
    said = {name: value for name in video.__struct_fields__ if (value := getattr(video, name)) is not None}
    return msgspec.structs.replace(usual, **said)


def app_id_of(stream: Stream) -> str:
    """Return whose stream it is towards the phone."""
    return MANAGED_APP_ID if stream.kind is StreamKind.MANAGED else stream.owner


def start_message(stream: Stream, user_id: str, now: str, *, old: bool) -> ToGlasses:
    """Return what has the glasses begin; `old`: the phone knows the words of 2025 (glasses-socket §5.5)."""
    # They differ in the name of the address only.
    message = cloud_to_glasses.StartRtmpStream if old else cloud_to_glasses.StartStream
    wish = stream.wish
    return message(
        user_id,
        app_id_of(stream),
        stream.stream_id,
        stream.push_url,
        flash=True,
        timestamp=now,
        video=wish.video,
        audio=wish.audio,
        stream=wish.stream,
        sound=wish.sound,
    )


def stop_message(stream_id: str, app_id: str, user_id: str, *, old: bool) -> ToGlasses:
    """Return what has the glasses end a stream."""
    message = cloud_to_glasses.StopRtmpStream if old else cloud_to_glasses.StopStream
    return message(session_id=user_id, app_id=app_id, stream_id=stream_id)


def keep_alive_message(stream_id: str, ack_id: str, *, old: bool) -> ToGlasses:
    """Return what asks the glasses whether they still stream, and has them go on."""
    message = cloud_to_glasses.KeepRtmpStreamAlive if old else cloud_to_glasses.KeepStreamAlive
    return message(stream_id=stream_id, ack_id=ack_id)


def status_message(
    stream: Stream,
    package_name: str,
    family: Family,
    *,
    session_id: str,
    now: str,
    stats: StreamStats | None = None,
) -> ToApp:
    """Return how a stream stands, for an app (app-socket §8.5)."""
    if stream.kind is StreamKind.MANAGED:
        place = stream.place
        return cloud_to_app.ManagedStreamStatus(
            status=stream.status,
            stream_id=stream.stream_id,
            hls_url=place.hls_url if place else None,
            dash_url=place.dash_url if place else None,
            webrtc_url=place.webrtc_url if place else None,
            message=stream.why or None,
            outputs=outputs_for(stream, package_name) or None,
            resolved_config=_resolved(stream),
            session_id=session_id,
            timestamp=now,
        )
    message = cloud_to_app.RtmpStreamStatus if family is Family.A else cloud_to_app.StreamStatus
    return message(
        status=stream.status,
        stream_id=stream.stream_id,
        error_details=stream.why or None,
        app_id=stream.owner,
        stats=stats,
        resolved_config=_resolved(stream),
        session_id=session_id,
        timestamp=now,
    )


def phone_status_message(stream: Stream, package_name: str, stats: StreamStats | None = None) -> ToGlasses:
    """Return how a stream stands, for the phone that asked for it itself (glasses-socket §4.6)."""
    if stream.kind is StreamKind.DIRECT:
        return cloud_to_glasses.PhoneStreamStatus(
            status=stream.status,
            stream_id=stream.stream_id,
            error_details=stream.why or None,
            stats=stats,
        )
    place = stream.place
    return cloud_to_glasses.PhoneManagedStreamStatus(
        status=stream.status,
        stream_id=stream.stream_id,
        hls_url=place.hls_url if place else None,
        dash_url=place.dash_url if place else None,
        webrtc_url=place.webrtc_url if place else None,
        message=stream.why or None,
        outputs=outputs_for(stream, package_name) or None,
        resolved_config=_resolved(stream),
    )


def outputs_for(stream: Stream, package_name: str) -> list[RestreamOutput]:
    """Return where a managed stream is sent on to; of the address of another app only its host, as it holds a key."""
    return [
        RestreamOutput(
            url=url_for(each, package_name),
            status=output_status(each),
            name=each.name,
            error=each.error or None,
        )
        for each in stream.sent_on
    ]


def url_for(output: SentOn, package_name: str) -> str:
    """Return an output's address for an app: whole for the one that gave it."""
    return output.url if output.package_name == package_name else place_of(output.url)


def output_status(output: SentOn) -> str:
    """Return how an output is called towards apps."""
    return "error" if output.error else "active"


def stream_info(stream: Stream, package_name: str) -> cloud_to_app.StreamInfo:
    """Return a stream as the answer to a status check describes it; any app of the user may ask (P-53).

    Where a direct stream goes is told its owner; others learn the host, as the rest may be a key.
    """
    place, is_direct = stream.place, stream.kind is StreamKind.DIRECT
    url = stream.push_url if package_name == stream.owner else place_of(stream.push_url)
    return cloud_to_app.StreamInfo(
        type=stream.kind,
        stream_id=stream.stream_id,
        status=stream.status,
        created_at=iso(stream.started_at),
        hls_url=place.hls_url if place else None,
        dash_url=place.dash_url if place else None,
        webrtc_url=place.webrtc_url if place else None,
        active_viewers=None if is_direct else len(stream.viewers),
        stream_url=url if is_direct else None,
        rtmp_url=url if is_direct else None,
        requesting_app_id=stream.owner,
    )


def _resolved(stream: Stream) -> msgspec.Raw:
    return msgspec.Raw(stream.resolved_config.encode()) if stream.resolved_config else NOTHING
