"""Asking the servers of apps whether they are there, before somebody starts the app (lifecycle §4.4, P-62).

Only registered addresses are called, through the guard, and gently: one call at a time to a host, and what a host that
does not answer at all means for one app, it means for all of them there.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from apps_registry.health_selectors import list_due_servers
from apps_registry.rules.server_health import takes_calls
from apps_registry.services import note_server_health
from sessions_app.outbound.guard import OutsideAnswer, call_outside, open_client

HEALTH_PATH: Final = "/health"
CHECK_SECONDS: Final = 5.0
ROUND_SECONDS: Final = 45.0
MOST_A_ROUND: Final = 500
HOSTS_AT_ONCE: Final = 20
MOST_ANSWER_BYTES: Final = 4096

Answers = dict[str, OutsideAnswer]


def check_due_servers() -> int:
    """Ask the servers whose turn it is, for 45 s at most, and remember what they answer; return how many were asked."""
    every = timedelta(seconds=settings.SERVER_CHECK_SECONDS)
    due = list_due_servers(now=timezone.now(), every=every, most=MOST_A_ROUND)
    answers: Answers = async_to_sync(ask_servers)({url for _, url in due})
    for app_id, url in due:
        answer = answers.get(url)
        if answer is not None:
            note_server_health(
                app_id=app_id, url=url, answered=takes_calls(answer.status), problem=_problem(answer)
            )
    return len(answers)


async def ask_servers(urls: Iterable[str]) -> Answers:
    """Return what the servers at these addresses answer; those not reached within the round are left out."""
    by_host: Mapping[str, list[str]] = defaultdict(list)
    for url in sorted(urls):
        by_host[urlsplit(url).netloc].append(url)
    answers: Answers = {}
    places = asyncio.Semaphore(HOSTS_AT_ONCE)
    async with open_client(connections_per_host=1) as client:
        tasks = [asyncio.create_task(_ask_host(client, places, group, answers)) for group in by_host.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=ROUND_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return answers


async def _ask_host(
    client: aiohttp.ClientSession, places: asyncio.Semaphore, urls: list[str], answers: Answers
) -> None:
    async with places:
        for number, url in enumerate(urls):
            answers[url] = await call_outside(
                client, "GET", url + HEALTH_PATH, timeout_seconds=CHECK_SECONDS, most_bytes=MOST_ANSWER_BYTES
            )
            if answers[url].status is None:
                answers.update(dict.fromkeys(urls[number:], answers[url]))
                return


def _problem(answer: OutsideAnswer) -> str:
    if takes_calls(answer.status):
        return ""
    return answer.problem if answer.status is None else f"HTTP {answer.status}"
