"""The operators' page of speech: with workers and an engine that is missing, on a desk and on a phone."""

import time
from collections.abc import Iterator

import msgspec
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from redis import Redis

from mentra_site.settings.data_folder import private_redis_url
from sessions_app.speech.rules import EngineFacts, WorkerFacts
from tests.browser.browser import DESKTOP, PHONE, Browsers
from tests.support.cloud import Cloud

PAGE = "/admin/speech/"
SHOWN_SECONDS = 120
WHISPER = EngineFacts(
    *("whisper", "speech", "ready", "base"),
    languages=("de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "uk", "zh"),
    real_time_factor=0.31,
    streams=3,
)
ENGINES = (
    WHISPER,
    EngineFacts("deepgram", "speech", "missing", "DEEPGRAM_API_KEY is not set"),
    EngineFacts("embedded", "translation", "ready", languages=("en-de", "de-en"), streams=1),
    EngineFacts("hibari", "voice", "ready", languages=("en",)),
)


@pytest.fixture
def workers(demo_cloud: Cloud) -> Iterator[None]:
    """Have two workers in the register of the cloud as long as a test takes."""
    redis = Redis.from_url(private_redis_url(demo_cloud.data_dir))
    now = time.time()
    names = []
    for number, engines in ((1, ENGINES), (2, (WHISPER,))):
        facts = WorkerFacts(
            *(f"box-{number}", f"127.0.0.1:{9100 + number}", now + SHOWN_SECONDS),
            engines=engines,
            channels=12 * number,
            speaking=number,
            most_channels=200,
            load=0.3 * number,
            machine="box",
            pid=4000 + number,
            version="0.5",
            memory_bytes=450 * 2**20,
            started_at=now - 7_300 * number,
        )
        names.append(f"mentra:speech-worker:{facts.worker_id}")
        redis.set(names[-1], msgspec.json.encode(facts), ex=SHOWN_SECONDS)
    yield
    redis.delete(*names)
    redis.close()


@pytest.mark.parametrize(
    ("look", "dark", "size"), [("light", False, DESKTOP), ("dark", True, DESKTOP), ("phone", False, PHONE)]
)
async def test_workers_and_engines_are_seen(
    browsers: Browsers, workers: None, look: str, dark: bool, size: tuple[int, int]
) -> None:
    visitor = await browsers.visitor(dark=dark, size=size)
    await visitor.log_in(PAGE)
    page = visitor.page
    async with page.expect_response(lambda answer: "hx-request" in answer.request.headers) as renewed:
        pass
    assert (await renewed.value).status == 200
    await expect(page.locator("#speech-box-1")).to_contain_text("12 of 200")
    await expect(page.locator("#speech-box-2")).to_contain_text("60 %")
    await expect(page.locator("#speech-now")).to_contain_text("DEEPGRAM_API_KEY is not set")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.get_by_text("ja, ko, nl …").click()
    async with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        pass
    await expect(page.get_by_text("pl, pt, uk, zh")).to_be_visible()
    await visitor.take_picture(f"admin-speech-workers-{look}")
    assert visitor.complaints == []


async def test_the_page_has_no_serious_barrier(browsers: Browsers, workers: None) -> None:
    visitor = await browsers.visitor(obeys_policy=False)
    await visitor.log_in(PAGE)
    await expect(visitor.page.locator("#speech-box-1")).to_be_visible()
    found = await Axe().run(visitor.page)
    assert [
        one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")
    ] == []
