"""A session on a worker, over a real connection: sound goes in, words come out."""

from tests.support.speech_node import NodeEnd
from tests.support.speech_sound import silence, sound_of


async def test_words_come_out(node: NodeEnd) -> None:
    await node.open(7)
    node.send_sound(7, silence(1.0) + sound_of("one two three"))
    final = await node.final()

    assert final.text == "one two three"
    assert final.number == 1
    assert final.channel == 7
    assert final.provider == "scripted"
