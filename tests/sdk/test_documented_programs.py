"""The programs of the documents for the official SDK do what they are said to do."""

from pathlib import Path

from tests.sdk.packages import Family, Program
from tests.support.documents import PROGRAMS, README, blocks_of
from tests.support.first_app import PACKAGE_NAME, DocumentedApp, play_first_app
from tests.support.stage import Stage
from tests.support.tour_program import TourProgram


def on_bun(
    programs: dict[Family, Program], folder: Path, app: DocumentedApp, code: str, package_name: str
) -> TourProgram:
    installed = programs[Family.C]
    (folder / "node_modules").symlink_to(installed.folder / "node_modules")
    fitted = app.fitted(code, package_name)
    return TourProgram(installed.runtime, folder / "app.ts", fitted, app.port, app.environment)


async def test_the_first_app_in_typescript(
    stage: Stage, programs: dict[Family, Program], tmp_path: Path
) -> None:
    app = await DocumentedApp.registered(stage)
    code = (PROGRAMS / "first_app.ts").read_text()
    async with on_bun(programs, tmp_path, app, code, PACKAGE_NAME):
        await play_first_app(app)


async def test_the_program_of_the_readme(
    stage: Stage, programs: dict[Family, Program], tmp_path: Path
) -> None:
    (code,) = [block.text for block in blocks_of(README) if block.language == "ts"]
    app = await DocumentedApp.registered(stage)
    async with on_bun(programs, tmp_path, app, code, "com.example.myapp"):
        await app.shows(await app.start(), "Hello from my app")
