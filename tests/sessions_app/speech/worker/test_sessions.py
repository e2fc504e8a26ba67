"""Who may have a session, and what becomes of it when its connection ends."""

import asyncio

from pytest_django.fixtures import Settings

from sessions_app.speech import wire
from sessions_app.speech.worker.process import SpeechWorker
from tests.support.speech_node import EN, NodeEnd, becomes, running_worker
from tests.support.speech_sound import silence, sound_of


def wanted(channel: int, session_id: str = "session", generation: int = 1) -> wire.OpenChannel:
    return wire.OpenChannel(channel, session_id, generation, 0, (EN,))


async def test_an_older_owner_is_refused(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(1, generation=3)
    node.send(wanted(2, generation=2))
    refused = await node.next(wire.ChannelRefused)

    assert (refused.channel, refused.code) == (2, "SPEECH_STALE")
    node.send_sound(1, sound_of("one"))
    assert (await node.final()).channel == 1


async def test_sound_of_a_lost_channel_is_not_heard(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(1)
    other = await NodeEnd.welcomed(worker.address, "node-2")
    await other.open(1, generation=2)
    await node.next(wire.ChannelLost)
    node.send_sound(1, sound_of("wrong"))
    node.send(wire.PhoneVoice(1, True), wire.CloseChannel(1))
    other.send_sound(1, sound_of("right"))

    assert (await other.final()).text == "right"
    await other.close()


async def test_the_same_node_may_open_it_again(node: NodeEnd) -> None:
    await node.open(1)
    await node.open(2)
    node.send_sound(2, sound_of("one"))

    assert (await node.final()).channel == 2
    assert (await node.next(wire.ChannelLost)).channel == 1


async def test_a_full_worker_says_so(speech_settings: Settings) -> None:
    speech_settings.SPEECH_MOST_CHANNELS = 1
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        await node.open(1, "one")
        node.send(wanted(2, "two"))
        refused = await node.next(wire.ChannelRefused)

        assert (refused.channel, refused.code) == (2, "SPEECH_FULL")
        node.send(wire.CloseChannel(1))
        assert await becomes(lambda: worker.facts().channels == 0)
        await node.open(3, "two")
        await node.close()


async def test_a_closed_session_gives_its_last_words(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two", ends=False))
    node.send(wire.CloseChannel(1))

    assert (await node.final()).text == "one two"


async def test_a_closed_session_waits_for_who_takes_it_over(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two", ends=False))
    node.send(wire.CloseChannel(1, keep_seconds=30))
    final = await node.final()
    other = await NodeEnd.welcomed(worker.address, "node-2")
    await other.open(1, generation=2, heard=final.number)
    other.send_sound(1, sound_of("three"), position=10**6)

    assert (await other.final()).number == final.number + 1
    await other.close()


async def test_a_worker_that_ends_lets_go_between_utterances(speech_settings: Settings) -> None:
    async with running_worker() as worker:
        node = await NodeEnd.welcomed(worker.address)
        await node.open(1, "quiet")
        await node.open(2, "speaks")
        node.send_sound(1, silence(1))
        node.send_sound(2, sound_of("one two", ends=False))
        await node.next(wire.Words)
        stopping = asyncio.create_task(worker.stop())
        lost = await node.next(wire.ChannelLost)
        node.send(wanted(3, "third"))
        refused = await node.next(wire.ChannelRefused)
        node.send_sound(2, silence(0.7))
        final = await node.final()
        await node.next(wire.ChannelLost, lambda lost: lost.channel == 2)
        await node.wait_until_closed()
        await stopping

        assert (lost.channel, lost.code) == (1, "SPEECH_DRAINING")
        assert refused.code == "SPEECH_DRAINING"
        assert final.text == "one two"
        await node.close()
