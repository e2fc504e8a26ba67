"""Each invariant holds in a good story and is broken by the thing it forbids."""

from dataclasses import replace

import pytest

from tests.scenarios.random_faults.breakages import (
    BREAKAGES,
    Breakage,
    an_event_that_is_lost,
    seen_running,
)
from tests.scenarios.random_faults.checker import broken, invariants
from tests.scenarios.random_faults.event_checks import certain_deliveries
from tests.scenarios.random_faults.history import (
    Fault,
    PhoneDialed,
    Subscribed,
)
from tests.scenarios.random_faults.told_story import (
    ADA,
    ADAS,
    APP,
    BOB,
    BUTTON,
    GRACE_SECONDS,
    HEAD,
    ToldStory,
    told_story,
)


def _broken_invariants(story: ToldStory) -> set[str]:
    return {violation.split(": ")[0] for violation in broken(story.history, story.rows, GRACE_SECONDS)}


def test_a_good_story_breaks_nothing() -> None:
    story = told_story()
    assert broken(story.history, story.rows, GRACE_SECONDS) == []
    assert {event.mark for event, _ in certain_deliveries(story.history, story.rows)} == {
        f"{ADA} 1",
        f"{ADA} 2",
        f"{ADA} 3",
        f"{BOB} 1",
        f"{BOB} 2",
    }


@pytest.mark.parametrize(("name", "breakage"), BREAKAGES, ids=lambda value: getattr(value, "__name__", None))
def test_what_an_invariant_forbids_breaks_it(name: str, breakage: Breakage) -> None:
    story = told_story()
    breakage(story)
    assert name in _broken_invariants(story)


def test_every_invariant_can_be_broken() -> None:
    assert {name for name, _ in BREAKAGES} == set(invariants(GRACE_SECONDS))


@pytest.mark.parametrize(
    "excuse",
    [
        Fault(at=1006.1, ended=1007.0, target="node-1", what="kill_node"),
        PhoneDialed(at=1006.01, user=ADA, socket=9, node=1),
        Subscribed(at=1006.01, user=ADA, package=APP, streams=()),
    ],
    ids=lambda entry: type(entry).__name__,
)
def test_an_event_may_be_lost_in_a_fault_a_takeover_or_an_unsubscription(excuse: Fault) -> None:
    story = told_story()
    an_event_that_is_lost(story)
    story.entries.append(excuse)
    assert "what must arrive arrives" not in _broken_invariants(story)


def test_a_start_that_the_apps_socket_followed_takes_no_subscription_back() -> None:
    story = told_story()
    story.move(ADAS, APP, 1007.0, "running stopped start_failed the owner was lost")
    story.move(ADAS, APP, 1007.1, "- connecting start")
    story.move(ADAS, APP, 1012.0, "connecting running attached transfer of family C")
    story.entries.append(seen_running(1018.0))
    assert "acknowledged subscriptions survive" not in _broken_invariants(story)


def test_faults_elsewhere_are_no_excuse() -> None:
    story = told_story()
    an_event_that_is_lost(story)
    for target in ("node-2", "worker", "beat", "redis", "database", APP):
        story.entries.append(Fault(at=1005.0, ended=1007.0, target=target, what="kill"))
    assert "what must arrive arrives" in _broken_invariants(story)


def test_a_resubscription_is_no_loss() -> None:
    story = told_story()
    story.entries += [
        Subscribed(at=1007.0, user=ADA, package=APP, streams=(HEAD,)),
        replace(seen_running(1008.0), subscriptions=(HEAD,)),
        Subscribed(at=1009.0, user=ADA, package=APP, streams=(BUTTON,)),
    ]
    assert _broken_invariants(story) == set()
