"""Stories about one microphone, told against the clock (streams-and-permissions §11)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.audio.microphone import Microphone
from sessions_app.protocol.microphone import MICROPHONE_OFF, PCM, MicrophoneNeed
from tests.support.fake_clock import FakeClock

ON = MicrophoneNeed(True, PCM, False)
RAW = MicrophoneNeed(True, PCM, True)
OFF = MICROPHONE_OFF


class Phone:
    """A phone that notes what it is told about the microphone, with the second."""

    def __init__(self, *, attached: bool = True) -> None:
        self.clock = FakeClock()
        self.told: list[tuple[float, MicrophoneNeed]] = []
        self.microphone = Microphone(
            lambda need: self.told.append((round(self.clock.monotonic(), 3), need)), self.clock
        )
        if attached:
            self.microphone.phone_attached()
            self.wait(10)
            self.told.clear()

    def wait(self, seconds: float, *, audio: bool = False) -> None:
        """Let time pass, with a frame of audio every tenth of a second if there is `audio`."""
        for _ in range(round(seconds * 10)):
            if audio:
                self.microphone.audio_received()
            self.clock.advance(0.1)


def test_a_phone_is_told_the_state_100_ms_after_it_connected() -> None:
    phone = Phone(attached=False)
    phone.microphone.phone_attached()
    phone.wait(2)
    assert phone.told == [(0.1, OFF)]


def test_a_change_right_after_the_connection_waits_for_the_first_word() -> None:
    phone = Phone(attached=False)
    phone.microphone.phone_attached()
    phone.microphone.set_need(ON)
    phone.wait(2)
    assert phone.told == [(0.1, ON)]


def test_without_a_phone_nothing_is_sent_and_a_phone_is_told_the_latest() -> None:
    phone = Phone(attached=False)
    phone.microphone.set_need(ON)
    phone.wait(1)
    phone.microphone.set_need(RAW)
    phone.wait(1)
    assert phone.told == []
    phone.microphone.phone_attached()
    phone.wait(1)
    assert phone.told == [(2.1, RAW)]


def test_the_first_change_is_sent_at_once_and_the_last_of_the_following_a_second_later() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(0.3)
    phone.microphone.set_need(RAW)
    phone.wait(0.3)
    phone.microphone.set_need(ON)
    phone.microphone.set_need(RAW)
    phone.wait(3, audio=True)
    assert phone.told == [(10.0, ON), (11.0, RAW)]


def test_switching_off_waits_five_seconds() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(2, audio=True)
    phone.microphone.set_need(OFF)
    phone.wait(10, audio=True)
    assert phone.told == [(10.0, ON), (17.0, OFF)]


def test_a_restarting_app_does_not_toggle_the_microphone() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(2, audio=True)
    phone.microphone.set_need(OFF)
    phone.wait(4, audio=True)
    phone.microphone.set_need(ON)
    phone.wait(3, audio=True)
    assert phone.told == [(10.0, ON)]


def test_the_microphone_is_not_switched_off_while_an_app_is_missing() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.microphone.hold(True)
    phone.microphone.set_need(OFF)
    phone.wait(30, audio=True)
    assert OFF not in [need for _, need in phone.told]
    phone.microphone.hold(False)
    phone.wait(4.9, audio=True)
    assert OFF not in [need for _, need in phone.told]
    phone.wait(0.2, audio=True)
    assert phone.told[-1] == (45.0, OFF)


def test_a_missing_app_keeps_the_microphone_for_a_minute_at_most() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.microphone.set_need(OFF)
    phone.microphone.hold(True)
    phone.microphone.hold(True)
    phone.wait(62, audio=True)
    assert phone.told[-1] == (70.0, OFF)


def test_the_state_is_repeated_every_ten_seconds_while_on() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(25, audio=True)
    assert phone.told == [(10.0, ON), (20.0, ON), (30.0, ON)]


def test_nothing_is_repeated_while_off() -> None:
    phone = Phone()
    phone.wait(60)
    assert phone.told == []


def test_silence_of_five_seconds_repeats_the_state_but_not_again_within_thirty() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(3, audio=True)
    phone.wait(60)
    times = [at for at, _ in phone.told]
    assert times == [10.0, 17.9, 27.9, 37.9, 47.9, 57.9, 67.9]


def test_glasses_that_connect_are_told_again() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.wait(2, audio=True)
    phone.microphone.resync()
    assert phone.told == [(10.0, ON), (12.0, ON)]


def test_many_reconnects_in_a_row_end_in_the_right_state() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    for _ in range(10):
        phone.wait(0.3)
        phone.microphone.phone_lost()
        phone.wait(0.2)
        phone.microphone.phone_attached()
    phone.wait(0.5)
    assert phone.told[-1][1] == ON


def test_audio_is_welcome_while_the_microphone_is_on() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    assert phone.microphone.audio_received()
    phone.microphone.set_need(OFF)
    assert phone.microphone.audio_received()
    phone.wait(6)
    assert not phone.microphone.audio_received()


def test_audio_nobody_asked_for_is_answered_once_in_five_seconds() -> None:
    phone = Phone()
    phone.wait(4.9, audio=True)
    assert phone.told == [(10.0, OFF)]
    phone.wait(1, audio=True)
    assert phone.told == [(10.0, OFF), (15.0, OFF)]


def test_audio_is_not_refused_right_after_the_phone_connected() -> None:
    phone = Phone()
    phone.microphone.phone_attached()
    phone.wait(4.9, audio=True)
    assert phone.told == [(10.1, OFF)]


def test_a_closed_microphone_says_nothing() -> None:
    phone = Phone()
    phone.microphone.set_need(ON)
    phone.microphone.close()
    phone.microphone.set_need(RAW)
    phone.wait(60)
    assert phone.told == [(10.0, ON)]


actions = st.one_of(
    st.tuples(st.just("set_need"), st.sampled_from([ON, RAW, OFF])),
    st.tuples(st.just("set_need"), st.sampled_from([ON, RAW, OFF])),
    st.tuples(st.just("hold"), st.booleans()),
    st.tuples(st.sampled_from(["phone_attached", "phone_lost", "resync", "audio_received"])),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.9, 1, 4.9, 5, 11, 31])),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(actions, max_size=40))
def test_once_time_has_passed_the_phone_knows_the_need(story: list[tuple[str, object]]) -> None:
    phone = Phone(attached=False)
    for name, *details in story:
        target = phone if name == "wait" else phone.microphone
        getattr(target, name)(*details)
    phone.microphone.phone_attached()
    phone.wait(66)
    assert phone.told[-1][1] == phone.microphone.need


@settings(max_examples=200, deadline=None)
@given(st.lists(actions, max_size=40))
def test_changes_are_a_second_apart_while_one_phone_stays(story: list[tuple[str, object]]) -> None:
    phone = Phone()
    for name, *details in story:
        if name not in ("phone_attached", "phone_lost"):
            getattr(phone if name == "wait" else phone.microphone, name)(*details)
    times = [at for at, _ in phone.told]
    assert all(later - earlier >= 0.999 for earlier, later in zip(times, times[1:], strict=False))
