"""What each invariant forbids: changes of the told story, each of which breaks one."""

from collections.abc import Callable
from dataclasses import replace

from tests.scenarios.random_faults.history import (
    AppSeated,
    AppWished,
    DrawingShown,
    EventHeard,
    PhonePonged,
    RunSeen,
    Subscribed,
    WebhookCame,
)
from tests.scenarios.random_faults.rows import SessionRow
from tests.scenarios.random_faults.told_story import (
    ADA,
    ADAS,
    ADAS_APP,
    ADAS_PHONE,
    APP,
    BOB,
    BOBS,
    BOBS_APP,
    BOBS_PHONE,
    BUTTON,
    HEAD,
    ToldStory,
)

Breakage = Callable[[ToldStory], None]


def a_second_live_session(story: ToldStory) -> None:
    story.sessions.append(SessionRow("another", ADA, "DISPOSED"))
    story.move("another", "", 1008.0, "- CONNECTING phone_connected", "CONNECTING ACTIVE opened")


def a_move_from_a_state_it_was_not_in(story: ToldStory) -> None:
    story.move(ADAS, "", 1008.0, "DISCONNECTED ACTIVE phone_returned")


def a_row_that_does_not_follow_its_history(story: ToldStory) -> None:
    story.change_run(ADAS, state="stopped")


def a_disposal_before_the_deadline(story: ToldStory) -> None:
    story.moves = [replace(m, at=1018.9) if m.after == "DISPOSING" else m for m in story.moves]


def a_second_disposal(story: ToldStory) -> None:
    story.move(BOBS, "", 1022.0, "DISPOSING DISPOSED finished")


def a_pong_for_somebody_who_is_disposed(story: ToldStory) -> None:
    story.entries.append(PhonePonged(at=1018.1, user=BOB, socket=BOBS_PHONE, pinged_at=1018.0))


def an_owner_that_is_not_the_phones_node(story: ToldStory) -> None:
    story.change_session(ADAS, owner="node-2")


def a_session_without_a_phone(story: ToldStory) -> None:
    story.change_session(BOBS, state="DISCONNECTED")


def an_app_that_runs_after_its_session(story: ToldStory) -> None:
    story.change_run(BOBS, state="running")


def an_event_of_somebody_else(story: ToldStory) -> None:
    story.hear(BOB, BOBS_APP, 1007.0, f"{ADA} 1")


def an_event_nobody_sent(story: ToldStory) -> None:
    story.hear(ADA, ADAS_APP, 1007.0, f"{ADA} 99")


def a_drawing_for_somebody_else(story: ToldStory) -> None:
    story.entries.append(DrawingShown(at=1007.0, user=ADA, package=APP, made_for=BOB))


def an_event_heard_twice(story: ToldStory) -> None:
    story.hear(ADA, ADAS_APP, 1007.0, f"{ADA} 2")


def events_in_the_wrong_order(story: ToldStory) -> None:
    story.forget(EventHeard, mark=f"{ADA} 1")
    story.hear(ADA, ADAS_APP, 1007.0, f"{ADA} 1")


def an_event_nobody_subscribed_to(story: ToldStory) -> None:
    story.send(ADA, 1007.0, f"{ADA} 9", stream=HEAD)


def an_event_whose_subscription_was_taken_back(story: ToldStory) -> None:
    story.entries += [
        Subscribed(at=1007.0, user=ADA, package=APP, streams=(HEAD,)),
        replace(seen_running(1008.0), subscriptions=(HEAD,)),
    ]
    story.send(ADA, 1009.0, f"{ADA} 9")


def an_event_that_is_lost(story: ToldStory) -> None:
    story.forget(EventHeard, mark=f"{ADA} 2")


def a_fresh_event_that_is_lost(story: ToldStory) -> None:
    story.forget(EventHeard, mark=f"{ADA} 3")


def a_subscription_that_is_lost(story: ToldStory) -> None:
    story.entries.append(replace(seen_running(1008.0), subscriptions=()))


def a_subscription_of_the_run_before(story: ToldStory) -> None:
    """The app was stopped and started again, and what it wanted before is back in its row."""
    story.entries.append(AppWished(at=1006.5, user=ADA, socket=ADAS_PHONE, package=APP, running=False))
    story.move(ADAS, APP, 1007.0, "running stopping stop user_disabled", "stopping stopped stopped")
    story.move(ADAS, APP, 1008.0, "stopped connecting start", "connecting running attached")
    story.entries.append(seen_running(1018.0))


def an_ack_without_the_subscription(story: ToldStory) -> None:
    story.entries.append(AppSeated(at=1012.0, user=ADA, package=APP, socket=9, node=0, subscriptions=()))


def a_stop_nobody_asked_for(story: ToldStory) -> None:
    story.move(ADAS, APP, 1008.0, "running stopping stop user_disabled: The user stopped the app")


def a_failure_nobody_was_told_of(story: ToldStory) -> None:
    story.move(ADAS, APP, 1008.0, "resurrecting stopped gave_up")


def a_start_that_is_ignored(story: ToldStory) -> None:
    story.move(ADAS, APP, 1007.0, "running stopping stop", "stopping stopped stopped")
    story.entries += [
        AppWished(at=1009.0, user=ADA, socket=ADAS_PHONE, package=APP, running=True),
        PhonePonged(at=1009.1, user=ADA, socket=ADAS_PHONE, pinged_at=1009.05),
    ]


def a_stopped_app_that_comes_back(story: ToldStory) -> None:
    story.entries += [
        AppWished(at=1009.0, user=ADA, socket=ADAS_PHONE, package=APP, running=False),
        PhonePonged(at=1009.1, user=ADA, socket=ADAS_PHONE, pinged_at=1009.05),
    ]
    story.move(ADAS, APP, 1009.2, "running stopping stop user_disabled", "stopping stopped stopped")
    story.move(ADAS, APP, 1014.0, "stopped connecting start")


def a_next_session_without_the_app(story: ToldStory) -> None:
    story.sessions.append(SessionRow("next", BOB, "DISPOSED"))
    story.move("next", "", 1022.0, "- CONNECTING phone_connected", "CONNECTING ACTIVE opened")


def an_app_between_two_states(story: ToldStory) -> None:
    story.change_run(ADAS, state="resurrecting")


def a_wish_that_is_not_fulfilled(story: ToldStory) -> None:
    story.entries.append(AppWished(at=1012.0, user=ADA, socket=ADAS_PHONE, package=APP, running=False))


def a_needless_call(story: ToldStory) -> None:
    story.entries.append(WebhookCame(at=1020.0, user=ADA, package=APP, kind="session_request", status=200))


def seen_running(at: float) -> RunSeen:
    """Return a row of Ada's app that runs with its first subscription."""
    return RunSeen(
        at=at, user=ADA, package=APP, state="running", subscriptions=(BUTTON,), read_until=at + 0.01
    )


BREAKAGES: list[tuple[str, Breakage]] = [
    ("one live session per user", a_second_live_session),
    ("histories are unbroken", a_move_from_a_state_it_was_not_in),
    ("histories are unbroken", a_row_that_does_not_follow_its_history),
    ("disposed once, after the deadline", a_disposal_before_the_deadline),
    ("disposed once, after the deadline", a_second_disposal),
    ("nobody present is disposed", a_pong_for_somebody_who_is_disposed),
    ("sessions are where they belong", an_owner_that_is_not_the_phones_node),
    ("sessions are where they belong", a_session_without_a_phone),
    ("disposed sessions run nothing", an_app_that_runs_after_its_session),
    ("events stay with their user", an_event_of_somebody_else),
    ("events stay with their user", an_event_nobody_sent),
    ("events stay with their user", a_drawing_for_somebody_else),
    ("events come once and in order", an_event_heard_twice),
    ("events come once and in order", events_in_the_wrong_order),
    ("only subscribers hear", an_event_nobody_subscribed_to),
    ("only subscribers hear", an_event_whose_subscription_was_taken_back),
    ("what must arrive arrives", an_event_that_is_lost),
    ("fresh events reach every subscriber", a_fresh_event_that_is_lost),
    ("acknowledged subscriptions survive", a_subscription_that_is_lost),
    ("acknowledged subscriptions survive", a_subscription_of_the_run_before),
    ("acknowledged subscriptions survive", an_ack_without_the_subscription),
    ("stops have an author", a_stop_nobody_asked_for),
    ("failures are reported", a_failure_nobody_was_told_of),
    ("wishes are heard", a_start_that_is_ignored),
    ("wishes are heard", a_stopped_app_that_comes_back),
    ("apps come back with their user", a_next_session_without_the_app),
    ("runs end at rest", an_app_between_two_states),
    ("runs end at rest", a_wish_that_is_not_fulfilled),
    ("attached apps are not called", a_needless_call),
]
