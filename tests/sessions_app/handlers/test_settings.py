"""Settings are read anew when they changed, and passed on as each kind of client understands them."""

import asyncio
from typing import Any

import pytest

from accounts.rules import legacy_user_settings
from accounts.selectors import stored_user_settings
from apps_registry.errors import AppNotFound
from apps_registry.selectors import merged_settings
from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.handlers import settings
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.reconciling import phone_arrived
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import DONE, SettingsChanged, UserSettingsChanged
from sessions_app.protocol.families import Family
from sessions_app.states import RunState
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
SIZE = [{"type": "slider", "key": "size", "label": "Size", "min": 1, "max": 9, "value": 5}]
G1 = "Even Realities G1"


class Rows:
    """What is stored; `gone` says that the app is not there any more."""

    def __init__(self) -> None:
        self.user: dict[str, Any] = {}
        self.app: list[dict[str, Any]] = list(SIZE)
        self.gone = False

    async def answer(self, question: object, *about: Any) -> Any:
        await asyncio.sleep(0)
        if question is stored_user_settings:
            return dict(self.user)
        assert question is merged_settings
        if self.gone:
            raise AppNotFound(PACKAGE)
        return list(self.app)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    """Play the rows that settings stand in."""
    played = Rows()
    monkeypatch.setattr(settings, "in_database", played.answer)
    return played


@pytest.fixture
def posted(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Keep what servers of apps would be told."""
    kept: list[Any] = []
    monkeypatch.setattr(session[0].apps, "post_settings", lambda seat, values: kept.append(values))
    return kept


def kinds(link: RecordingLink) -> list[str]:
    return [message["type"] for message in link.sent]


async def test_an_app_gets_all_its_values_by_socket_and_by_call(
    session: Session, rows: Rows, posted: list[Any]
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C)
    assert await carry_out(runtime, SettingsChanged(PACKAGE)) == DONE
    [message] = link.sent
    assert (message["type"], message["settings"]) == ("settings_update", SIZE)
    assert posted == [SIZE]


@pytest.mark.parametrize("family", [Family.A, Family.B])
async def test_older_sdks_are_told_the_system_settings_again(
    session: Session, rows: Rows, posted: list[Any], family: Family
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts("MICROPHONE"), family)
    await carry_out(runtime, SettingsChanged(PACKAGE))
    assert kinds(link) == ["settings_update", "augmentos_settings_update"]
    told = link.sent[1]["settings"]
    assert told["metricSystemEnabled"] is False
    assert told["timezone"] == "UTC"
    assert told["permissions"]["microphone"] is True


async def test_an_app_on_its_way_is_told_once_it_is_here(
    session: Session, rows: Rows, posted: list[Any]
) -> None:
    runtime, _, clock = session
    seat = runtime.apps.adopt(make_facts(), RunState.CONNECTING)
    await carry_out(runtime, SettingsChanged(PACKAGE))
    assert posted == []
    link = RecordingLink()
    greeting = Hello(Handshake.INIT, seat.facts, key_id=1, family=Family.C, sdk_version="")
    runtime.apps.attach(PACKAGE, link, greeting)
    await clock.pass_time(0)
    assert kinds(link)[-1] == "settings_update"
    assert posted == [SIZE]


async def test_an_app_that_does_not_come_is_not_waited_for_for_ever(
    session: Session, rows: Rows, posted: list[Any]
) -> None:
    runtime, _, clock = session
    runtime.apps.adopt(make_facts(), RunState.CONNECTING)
    await carry_out(runtime, SettingsChanged(PACKAGE))
    await clock.pass_time(settings.LONGEST_WAY_SECONDS + 1)
    assert runtime.upkeep.task_count == 0
    assert posted == []


async def test_an_app_that_is_gone_is_told_nothing(session: Session, rows: Rows, posted: list[Any]) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts())
    rows.gone = True
    assert await carry_out(runtime, SettingsChanged(PACKAGE)) == DONE
    assert await carry_out(runtime, SettingsChanged("com.example.unknown")) == DONE
    assert link.sent == []


@pytest.mark.parametrize("family", list(Family))
async def test_system_settings_go_to_the_phone_and_to_every_app_whole(
    session: Session, rows: Rows, family: Family
) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts(), family)
    rows.user = {"metric_system_enabled": True, "timezone": "Europe/Berlin", "secret_of_phone": 7}
    await carry_out(runtime, UserSettingsChanged())
    assert phone.of_type("settings_update")[-1]["settings"] == legacy_user_settings(rows.user)
    [message] = link.of_type("augmentos_settings_update")
    assert message["settings"]["metricSystemEnabled"] is True
    assert message["settings"]["timezone"] == "Europe/Berlin"
    assert message["settings"]["brightness"] == 50
    assert "secret_of_phone" not in str(message)


async def test_what_is_nobodys_business_or_known_is_told_to_nobody(session: Session, rows: Rows) -> None:
    runtime, phone, _ = session
    _, link = seat_app(runtime, make_facts())
    rows.user = {"color_of_phone": "red", "timezone": "Middle-earth/Bree", "brightness": 50}
    await carry_out(runtime, UserSettingsChanged())
    assert link.sent == []
    assert phone.of_type("settings_update") == []


async def test_a_forgotten_setting_is_told_with_its_default(session: Session, rows: Rows) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts())
    for rows.user in ({"brightness": 9}, {}):
        await carry_out(runtime, UserSettingsChanged())
    told = [message["settings"]["brightness"] for message in link.of_type("augmentos_settings_update")]
    assert told == [9, 50]


async def test_the_bypass_of_the_user_reaches_the_microphone(session: Session, rows: Rows) -> None:
    runtime, phone, clock = session
    seat_app(runtime, make_facts("MICROPHONE"), Family.C, "transcription:en-US")
    phone_arrived(runtime, without_gap=False)
    await clock.pass_time(5)
    rows.user = {"bypass_vad": True}
    await carry_out(runtime, UserSettingsChanged())
    await clock.pass_time(5)
    assert phone.of_type("microphone_state_change")[-1]["bypassVad"] is True


async def test_the_usual_glasses_count_until_the_phone_names_some(session: Session, rows: Rows) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts())
    rows.user = {"default_wearable": G1}
    await carry_out(runtime, UserSettingsChanged())
    [told] = link.of_type("capabilities_update")
    assert (told["modelName"], told["capabilities"]["hasDisplay"]) == (G1, True)
    runtime.data.device.merge({"modelName": "Mentra Live", "connected": True})
    rows.user = {"default_wearable": "Vuzix Z100"}
    await carry_out(runtime, UserSettingsChanged())
    assert len(link.of_type("capabilities_update")) == 1
    assert runtime.data.model_name == "Mentra Live"
