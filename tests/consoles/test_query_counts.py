"""Each page asks the database the same number of questions, however much there is to show.

The numbers stand in query_counts.json; `WRITE_QUERY_COUNTS=1` writes them anew, to be looked at before they are kept.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import User
from accounts.rules import Role
from accounts.services import add_member, invite, make_cli_key
from apps_registry.models import App
from apps_registry.rules import StoreStatus
from apps_registry.services import create_api_key, update_app
from apps_registry.services.testers import accept_share_link, make_share_link
from bench.addresses import addresses_of_lists
from sessions_app.app_runs.rules import RunEvent
from sessions_app.incidents.services import Kind, add_log, report
from sessions_app.models import AnalyticsEvent, AppHour, FailedJob, SocketMessage, WebhookCall
from sessions_app.outbound import metrics
from sessions_app.statistics.rules import HOUR, RANGES, hour_of
from tests.support.personas import DORA, make_app, make_organization, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("query_counts.json")
FEW, MANY = 2, 9
LONGER_THAN_ALL_VISITS_SECONDS = 3600.0
NOT_A_PAGE = {301, 302, 404, 405}


def test_every_page_asks_as_often_as_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics._SessionStates, "FRESH_SECONDS", LONGER_THAN_ALL_VISITS_SECONDS)
    dora = make_user(DORA, staff=True)
    browser = Client()
    browser.force_login(dora)
    first = make_app("com.example.app0", owner=dora).app
    _add_rows(dora, first, range(1, FEW))
    few = dict(_ask(browser, first.pk))
    _add_rows(dora, first, range(FEW, MANY))
    many = dict(_ask(browser, first.pk))
    counts = {path: len(asked) for path, asked in many.items()}
    if os.environ.get("WRITE_QUERY_COUNTS"):
        TABLE.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")

    differ = [path for path, asked in many.items() if len(few[path]) != len(asked)]
    assert differ == [], "\n".join(line for path in differ for line in (path, *few[path], "", *many[path]))
    assert counts == json.loads(TABLE.read_text())


def _ask(browser: Client, app_pk: int) -> Iterator[tuple[str, list[str]]]:
    """Open every page; return what each asked of the database at its second visit."""
    for path in addresses_of_lists(app_pk):
        browser.get(path)  # whatever is remembered after the first visit
        with statements() as asked:
            answer = browser.get(path)
        if answer.status_code in NOT_A_PAGE:
            continue
        assert answer.status_code == 200, path
        yield path.replace(f"/{app_pk}/", "/<app>/"), asked


def _add_rows(dora: User, first: App, numbers: range) -> None:
    """Make one more of everything that lists show; pages of one app show those of the first."""
    for number in numbers:
        person = make_user(f"user{number}@example.com")
        with acting_as(dora):
            app = make_app(
                f"com.example.app{number}",
                owner=dora,
                permissions=["MICROPHONE", "LOCATION"],
                hardware=[{"type": "CAMERA", "level": "REQUIRED"}],
                installed_for=[person],
            ).app
            App.objects.filter(pk=app.pk).update(store_status=StoreStatus.SUBMITTED)
            update_app(app=first, name=f"Version {number}")
            create_api_key(app=first, name=f"key {number}")
            link = make_share_link(app=first, by=dora)
            accept_share_link(token=link.token, user=person)
            make_cli_key(user=dora, name=f"key {number}")
            invite(
                by=dora, organization=first.organization, email=f"new{number}@example.com", role=Role.VIEWER
            )
        add_member(
            organization=first.organization, user=make_user(f"member{number}@example.com"), role=Role.VIEWER
        )
        make_organization(f"Organization {number}", owner=dora)
        _add_history(dora, first, app, number)


def _add_history(dora: User, first: App, app: App, number: int) -> None:
    now = timezone.now()
    ref_user = make_user(f"user{number}@example.com")
    ref = connect_phone(ref_user).ref
    for package_name in (first.package_name, app.package_name):
        play(ref, RunEvent.START, RunEvent.ATTACHED, package_name=package_name)
    hour = hour_of(now) - number * HOUR
    AppHour.objects.create(package_name=first.package_name, hour=hour, latencies=[number] * RANGES)
    WebhookCall.objects.create(app=first, user=dora, kind="session_request", status=200, total_ms=number)
    SocketMessage.objects.create(app=first, user=dora, direction="in", type="settings", at=now)
    incident = report(kind=Kind.INCIDENT, user=ref_user, said={"description": f"{number}"})
    add_log(incident=incident, source="app", entries=["x"], package_name=first.package_name)
    FailedJob.objects.create(task="sessions_app.tasks.tell_owners", fingerprint=f"{number}")
    AnalyticsEvent.objects.create(name="connected", user_id=DORA)
