"""Looking up who hears an event."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import parse_stream
from sessions_app.streams.index import MAX_CACHED_EVENTS, Subscriber, SubscriptionIndex
from sessions_app.streams.matching import Event

EVERYTHING: frozenset[str] = frozenset(PermissionType)
NOTHING: frozenset[str] = frozenset()


def subscriber(
    *subscriptions: str, family: Family = Family.A, granted: frozenset[str] = EVERYTHING
) -> Subscriber:
    return Subscriber(family, tuple(parse_stream(each) for each in subscriptions), granted)


def test_each_app_is_found_with_its_own_names() -> None:
    index = SubscriptionIndex(
        {
            "a": subscriber("transcription:en-US", "transcription:en"),
            "c": subscriber("transcription:auto", family=Family.C),
            "none": subscriber("button_press"),
        }
    )
    assert index.lookup(Event("transcription", language="en-US")) == (
        ("a", ("transcription:en-US", "transcription:en")),
        ("c", ("transcription:auto",)),
    )


def test_a_second_lookup_is_the_first_answer() -> None:
    index = SubscriptionIndex({"a": subscriber("button_press")})
    assert index.lookup(Event("button_press")) is index.lookup(Event("button_press"))


def test_a_phone_that_invents_streams_does_not_fill_the_memory() -> None:
    index = SubscriptionIndex({"a": subscriber("all")})
    for number in range(3 * MAX_CACHED_EVENTS):
        assert index.lookup(Event(f"sensor_{number}")) == (("a", ("all",)),)
    assert len(index._cache) <= MAX_CACHED_EVENTS


def test_audio_goes_to_subscribers_with_the_permission() -> None:
    index = SubscriptionIndex(
        {
            "yes": subscriber("audio_chunk"),
            "no": subscriber("audio_chunk", granted=NOTHING),
            "other": subscriber("VAD"),
        }
    )
    assert index.audio_packages == ("yes",)


def test_a_withdrawn_permission_ends_the_demand() -> None:
    assert SubscriptionIndex({"a": subscriber("VAD", granted=NOTHING)}).demanded == frozenset()
    assert SubscriptionIndex({"a": subscriber("VAD")}).demanded == {"VAD"}


def test_all_listens_but_demands_nothing_by_name() -> None:
    index = SubscriptionIndex({"a": subscriber("all", granted=NOTHING)})
    assert index.wants("button_press")
    assert not index.wants("VAD")
    assert index.demanded == {"all"}


def test_either_name_of_the_location_is_wanted_by_who_asked_for_the_other() -> None:
    index = SubscriptionIndex({"a": subscriber("location_stream")})
    assert index.wants("location_update")
    assert not SubscriptionIndex({}).wants("location_update")


def test_nobody_wants_anything_from_an_empty_index() -> None:
    index = SubscriptionIndex({})
    assert not index.wants("button_press")
    assert index.lookup(Event("button_press")) == ()
    assert index.audio_packages == ()


@given(
    st.sets(st.sampled_from(["all", "VAD", "audio_chunk", "button_press", "calendar_event"])), st.booleans()
)
def test_wanted_is_what_would_be_delivered(subscriptions: set[str], permitted: bool) -> None:
    index = SubscriptionIndex({"a": subscriber(*subscriptions, granted=EVERYTHING if permitted else NOTHING)})
    for stream in ("VAD", "audio_chunk", "button_press", "calendar_event"):
        assert index.wants(stream) == bool(index.lookup(Event(stream)))
