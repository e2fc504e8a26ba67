"""Further places of a managed stream, asked for by REST (media.md §6.4)."""

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import (
    DONE,
    AddOutput,
    ListOutputs,
    OutputFacts,
    RemoveOutput,
    Reply,
)
from sessions_app.streaming.sending_on import OutputRefused, Refused
from sessions_app.streaming.stream import SentOn
from sessions_app.streaming.wire import output_status, url_for


async def add_output(runtime: SessionRuntime, command: AddOutput) -> Reply:
    """Send the stream on to one more address."""
    try:
        output = await runtime.camera.send_on(
            command.stream_id, command.package_name, command.url, command.name
        )
    except OutputRefused as refusal:
        return _refuse(refusal)
    return Reply(ok=True, outputs=[_facts(output, command.package_name)])


async def remove_output(runtime: SessionRuntime, command: RemoveOutput) -> Reply:
    """Send it there no more."""
    try:
        await runtime.camera.send_on_no_more(command.stream_id, command.package_name, command.output_id)
    except OutputRefused as refusal:
        return _refuse(refusal)
    return DONE


async def list_outputs(runtime: SessionRuntime, command: ListOutputs) -> Reply:
    """Say where it is sent on to."""
    stream = runtime.camera.stream
    if stream is None or stream.stream_id != command.stream_id:
        return _refuse(OutputRefused(Refused.STREAM_NOT_FOUND, "No such stream runs."))
    if command.package_name not in stream.viewers:
        return _refuse(OutputRefused(Refused.NOT_A_VIEWER, "The app does not watch this stream."))
    return Reply(ok=True, outputs=[_facts(each, command.package_name) for each in stream.sent_on])


def _facts(output: SentOn, package_name: str) -> OutputFacts:
    return OutputFacts(output.output_id, url_for(output, package_name), output.name, output_status(output))


def _refuse(refusal: OutputRefused) -> Reply:
    return Reply(ok=False, code=refusal.code, message=refusal.message)
