"""From *New app* to an example one wears: its command as the console shows it, its page as a phone opens it."""

import re
import shlex
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.browser import Browsers, Visitor
from tests.browser.test_glasses import put_on
from tests.examples.programs import running
from tests.support.ports import free_port

COMMAND = re.compile(r"^\.venv/bin/python -m (\S+)$", re.MULTILINE)


async def register(visitor: Visitor, url: str) -> tuple[str, dict[str, str]]:
    """Make an app of the example; return the module that the shown command runs, and its environment."""
    await visitor.log_in("/console/apps/new/?example=todo_list")
    await visitor.page.fill("[name=public_url]", url)
    await visitor.page.get_by_role("button", name="Register the app").click()
    command = await visitor.page.locator("#command").inner_text()
    found = COMMAND.search(command)
    assert found, command
    words = shlex.split(command[: found.start()].replace("\\\n", " "))
    return found[1], dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))


async def add(page: Page, what: str) -> None:
    """Put something on the list as one does on a phone."""
    await page.fill("#text", what)
    await page.get_by_role("button", name="Add").click()


async def test_a_list_is_written_on_its_page_and_read_on_the_glasses(
    browsers: Browsers, tmp_path: Path
) -> None:
    developer = await browsers.visitor()
    server = f"http://127.0.0.1:{free_port()}"
    module, environment = await register(developer, f"{server}/glasses")

    async with running(
        module, {**environment, "TODO_FILE": str(tmp_path / "todo.sqlite3")}, f"{server}/glasses"
    ):
        wearer = await put_on(browsers, "To-do list")
        display = wearer.page.locator("#display")
        await expect(display).to_have_attribute("aria-label", re.compile("Nothing to do"))
        async with wearer.page.expect_popup() as opening:
            await wearer.page.get_by_role("button", name="Page of To-do list").click()
        page = await opening.value
        await page.wait_for_url(f"{server}/")
        await add(page, "Buy milk")

        await expect(display).to_have_attribute("aria-label", re.compile("Buy milk"))
        await wearer.take_picture("glasses-example")
        await wearer.page.get_by_role("button", name="Stop To-do list").click()
        await expect(wearer.page.locator("#apps")).not_to_contain_text("running")
    assert [*developer.complaints, *wearer.complaints] == []
