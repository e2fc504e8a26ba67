"""A session that ended leaves nothing in the worker, however long its node stays connected."""

import asyncio
import gc
import weakref

from sessions_app.speech import wire
from sessions_app.speech.worker.process import SpeechWorker
from tests.support.speech_node import WAIT_SECONDS, NodeEnd
from tests.support.speech_sound import silence, sound_of

LOOKS = 20


async def test_a_closed_channel_is_freed(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(7)
    channel = worker._sessions._held["session"].channel
    freed = asyncio.Event()
    weakref.finalize(channel, freed.set)
    del channel
    node.send_sound(7, silence(1.0) + sound_of("one two"))
    await node.final()
    node.send(wire.CloseChannel(7))
    for _ in range(LOOKS):
        gc.collect()
        try:
            await asyncio.wait_for(freed.wait(), WAIT_SECONDS / LOOKS)
        except TimeoutError:
            continue
        break
    assert freed.is_set()
