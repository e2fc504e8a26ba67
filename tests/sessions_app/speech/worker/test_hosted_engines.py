"""Hosted recognisers inside a speech worker: a node's sound goes to the provider, its words come back to the node."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from sessions_app.speech import wire
from tests.support.hosted_speech import FIN, KEY, DeepgramSocket, ProviderServer, SonioxSocket, token
from tests.support.speech_node import NodeEnd, running_worker
from tests.support.speech_sound import silence, sound_of


@pytest.fixture
async def deepgram() -> AsyncIterator[ProviderServer[DeepgramSocket]]:
    async with ProviderServer(DeepgramSocket) as server:
        yield server


@pytest.fixture
async def soniox() -> AsyncIterator[ProviderServer[SonioxSocket]]:
    async with ProviderServer(SonioxSocket) as server:
        yield server


@pytest.fixture
async def node(
    speech_settings: Settings,
    deepgram: ProviderServer[DeepgramSocket],
    soniox: ProviderServer[SonioxSocket],
) -> AsyncIterator[NodeEnd]:
    """A node at a worker whose German is Soniox's and whose other languages are Deepgram's, else the scripted ones."""
    settings = speech_settings
    settings.SPEECH_ENGINES = "deepgram,scripted,de=soniox"
    settings.DEEPGRAM_API_KEY = settings.SONIOX_API_KEY = KEY
    settings.DEEPGRAM_URL, settings.SONIOX_URL = deepgram.address, soniox.address
    settings.SONIOX_TRANSLATES_TO = ["fr"]
    async with running_worker() as worker:
        end = await NodeEnd.welcomed(worker.address)
        yield end
        await end.close()


async def test_nothing_but_speech_is_sent_to_a_provider(
    node: NodeEnd, deepgram: ProviderServer[DeepgramSocket]
) -> None:
    words = sound_of("one two")
    await node.open(1)
    node.send_sound(1, silence(20.0) + words)
    socket = await deepgram.next_socket()
    await socket.until("Finalize")

    # The words, and a little of the silence before them.
    assert 0 < len(socket.sound) < len(words) + len(silence(0.5))


async def test_words_of_the_provider_reach_the_node(
    node: NodeEnd, deepgram: ProviderServer[DeepgramSocket]
) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two"))
    socket = await deepgram.next_socket()
    await socket.until("Finalize")
    seconds = len(socket.sound) / 32_000
    await socket.results("One, two.", 0.0, seconds, is_final=True, from_finalize=True)
    final = await node.final()

    assert (final.text, final.provider, final.language) == ("One, two.", "deepgram", "en-US")
    assert final.confidence == pytest.approx(0.98)


async def test_a_provider_translates_what_it_hears(
    node: NodeEnd, soniox: ProviderServer[SonioxSocket]
) -> None:
    await node.open(1, recognizers=(wire.RecognizerWish("de-DE", targets=("fr-FR",)),))
    node.send_sound(1, sound_of("one"))
    socket = await soniox.next_socket()
    assert (await socket.start())["translation"]["target_language"] == "fr"
    await socket.until("finalize")
    await socket.tokens(
        token("Guten Morgen", translation_status="original", language="de"),
        token("Bonjour", translation_status="translation", language="fr"),
        FIN,
    )
    translated = await node.next(wire.TranslatedWords, lambda words: words.is_final)

    assert (translated.text, translated.original) == ("Bonjour", "Guten Morgen")
    assert (translated.target, translated.provider, translated.did_translate) == ("fr-FR", "soniox", True)
    assert (await node.final("de-DE")).text == "Guten Morgen"


async def test_a_refused_key_is_told_and_leaves_the_next_session_to_the_next_engine(
    node: NodeEnd, deepgram: ProviderServer[DeepgramSocket]
) -> None:
    deepgram.door.refuses_with = [401]
    await node.open(1)
    node.send_sound(1, sound_of("one"))
    trouble = await node.next(wire.Trouble)
    assert (trouble.code, trouble.message) == ("SPEECH_ENGINE_FAILED", "deepgram answered 401")

    await node.open(2, "another session")
    node.send_sound(2, sound_of("two"))
    final = await node.next(wire.Words, lambda words: words.channel == 2 and words.is_final)
    assert (final.text, final.provider) == ("two", "scripted")
