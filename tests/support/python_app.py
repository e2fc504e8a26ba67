"""A mini app in Python, run inside the test and used by somebody on a running cloud."""

import asyncio
from collections.abc import Sequence

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.dialing import Timing
from sessions_app.simulator.phone import SimulatedPhone
from tests.support.ports import free_port
from tests.support.stage import Person, Stage

QUICK = Timing(retry_delays_seconds=(0.3, 1, 2))
START_SECONDS = 15


async def used_app(
    stage: Stage, person: Person, phone: SimulatedPhone, *, permissions: Sequence[str] = ()
) -> MentraSession:
    """Have the phone wear glasses with everything and start an app; return the app's session."""
    port = free_port()
    record = await stage.register((person,), port=port, permissions=permissions)
    app = MiniAppServer(
        package_name=record.package_name,
        api_key=record.api_key,
        webhook_secret=record.webhook_secret,
        port=port,
        timing=QUICK,
    )
    came: asyncio.Future[MentraSession] = asyncio.get_running_loop().create_future()
    app.on_session(came.set_result)
    await app.start()
    stage.at_end(app.stop)
    await phone.report_glasses(model_name="Mentra Live", wifi_ssid="lab")
    await phone.start_app(record.package_name)
    async with asyncio.timeout(START_SECONDS):
        return await came
