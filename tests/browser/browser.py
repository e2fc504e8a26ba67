"""A browser on the pages of a cloud: logs in, collects what the pages complain about, takes pictures."""

import json
import os
import shutil
from pathlib import Path
from typing import Self

from playwright.async_api import Browser, ConsoleMessage, Page, Playwright, async_playwright

from tests.support.cloud import Cloud

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium asks its maker's servers at every start unless told otherwise.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
SCREENSHOTS = Path(
    os.environ.get("SCREENSHOT_DIR", Path(__file__).resolve().parents[2] / "var" / "screenshots")
)
DESKTOP, PHONE = (1280, 860), (390, 844)


def find_chromium() -> str | None:
    """Return the path of the browser, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Visitor:
    """One person at one browser window."""

    def __init__(self, cloud: Cloud, page: Page) -> None:
        self.cloud = cloud
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(error.stack or str(error)))
        page.on("request", lambda request: self._on_request(request.url))

    async def open(self, path: str) -> None:
        """Open a page of the cloud."""
        await self.page.goto(self.cloud.url + path)

    async def another_tab(self) -> "Visitor":
        """Return the same person at another tab."""
        return Visitor(self.cloud, await self.page.context.new_page())

    async def log_in(
        self, path: str = "/console/", *, email: str = "developer@demo.local", password: str = ""
    ) -> None:
        """Open a page and log in, as the demo's developer unless told otherwise."""
        secrets = json.loads((self.cloud.data_dir / "demo.json").read_text())
        await self.open(path)
        await self.page.fill("[name=login]", email)
        await self.page.fill("[name=password]", password or secrets["developer_password"])
        await self.page.click("[type=submit]")
        await self.page.wait_for_url(self.cloud.url + path)

    async def arrive(self) -> None:
        """Wait until the page that a click led to is there whole: before that its scripts may not listen yet."""
        await self.page.wait_for_load_state()

    async def take_picture(self, name: str) -> None:
        """Write what is seen to the folder of screenshots."""
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _on_request(self, url: str) -> None:
        own = (self.cloud.url, self.cloud.ws_url, "data:", "blob:")
        if not url.startswith(own):
            self.complaints.append(f"a request left for another host: {url}")


class Browsers:
    """Opens windows; a context manager round the browser's process."""

    def __init__(self, cloud: Cloud, executable: str) -> None:
        self._cloud = cloud
        self._executable = executable
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._executable, args=list(FLAGS)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()

    async def visitor(
        self, *, dark: bool = False, size: tuple[int, int] = DESKTOP, obeys_policy: bool = True
    ) -> Visitor:
        """Open a window of its own; `obeys_policy=False` lets a checker's script into the page."""
        assert self._browser is not None
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            bypass_csp=not obeys_policy,
        )
        return Visitor(self._cloud, await context.new_page())
