"""A session on a worker, over a real connection: sound goes in, words come out."""

import pytest

from sessions_app.speech import wire
from sessions_app.speech.wire import SAMPLE_RATE
from sessions_app.speech.worker import channel
from sessions_app.speech.worker.process import SpeechWorker
from tests.support.speech_node import EN, NodeEnd
from tests.support.speech_sound import silence, sound_of

DE = wire.RecognizerWish("de-DE")


async def test_words_of_an_utterance_have_one_name_and_their_times(node: NodeEnd) -> None:
    await node.open(7, position=SAMPLE_RATE * 60)
    node.send_sound(7, silence(1.0) + sound_of("one two three"))
    final = await node.final()
    interims = node.of(wire.Words)

    assert (final.text, final.channel, final.number) == ("one two three", 7, 1)
    assert (final.language, final.provider, final.confidence) == ("en-US", "scripted", 1.0)
    assert final.start == pytest.approx(61_000, abs=40)
    assert final.end == pytest.approx(61_000 + len(sound_of("one two three", ends=False)) / 32, abs=100)
    assert [words.text for words in interims] == ["one", "one two", "one two three"][: len(interims)]
    assert {(words.utterance, words.number, words.is_final) for words in interims} == {
        (final.utterance, 0, False)
    }


async def test_each_utterance_has_a_name_and_a_number_of_its_own(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("first one") + sound_of("second one"))
    first, second = await node.final(), await node.final()

    assert (first.text, second.text) == ("first one", "second one")
    assert (first.number, second.number) == (1, 2)
    assert first.utterance != second.utterance


async def test_recognisers_share_utterances(node: NodeEnd) -> None:
    await node.open(1, recognizers=(EN, DE))
    node.send_sound(1, sound_of("hello"))
    english, german = await node.final("en-US"), await node.final("de-DE")

    assert english.utterance == german.utterance
    assert (english.language, german.language) == ("en-US", "de-DE")
    assert {english.number, german.number} == {1, 2}


async def test_one_who_comes_late_hears_the_rest(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two three", ends=False))
    await node.next(wire.Words, lambda words: words.text == "one two three")
    node.send(wire.ConfigureChannel(1, (EN, DE)))
    node.send_sound(1, sound_of("four five"))

    assert (await node.final("en-US")).text == "one two three four five"
    assert (await node.final("de-DE")).text == "four five"


async def test_one_that_nobody_wants_any_more_says_nothing(node: NodeEnd) -> None:
    await node.open(1, recognizers=(EN, DE))
    node.send_sound(1, sound_of("one"))
    await node.final("de-DE")
    node.send(wire.ConfigureChannel(1, (EN,)))
    node.send_sound(1, sound_of("two") + sound_of("three"))
    while (await node.final("en-US")).text != "three":
        pass

    assert {words.text for words in node.of(wire.Words) if words.setting == "de-DE"} <= {"one"}


async def test_a_gap_ends_the_utterance(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two", ends=False))
    node.send_sound(1, sound_of("three"), position=10 * SAMPLE_RATE)
    first, second = await node.final(), await node.final()

    assert (first.text, second.text) == ("one two", "three")
    assert second.start == pytest.approx(10_000, abs=40)


async def test_sound_that_was_sent_before_is_heard_once(node: NodeEnd) -> None:
    await node.open(1)
    sound = sound_of("one two")
    node.send_sound(1, sound[:32_000])
    node.send_sound(1, sound, position=0)
    node.send_sound(1, sound_of("three"))
    first, second = await node.final(), await node.final()

    assert (first.text, second.text) == ("one two", "three")


async def test_an_utterance_is_over_when_no_sound_comes(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two", ends=False))

    assert (await node.final()).text == "one two"


async def test_the_phone_ends_an_utterance_at_once(node: NodeEnd) -> None:
    await node.open(1, wants_voice=True)
    node.send_sound(1, sound_of("one two", ends=False))
    node.send(wire.PhoneVoice(1, is_speaking=False))
    node.send_sound(1, sound_of("three"))
    final = await node.final()

    assert final.text == "one two"
    voices = [await node.next(wire.Voice), await node.next(wire.Voice)]
    assert [voice.is_speaking for voice in voices] == [True, False]
    assert (await node.final()).text == "three"


async def test_the_phone_is_believed_that_somebody_speaks(node: NodeEnd) -> None:
    await node.open(1, wants_voice=True)
    node.send_sound(1, silence(1.0))
    node.send(wire.PhoneVoice(1, is_speaking=True))
    began = await node.next(wire.Voice)
    node.send_sound(1, silence(0.5))
    node.send(wire.PhoneVoice(1, is_speaking=False))

    assert began == wire.Voice(1, True, SAMPLE_RATE)
    assert (await node.final()).text == ""


async def test_nobody_is_told_of_voices_unless_wanted(node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one"))
    await node.final()

    assert not node.of(wire.Voice)


async def test_settled_follows_what_needs_no_hearing_again(
    node: NodeEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "SETTLED_SECONDS", 0.0)
    await node.open(1)
    node.send_sound(1, silence(2.0))
    quiet = await node.next(wire.Settled, lambda settled: settled.position > SAMPLE_RATE)
    node.send_sound(1, sound_of("one two"))
    begun = await node.next(wire.Settled, lambda settled: bool(settled.utterance))
    final = await node.final()
    over = await node.next(wire.Settled, lambda settled: settled.position > begun.position)

    assert quiet.utterance == ""
    assert begun.utterance == final.utterance
    assert begun.position <= 2 * SAMPLE_RATE
    assert over.utterance == ""
    assert over.position >= final.end * 16 - 16


async def test_the_first_utterance_keeps_the_name_it_had_elsewhere(node: NodeEnd) -> None:
    await node.open(1, utterance="known", heard=41)
    node.send_sound(1, sound_of("one") + sound_of("two"))
    first, second = await node.final(), await node.final()

    assert (first.utterance, first.number) == ("known", 42)
    assert second.utterance != "known"


async def test_what_is_wished_from_the_recogniser_is_translated_by_it(node: NodeEnd) -> None:
    wish = wire.RecognizerWish("de-DE", transcribes=False, targets=("en-US",))
    await node.open(1, recognizers=(wish,))
    node.send_sound(1, sound_of("eins zwei"))
    final = await node.next(wire.TranslatedWords, lambda words: words.is_final)

    assert (final.setting, final.target, final.text, final.original) == (
        "de-DE",
        "en-US",
        "EINS ZWEI",
        "eins zwei",
    )
    assert final.did_translate
    assert not node.of(wire.Words)


async def test_words_in_the_target_language_stay_as_they_are(node: NodeEnd) -> None:
    await node.open(1, recognizers=(wire.RecognizerWish("en-GB", targets=("en-US",)),))
    node.send_sound(1, sound_of("hello"))
    final = await node.next(wire.TranslatedWords, lambda words: words.is_final)

    assert (final.text, final.did_translate) == ("hello", False)


async def test_a_target_nobody_can_make_is_told_with_what_works(node: NodeEnd) -> None:
    await node.open(1, recognizers=(wire.RecognizerWish("en-US", targets=("xx",)),))
    trouble = await node.next(wire.Trouble)

    assert (trouble.setting, trouble.target, trouble.code) == ("en-US", "xx", "TRANSLATION_UNSUPPORTED")
    assert "*-en" in trouble.message
    node.send_sound(1, sound_of("hello"))
    assert (await node.final()).text == "hello"


async def test_words_are_told_again_until_the_node_has_them(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one") + sound_of("two") + sound_of("three"))
    one, two, three = await node.final(), await node.final(), await node.final()
    node.send(wire.GotWords(1, one.number))
    await node.close()
    other = await NodeEnd.welcomed(worker.address, "node-2")
    opened = await other.open(5, generation=2, heard=one.number)
    again = [await other.final(), await other.final()]

    assert [words.number for words in again] == [two.number, three.number]
    assert {words.channel for words in again} == {5}
    assert opened.position == 3 * len(sound_of("one")) // 2 or opened.position > three.end * 16
    await other.close()


async def test_an_utterance_goes_on_for_the_next_owner(worker: SpeechWorker, node: NodeEnd) -> None:
    await node.open(1)
    node.send_sound(1, sound_of("one two three", ends=False))
    interim = await node.next(wire.Words, lambda words: words.text == "one two three")
    other = await NodeEnd.welcomed(worker.address, "node-2")
    opened = await other.open(1, generation=2)
    lost = await node.next(wire.ChannelLost)
    other.send_sound(1, sound_of("four"), position=opened.position)
    final = await other.final()

    assert lost.code == "SPEECH_STALE"
    assert (final.text, final.utterance) == ("one two three four", interim.utterance)
    await other.close()
