"""A cloud without a speech worker says so and keeps what is said last; a worker that comes later takes it up."""

from collections.abc import Iterator

import pytest

from tests.support.speech_processes import SpeechProcesses
from tests.support.speech_sound import silence, sound_of
from tests.support.stage import Stage
from tests.support.talking import assert_told_once, send_sound, take_final
from tests.support.wire import RawPhone

GERMAN = "transcription:de-DE"
KEPT_SECONDS = 30
# A flood: as fast as the socket takes it.
AT_ONCE = 1_000.0


@pytest.fixture
def workers(stage: Stage) -> Iterator[SpeechProcesses]:
    """Speech workers that end with the test."""
    made = SpeechProcesses(stage.cloud)
    yield made
    made.stop()


async def test_words_come_once_somebody_can_recognise_them(stage: Stage, workers: SpeechProcesses) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada, permissions=["MICROPHONE"])
    phone: RawPhone = await stage.phone(ada)
    socket = await stage.start_a(phone, ada, app)

    await socket.subscribe(GERMAN, "translation:de-DE-to-en-US", "VAD")
    told = await socket.take("tpa_connection_error")
    assert told["code"] == "SPEECH_UNAVAILABLE"
    assert "manage.py speech_worker" in told["message"]

    await phone.take("microphone_state_change", isMicrophoneEnabled=True)
    await send_sound(
        phone, sound_of("too long ago") + silence(KEPT_SECONDS + 5) + sound_of("one two"), AT_ONCE
    )
    await phone.barrier()
    workers.start("late")
    final = await take_final(socket, GERMAN, 30)
    assert final["transcribeLanguage"] == "de-DE"
    assert_told_once(socket, GERMAN, "one two")
    await send_sound(phone, sound_of("three"))
    await take_final(socket, GERMAN)
    assert_told_once(socket, GERMAN, "one two three")
    assert len(socket.inbox.seen(type="tpa_connection_error")) == 1

    await phone.close()
    row = await stage.until_session(
        ada, "the lost sound is counted", lambda row: row["counters"]["audioDropped"] > 0
    )
    # In frames of 20 ms: what was said before the last thirty seconds.
    assert 5 * 50 < row["counters"]["audioDropped"] < 9 * 50
