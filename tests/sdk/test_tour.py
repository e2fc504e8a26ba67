"""The tour's programs for the official SDK, run as they are shown, say hello on simulated glasses."""

from pathlib import Path

import pytest

from apps_registry.models import App
from consoles.developer.tour.code import programs_for
from tests.sdk.packages import Family, Program
from tests.support.ports import free_port
from tests.support.stage import Stage
from tests.support.tour_program import TourProgram


@pytest.mark.parametrize(("shown", "family"), [("sdk3", Family.C), ("sdk2", Family.A)])
async def test_the_program_for_the_sdk_says_hello(
    stage: Stage, programs: dict[Family, Program], tmp_path: Path, shown: str, family: Family
) -> None:
    port = free_port()
    ada = await stage.person()
    record = await stage.register([ada], port=port)
    app = App(package_name=record.package_name, public_url=record.public_url)
    (program,) = [each for each in programs_for(app, record.api_key) if each.id == shown]
    installed = programs[family]
    (tmp_path / "node_modules").symlink_to(installed.folder / "node_modules")

    async with TourProgram(installed.runtime, tmp_path / program.file, program.code, port):
        phone = await stage.phone(ada)
        await phone.send("start_app", packageName=record.package_name)
        hello = {"layoutType": "text_wall", "text": "Hello, glasses!"}
        await phone.take("display_event", packageName=record.package_name, layout=hello)
