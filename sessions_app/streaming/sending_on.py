"""Sending a managed stream on to further places, for the apps that watch it (media.md §6.4)."""

import asyncio
from enum import StrEnum

from sessions_app.media_servers.server import MediaServer, MediaServerError
from sessions_app.protocol.codes import ErrorCode
from sessions_app.streaming.addresses import output_problem
from sessions_app.streaming.rules import MOST_OUTPUTS
from sessions_app.streaming.stream import SentOn, Stream

CALL_SECONDS = 4.0


class Refused(StrEnum):
    """Why a stream is not sent on, as REST says it."""

    MALFORMED = ErrorCode.MALFORMED_MESSAGE
    STREAM_NOT_FOUND = "STREAM_NOT_FOUND"
    OUTPUT_NOT_FOUND = "OUTPUT_NOT_FOUND"
    NOT_A_VIEWER = "NOT_A_VIEWER"
    NOT_YOURS = "NOT_YOURS"
    MAX_OUTPUTS_REACHED = "MAX_OUTPUTS_REACHED"
    DUPLICATE_URL = "DUPLICATE_URL"
    MEDIA_SERVER = "MEDIA_SERVER_FAILED"


class OutputRefused(Exception):
    """The stream is not sent on, or goes on being sent; the message may be shown."""

    def __init__(self, code: Refused, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


async def send_on(
    stream: Stream, server: MediaServer, package_name: str, url: str, name: str | None
) -> SentOn:
    """Send a stream on for an app that watches it; raises OutputRefused.

    What the media server refuses stays among the outputs of the stream, so that its apps learn of it.
    """
    place = stream.place
    if place is None:
        raise OutputRefused(Refused.STREAM_NOT_FOUND, "The stream has no place at the media server yet.")
    _check(stream, package_name, url)
    output = SentOn(url=url, name=name, package_name=package_name)
    stream.sent_on.append(output)
    try:
        async with asyncio.timeout(CALL_SECONDS):
            made = await server.add_output(place.input_id, url, name)
    except (MediaServerError, TimeoutError) as problem:
        output.error = str(problem) or "The media server did not answer."
        is_full = isinstance(problem, MediaServerError) and problem.code == "MAX_OUTPUTS_REACHED"
        code = Refused.MAX_OUTPUTS_REACHED if is_full else Refused.MEDIA_SERVER
        raise OutputRefused(code, output.error) from problem
    output.output_id = made.output_id
    return output


async def send_on_no_more(stream: Stream, server: MediaServer, package_name: str, output_id: str) -> None:
    """Take one of an app's outputs back; raises OutputRefused."""
    output = next((each for each in stream.sent_on if output_id and each.output_id == output_id), None)
    if stream.place is None or output is None:
        raise OutputRefused(Refused.OUTPUT_NOT_FOUND, "The stream has no such output.")
    if output.package_name != package_name:
        raise OutputRefused(Refused.NOT_YOURS, "Another app added this output.")
    try:
        async with asyncio.timeout(CALL_SECONDS):
            await server.remove_output(stream.place.input_id, output_id)
    except (MediaServerError, TimeoutError) as problem:
        if not isinstance(problem, MediaServerError) or problem.code != "NOT_FOUND":
            why = str(problem) or "The media server did not answer."
            raise OutputRefused(Refused.MEDIA_SERVER, why) from problem
    if output in stream.sent_on:
        stream.sent_on.remove(output)


def _check(stream: Stream, package_name: str, url: str) -> None:
    if package_name not in stream.viewers:
        raise OutputRefused(Refused.NOT_A_VIEWER, "The app does not watch this stream.")
    problem = output_problem(url)
    if problem:
        raise OutputRefused(Refused.MALFORMED, problem)
    failed = [each for each in stream.sent_on if each.error and each.url == url]
    for each in failed:
        stream.sent_on.remove(each)
    if any(each.url == url for each in stream.sent_on):
        raise OutputRefused(Refused.DUPLICATE_URL, "The stream goes there already.")
    if len(stream.sent_on) >= MOST_OUTPUTS:
        raise OutputRefused(Refused.MAX_OUTPUTS_REACHED, f"A stream goes to {MOST_OUTPUTS} places at most.")
