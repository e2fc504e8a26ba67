"""The door of a worker: who proves to be a node comes in, nobody else; and nobody holds it up."""

import pytest

from sessions_app.speech import wire
from sessions_app.speech.worker import line
from sessions_app.speech.worker.process import SpeechWorker
from tests.support.speech_node import NodeEnd


async def test_a_wrong_proof_is_closed(worker: SpeechWorker) -> None:
    stranger = await NodeEnd.connect(worker.address)
    challenge = await stranger.next(wire.Challenge)
    stranger.send(wire.Hello("node-1", challenge.nonce))
    await stranger.wait_until_closed()

    assert challenge.worker_id == "speech-test"
    assert not stranger.frames
    await stranger.close()


async def test_nothing_else_is_taken_before_the_proof(worker: SpeechWorker) -> None:
    stranger = await NodeEnd.connect(worker.address)
    stranger.send(wire.OpenChannel(1, "session", 1, 0, ()))
    await stranger.wait_until_closed()

    assert worker.facts().channels == 0
    await stranger.close()


async def test_who_says_nothing_is_closed(worker: SpeechWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PROOF_SECONDS", 0.1)
    stranger = await NodeEnd.connect(worker.address)
    await stranger.wait_until_closed()
    await stranger.close()


async def test_what_is_no_frame_closes_the_connection(node: NodeEnd) -> None:
    node.send_bytes(b"GET / HTTP/1.1\r\n\r\n" * 10)
    await node.wait_until_closed()


async def test_a_silent_node_is_closed(worker: SpeechWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(line, "BEAT_SECONDS", 0.15)
    node = await NodeEnd.welcomed(worker.address)
    await node.wait_until_closed()
    await node.close()


async def test_frames_of_unknown_channels_are_harmless(node: NodeEnd) -> None:
    node.send_sound(9, bytes(640))
    node.send(wire.GotWords(9, 1), wire.CloseChannel(9), wire.ConfigureChannel(9, ()), wire.StopSpeaking(9))
    await node.open(1)
