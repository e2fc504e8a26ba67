"""What a developer can do about an error: which hop failed, and the next step. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from sessions_app.inspection.problems import CallProblem
from sessions_app.inspection.reading import FAILED
from sessions_app.protocol.codes import DeferCode, ErrorCode, RejectCode


class Hop(StrEnum):
    """A part of the way between an app and the glasses."""

    APP = "app"
    CLOUD = "cloud"
    PHONE = "phone"
    GLASSES = "glasses"


class Advice(NamedTuple):
    """Where it failed and what to do, one or two plain sentences."""

    hop: Hop
    text: str


_E, _C = ErrorCode, CallProblem

ADVICE: Final[dict[str, Advice]] = {
    # Handshakes and sockets.
    _E.AUTHENTICATION_FAILED: Advice(Hop.PHONE, "The phone's token was refused. Sign in again on the phone."),
    _E.INVALID_TOKEN: Advice(Hop.PHONE, "The phone's token has expired or is not ours. Sign in again."),
    _E.SESSION_ERROR: Advice(Hop.CLOUD, "The session could not be opened. The phone tries again by itself."),
    _E.INVALID_API_KEY: Advice(
        Hop.APP,
        "Your server sent a key that is not, or no longer, a key of this app. Make one on the Keys page.",
    ),
    _E.PACKAGE_NOT_FOUND: Advice(
        Hop.APP,
        "No app has this package name. Compare the one in your code with the one at the top of this page.",
    ),
    _E.SESSION_NOT_FOUND: Advice(
        Hop.APP,
        "This person has no session. Connect only after a start webhook, with the session id it names.",
    ),
    _E.APP_NOT_STARTED: Advice(
        Hop.APP, "The app is not started for this person. Wait for the start webhook before you connect."
    ),
    _E.APP_DEPRECATED: Advice(Hop.CLOUD, "The app is marked as deprecated, so nobody can start it any more."),
    _E.INVALID_JWT: Advice(Hop.APP, "The token of the upgrade cannot be read. Send the API key instead."),
    _E.JWT_INVALID: Advice(Hop.APP, "The token of the upgrade cannot be read. Send the API key instead."),
    _E.JWT_SIGNATURE_FAILED: Advice(
        Hop.APP, "The token of the upgrade is signed with another secret than this cloud's."
    ),
    _E.MISSING_HEADERS: Advice(Hop.APP, "Send the header x-user-id along with the token of the upgrade."),
    _E.INTERNAL_ERROR: Advice(
        Hop.CLOUD,
        "This cloud failed. Try again; if it stays, tell whoever runs it at which time it happened.",
    ),
    _E.MALFORMED_MESSAGE: Advice(
        Hop.APP, "The message before this one is not what the protocol says. The text names the field."
    ),
    _E.PERMISSION_DENIED: Advice(
        Hop.CLOUD, "The app has not declared the permission this needs. Add it on the app's page."
    ),
    _E.RATE_LIMITED: Advice(
        Hop.APP, "Too many messages at once were dropped. Send fewer, or wait and try again."
    ),
    # Ways to the glasses.
    _E.PHONE_DISCONNECTED: Advice(
        Hop.PHONE, "The phone is not connected to this cloud. It comes back by itself; try again then."
    ),
    _E.STALE_CONNECTION: Advice(
        Hop.PHONE, "The phone fell silent, perhaps without a network. Try again when it is back."
    ),
    _E.WEBSOCKET_CLOSED: Advice(
        Hop.PHONE, "The phone's connection closed before the answer came. Try again when it is back."
    ),
    _E.GLASSES_DISCONNECTED: Advice(
        Hop.GLASSES, "The phone is here, the glasses are not. Switch them on and near the phone."
    ),
    _E.WIFI_NOT_CONNECTED: Advice(
        Hop.GLASSES, "The glasses need Wi-Fi for this. Ask the wearer for it with request_wifi_setup."
    ),
    _E.NOT_SUPPORTED: Advice(
        Hop.GLASSES, "These glasses cannot do this. Look at the capabilities in the ack before you ask."
    ),
    _E.CAMERA_BUSY: Advice(Hop.GLASSES, "The camera takes a photo or streams already. Wait for its answer."),
    _E.STREAM_CREATE_FAILED: Advice(
        Hop.GLASSES, "The stream did not start. Check that its address takes a stream from outside."
    ),
    _E.STREAM_CONFLICT: Advice(Hop.CLOUD, "Another stream of this person is running. Stop that one first."),
    _E.TIMEOUT: Advice(
        Hop.PHONE,
        "Phone or glasses did not answer in time. Try again; see whether the phone app is in front.",
    ),
    # Speech.
    _E.SPEECH_UNAVAILABLE: Advice(
        Hop.CLOUD, "No speech worker runs. Whoever runs this cloud starts one; words come then by themselves."
    ),
    _E.SPEECH_FULL: Advice(
        Hop.CLOUD, "Every speech worker is full. Words come by themselves when one has room."
    ),
    _E.SPEECH_ENGINE_FAILED: Advice(
        Hop.CLOUD, "The recogniser failed and is tried again. Operators see why on their page Speech."
    ),
    _E.SPEECH_LANGUAGE_UNSUPPORTED: Advice(
        Hop.APP, "No recogniser here takes this language. Subscribe to one that the text names."
    ),
    _E.TRANSLATION_UNSUPPORTED: Advice(
        Hop.APP, "Nothing here translates this pair. Subscribe to one that the text names."
    ),
    _E.TRANSLATION_FAILED: Advice(
        Hop.CLOUD, "The translation failed and is tried again with what is said next."
    ),
    # Messages between users.
    _E.MESSAGE_TOO_LARGE: Advice(
        Hop.APP, "Messages between users are small. Send an address of what is large, not the thing itself."
    ),
    _E.USER_NOT_ACTIVE: Advice(
        Hop.APP,
        "That person does not run the app now. Ask who does, or keep the message until they are back.",
    ),
    _E.ROOM_FULL: Advice(Hop.APP, "The room is as full as it was opened for. Open another one, or wait."),
    _E.ROOM_LIMIT: Advice(
        Hop.APP,
        "Too many rooms are open at a time. Leave those that nobody needs; empty ones close themselves.",
    ),
    _E.NOT_IN_ROOM: Advice(
        Hop.APP, "Only who is in a room may send to it or leave it. Join again after the app was stopped."
    ),
    # Reconnects.
    RejectCode.NOT_RUNNING: Advice(
        Hop.CLOUD, "The app is not running for this person any more. Wait for the next start webhook."
    ),
    RejectCode.BOOT_TIMEOUT: Advice(
        Hop.PHONE, "The phone did not come back in time. Wait for the next start webhook."
    ),
    DeferCode.BOOTING: Advice(
        Hop.PHONE, "Your server is back before the phone. Keep the socket open and wait."
    ),
    DeferCode.AWAITING_APP_RESTORE: Advice(
        Hop.CLOUD, "The phone is back and the app is being restored. Keep the socket open and wait."
    ),
    FAILED: Advice(Hop.APP, "The message tells of a failure without a code. Open it and read its text."),
    # Webhooks.
    _C.BAD_ADDRESS: Advice(
        Hop.APP, "The public URL is no address. Set it to http:// or https:// and a host."
    ),
    _C.PRIVATE_ADDRESS: Advice(
        Hop.APP, "The public URL leads into a private network. Use a public address or a tunnel."
    ),
    _C.UNKNOWN_HOST: Advice(
        Hop.APP, "The host in the public URL does not exist. Check its spelling or your DNS."
    ),
    _C.NOBODY_LISTENS: Advice(
        Hop.APP, "Nothing answers at that host and port. Start your server, and compare the ports."
    ),
    _C.TLS_FAILED: Advice(Hop.APP, "The certificate of your server is not valid for this host. Renew it."),
    _C.TIMED_OUT: Advice(
        Hop.APP, "Your server was reached and gave no answer in time. Answer first, do slow work afterwards."
    ),
    _C.BROKEN_ANSWER: Advice(
        Hop.APP, "The answer is no complete HTTP. A proxy or a crash of your server may have cut it."
    ),
    _C.REDIRECT: Advice(Hop.APP, "Redirects are not followed. Set the public URL to where it leads."),
    _C.NO_SUCH_PATH: Advice(
        Hop.APP, "Your server has no POST /webhook there. The public URL is what stands before /webhook."
    ),
    _C.NOT_ALLOWED: Advice(
        Hop.APP,
        "Your server refused the call. Compare its webhook secret, and let /webhook in without a log-in.",
    ),
    _C.TOO_MANY_CALLS: Advice(
        Hop.APP, "Your server asked for patience. The cloud waits as long as Retry-After says."
    ),
    _C.CLIENT_ERROR: Advice(
        Hop.APP, "Your server refused the call. Its answer says why; it is not tried again."
    ),
    _C.SERVER_ERROR: Advice(
        Hop.APP, "Your code raised an error, or its socket was refused: look for that just after this call."
    ),
    _C.HELD_BACK: Advice(
        Hop.APP,
        "Not called: your server failed several times in a row. Start the app by hand to have it called now.",
    ),
    _C.MAY_NOT_RUN: Advice(Hop.CLOUD, "Not called: the app was removed, deprecated or uninstalled."),
}

_UNKNOWN: Final = Advice(Hop.APP, "This code is not the cloud's own. Open the message and read its text.")


def advice_for(code: str) -> Advice | None:
    """Return what to do about an error code; None for none."""
    return ADVICE.get(code, _UNKNOWN) if code else None
