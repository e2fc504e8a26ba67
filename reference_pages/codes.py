"""The pages of codes and of subscriptions."""

from enum import StrEnum

from reference_pages.markdown import code, table
from sessions_app.protocol.codes import (
    ERROR_FACTS,
    CloseCode,
    CloseReason,
    DeferCode,
    ErrorCode,
    RejectCode,
    StopReason,
)
from sessions_app.protocol.streams import GESTURES, LocationTier, StreamName
from sessions_app.streams.permissions import stream_permission

_CLOSES = {
    CloseCode.NORMAL: "the end was meant; the reason says why",
    CloseCode.GOING_AWAY: "this process ends; come again, to any node",
    CloseCode.POLICY_VIOLATION: "refused; the same attempt will be refused again",
    CloseCode.MESSAGE_TOO_BIG: "a message was larger than `WEBSOCKET_MAX_BYTES`",
    CloseCode.INTERNAL_ERROR: "this cloud failed; try again",
    CloseCode.TRY_AGAIN_LATER: "too slow, too often, or not for now; come again a little later",
}


def codes_page() -> str:
    """Return the page of error codes, close codes and reasons."""
    errors = [
        (code(name), facts.message, "yes" if facts.retry else "", code(str(facts.close_code or "")))
        for name, facts in ((name, ERROR_FACTS[name]) for name in ErrorCode)
    ]
    return "".join(
        (
            "# Codes\n\n## Errors\n\n",
            "The `code` of `connection_error` (phones) and `tpa_connection_error` (apps), and of error fields "
            "in answers. *Again*: the same attempt may succeed a little later. *Closes*: the close code that follows "
            "during a handshake; a socket that was welcomed is never closed by an error.\n\n",
            table(("Code", "Meaning", "Again", "Closes"), errors),
            "## Closes\n\n",
            table(("Code", "Meaning"), [(code(str(int(each))), _CLOSES[each]) for each in CloseCode]),
            "Reasons that go with them:\n\n",
            _listed(CloseReason),
            "## Why an app was stopped\n\nThe `reason` of `app_stopped` and of the stop webhook.\n\n",
            _listed(StopReason),
            "## Answers to an app that reconnects\n\n`reconnect_rejected` ends the app's session:\n\n",
            _listed(RejectCode),
            "`reconnect_deferred` asks it to wait on the socket:\n\n",
            _listed(DeferCode),
        )
    )


def streams_page() -> str:
    """Return the page of what an app may subscribe to."""
    rows = [(code(name), code(str(stream_permission(name) or ""))) for name in StreamName]
    return "".join(
        (
            "# Subscriptions\n\nAn app sends the complete list of its streams in `subscription_update`; what it may "
            "not have is told, the rest holds. Any other message of a phone can be subscribed to by its type.\n\n",
            table(("Stream", "Permission"), rows),
            "## Forms\n\n",
            table(("Form", "Means"), _FORMS),
            "## Gestures\n\n",
            "".join(f"- `{gesture}`\n" for gesture in sorted(GESTURES)),
            "\n## Rates of a position\n\nWeak to strong; the strongest that any app of the user asks for counts.\n\n",
            _listed(LocationTier),
        )
    )


_FORMS = [
    ("`transcription:en-US`, `transcription:en`", "words in one language"),
    ("`transcription:auto`", "words in whatever language is spoken"),
    ("`transcription:auto?hints=de,fr`", "the same, with languages to expect"),
    ("`translation:es-ES-to-en-US`, `translation:auto-to-en`", "words in another language"),
    ("`touch_event:long_press`", "one gesture"),
    ("`augmentos:metricSystemEnabled`, `augmentos:*`", "a setting of the user, or all of them"),
    ('`{"stream": "location_stream", "rate": "high"}`', "the position, as closely as said"),
    ("`all`, `*`", "every message of the phone that needs no permission"),
]


def _listed(names: type[StrEnum]) -> str:
    return "".join(f"- `{each.value}`\n" for each in names) + "\n"
