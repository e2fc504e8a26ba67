"""Words come whatever happens to workers, phones and nodes: each once, or apps are told why not."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.support.cloud import Cloud
from tests.support.speech_processes import SpeechProcesses
from tests.support.stage import Person, RawMiniApp, Stage
from tests.support.talking import (
    assert_told_once,
    finals,
    heard,
    take_final,
    take_interim,
    talk,
)
from tests.support.wire import RawApp, RawPhone

ENGLISH = "transcription:en"
MOVED_SECONDS = 2.0


@pytest.fixture(scope="module")
def workers(cluster: Cloud) -> Iterator[SpeechProcesses]:
    """Three speech workers; two stories cost one each."""
    started = SpeechProcesses(cluster)
    started.start("speech-a", "speech-b", "speech-c")
    yield started
    started.stop()


@pytest.fixture
async def stage(cluster_stage: Stage, workers: SpeechProcesses) -> Stage:
    """A story on several nodes and several speech workers."""
    await workers.until_shown()
    return cluster_stage


async def subscribed(
    stage: Stage, person: Person, phone: RawPhone, *streams: str
) -> tuple[RawMiniApp, RawApp]:
    """Return an app that runs for the person and listens to streams; the microphone is on."""
    app = await stage.raw_app(person, permissions=["MICROPHONE"])
    socket = await stage.start_c(phone, person, app)
    await socket.subscribe(*streams)
    await stage.until_subscribed(person, app.package_name, *streams)
    return app, socket


async def listening(stage: Stage, *streams: str) -> tuple[Person, RawPhone, RawApp]:
    ada = await stage.person()
    phone = await stage.phone(ada)
    _, socket = await subscribed(stage, ada, phone, *streams)
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    return ada, phone, socket


async def worker_of(stage: Stage, person: Person, workers: SpeechProcesses) -> subprocess.Popen[bytes]:
    """Return the process of the worker that has the person's session."""
    row = await stage.session(person)
    assert row is not None
    return workers.of(row["id"])


async def test_what_is_said_comes_as_words_while_and_after_it_is_said(stage: Stage) -> None:
    _, phone, app = await listening(stage, ENGLISH, "VAD")

    await talk(phone, "one two three")
    final = await take_final(app, ENGLISH)

    assert final["text"] == "one two three"
    assert (final["transcribeLanguage"], final["provider"]) == ("en-US", "scripted")
    assert 0 <= final["startTime"] < final["endTime"] == final["startTime"] + final["duration"] < 3_000
    assert any(data["text"] == "one" for data in heard(app, ENGLISH))
    assert_told_once(app, ENGLISH, "one two three")
    assert [data["status"] for data in heard(app, "VAD")] == [True, False]
    assert not app.inbox.seen(type="tpa_connection_error")


async def test_a_worker_killed_in_mid_sentence_costs_no_word(stage: Stage, workers: SpeechProcesses) -> None:
    ada, phone, app = await listening(stage, ENGLISH)
    await talk(phone, "before this")
    await take_final(app, ENGLISH)
    await talk(phone, "one two three", ends=False)
    interim = await take_interim(app, ENGLISH)
    victim = await worker_of(stage, ada, workers)
    app.inbox.forget()

    victim.kill()
    killed_at = time.monotonic()
    victim.wait()
    await talk(phone, "four five six")
    await app.take("data_stream", streamType=ENGLISH)
    moved_after = time.monotonic() - killed_at
    final = await take_final(app, ENGLISH)

    assert moved_after < MOVED_SECONDS
    assert final["text"] == "one two three four five six"
    assert final["utteranceId"] == interim["utteranceId"] or interim["text"] == "before"
    assert_told_once(app, ENGLISH, "before this one two three four five six")


async def test_several_apps_and_languages_share_what_they_can(stage: Stage) -> None:
    ada, phone, first = await listening(stage, ENGLISH)
    _, second = await subscribed(stage, ada, phone, "transcription:en-US?hints=de", "transcription:fr-FR")
    _, third = await subscribed(
        stage, ada, phone, "transcription:auto", "translation:en-US-to-de-DE", ENGLISH
    )

    await talk(phone, "one two three")
    same = [await take_final(first, ENGLISH), await take_final(second, "transcription:en-US?hints=de")]
    french = await take_final(second, "transcription:fr-FR")
    same.append(await take_final(third, ENGLISH))

    assert len({data["utteranceId"] for data in (*same, french)}) == 1
    assert {data["transcribeLanguage"] for data in same} == {"en-US"}
    assert french["transcribeLanguage"] == "fr-FR"
    for app, stream in ((first, ENGLISH), (second, "transcription:fr-FR"), (third, ENGLISH)):
        assert_told_once(app, stream, "one two three")
    refused = await third.take("tpa_connection_error")
    assert refused["code"] == "TRANSLATION_UNSUPPORTED"
    assert "*-en" in refused["message"]


async def test_words_in_another_language_come_under_the_name_of_the_pair(stage: Stage) -> None:
    _, phone, app = await listening(stage, "translation:fr-en")

    await talk(phone, "one two")
    final = await take_final(app, "translation:fr-en")

    assert (final["text"], final["originalText"]) == ("ONE TWO", "one two")
    assert (final["transcribeLanguage"], final["translateLanguage"]) == ("fr-FR", "en-US")


async def test_an_app_that_comes_late_hears_what_is_said_from_then_on(stage: Stage) -> None:
    ada, phone, first = await listening(stage, ENGLISH)
    await talk(phone, "one two")
    await take_final(first, ENGLISH)

    _, late = await subscribed(stage, ada, phone, ENGLISH, "transcription:de")
    await talk(phone, "three four")
    german = await take_final(late, "transcription:de")
    final = await take_final(late, ENGLISH)

    assert final["utteranceId"] == german["utteranceId"]
    assert_told_once(late, ENGLISH, "three four")
    await take_final(first, ENGLISH)
    assert_told_once(first, ENGLISH, "one two three four")


@pytest.mark.parametrize("node", [0, 1], ids=["same node", "other node"])
async def test_a_phone_that_blips_in_mid_sentence_loses_and_repeats_nothing(stage: Stage, node: int) -> None:
    ada, phone, app = await listening(stage, ENGLISH)
    await talk(phone, "one two")
    await take_final(app, ENGLISH)
    await talk(phone, "three four", ends=False)
    await phone.barrier()
    await phone.abort()

    again = await stage.dial(ada.token, node=node)
    await again.take("connection_ack")
    await talk(again, "five six")
    async with asyncio.timeout(10):
        while finals(app, ENGLISH)[-1]["text"].split()[-1:] != ["six"]:
            await take_final(app, ENGLISH)

    assert_told_once(app, ENGLISH, "one two three four five six")


async def test_an_owner_that_is_killed_leaves_its_recognisers_to_the_next(stage: Stage) -> None:
    ada = await stage.person()
    mini_app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone = await stage.phone(ada)
    await phone.send("start_app", packageName=mini_app.package_name)
    app = await mini_app.join_at(ada, stage.cloud.node_ws_url(1), family="C")
    await app.subscribe(ENGLISH)
    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    await talk(phone, "one two")
    first = await take_final(app, ENGLISH)
    await phone.barrier()

    stage.cloud.kill_node(0)
    again = await stage.redial(ada, node=1)
    await again.take("microphone_state_change", isMicrophoneEnabled=True)
    await talk(again, "three four")
    second = await take_final(app, ENGLISH)

    assert second["startTime"] > first["endTime"]
    assert_told_once(app, ENGLISH, "one two three four")
    await stage.until_answering(node=0)


async def test_a_frozen_worker_is_left_and_its_words_come_from_another(
    stage: Stage, workers: SpeechProcesses
) -> None:
    ada, phone, app = await listening(stage, ENGLISH)
    await talk(phone, "one two", ends=False)
    await take_interim(app, ENGLISH)
    victim = await worker_of(stage, ada, workers)
    app.inbox.forget()

    victim.send_signal(signal.SIGSTOP)
    frozen_at = time.monotonic()
    try:
        await talk(phone, "three four", haste=1.0)
        final = await take_final(app, ENGLISH)
    finally:
        victim.kill()
        victim.wait()

    # It is silent for a second and a half before it is given up.
    assert time.monotonic() - frozen_at < MOVED_SECONDS + 1.0
    assert final["text"] == "one two three four"
    assert_told_once(app, ENGLISH, "one two three four")
