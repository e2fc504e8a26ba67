"""The tour's Python program, run as it is shown, says hello on simulated glasses."""

from pathlib import Path

from apps_registry.models import App
from consoles.developer.tour.code import programs_for
from tests.support.ports import free_port
from tests.support.stage import Stage
from tests.support.tour_program import TourProgram


async def test_the_program_in_python_says_hello(stage: Stage, tmp_path: Path) -> None:
    port = free_port()
    ada = await stage.person()
    record = await stage.register([ada], port=port)
    app = App(package_name=record.package_name, public_url=record.public_url)
    (program,) = [each for each in programs_for(app, record.api_key) if each.id == "python"]

    async with TourProgram.in_python(tmp_path, program.code, port):
        phone = await stage.phone(ada)
        await phone.send("start_app", packageName=record.package_name)
        hello = {"layoutType": "text_wall", "text": "Hello, glasses!"}
        await phone.take("display_event", packageName=record.package_name, layout=hello)
