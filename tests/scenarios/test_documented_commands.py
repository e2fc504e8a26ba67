"""The commands of tutorial.md, start/developers.md, start/wearers.md and start/operators.md; the app in Python."""

import asyncio
import json
import shlex
from pathlib import Path

import jwt
import pytest

from tests.support.documents import DOCS, PROGRAMS, ROOT, blocks_of, commands_of, lines_of
from tests.support.first_app import PACKAGE_NAME, PORT, DocumentedApp, play_first_app
from tests.support.stage import Stage
from tests.support.tour_program import TourProgram

MANAGE = "python manage.py "
TUTORIAL = commands_of(DOCS / "tutorial.md")
WEARER = "user@demo.local"


async def enter(stage: Stage, command: str, *more: str, **instead: str) -> str:
    """Run a documented command on the stage's cloud and return what it prints; `instead` are words for others."""
    _, manage, rest = command.partition(MANAGE)
    assert manage
    words = shlex.split(rest)
    return await asyncio.to_thread(stage.cloud.run, *(instead.get(word, word) for word in words), *more)


async def test_the_tutorial_from_its_commands_to_its_app_in_python(stage: Stage, tmp_path: Path) -> None:
    assert commands_of(DOCS / "start/developers.md") == TUTORIAL
    create_app, install_app, simulate_glasses = TUTORIAL
    app = await DocumentedApp.registered(stage)
    names = {PACKAGE_NAME: app.record.package_name, WEARER: (await stage.person("bob")).email}
    address = f"http://127.0.0.1:{PORT}"

    made = json.loads(await enter(stage, create_app, **names, **{address: app.record.public_url}))
    await enter(stage, install_app, **names)
    code = app.fitted((PROGRAMS / "first_app.py").read_text(), PACKAGE_NAME)
    async with TourProgram.in_python(tmp_path, code, app.port, {"API_KEY": made["apiKey"]}):
        await play_first_app(app)
        shown = await enter(stage, simulate_glasses, "--duration", "0.1", **names)

    assert f"{app.record.package_name} runs." in shown


@pytest.mark.parametrize("page", ["start/wearers.md", "start/operators.md"])
async def test_a_token_is_issued(stage: Stage, page: str) -> None:
    (command,) = commands_of(DOCS / page)
    person = await stage.person()
    token = await enter(stage, command, **{"you@example.com": person.email})
    assert jwt.decode(token.strip(), options={"verify_signature": False})["email"] == person.email


@pytest.mark.parametrize(
    "readme", sorted((ROOT / "examples").glob("*/README.md")), ids=lambda path: path.parent.name
)
async def test_an_example_is_registered_as_its_readme_says(stage: Stage, readme: Path) -> None:
    lines = lines_of(blocks_of(readme))
    create_app, install_app = (
        next(line for line in lines if f"{MANAGE}{name} " in line) for name in ("create_app", "install_app")
    )
    package_name = create_app.split("create_app ")[1].split()[0]
    person = await stage.person()
    names = {
        package_name: f"{package_name}.x{person.email[4:].partition('.')[0]}",
        "you@example.com": person.email,
    }
    assert json.loads(await enter(stage, create_app, **names))["apiKey"]
    assert json.loads(await enter(stage, install_app, **names))["userId"] == person.email
