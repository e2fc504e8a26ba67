"""A cloud for phones, and a phone connected to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sessions_app.simulator.phone import SimulatedPhone
from tests.sessions_app.simulator.fake_cloud import TOKEN, FakeGlassesCloud, GlassesSocket


@pytest.fixture
async def glasses_cloud() -> AsyncIterator[FakeGlassesCloud]:
    async with FakeGlassesCloud() as running:
        yield running


@pytest.fixture
async def phone(glasses_cloud: FakeGlassesCloud) -> AsyncIterator[SimulatedPhone]:
    """A phone that has not connected yet."""
    made = SimulatedPhone(glasses_cloud.address, TOKEN)
    yield made
    await made.close()


@pytest.fixture
async def socket(glasses_cloud: FakeGlassesCloud, phone: SimulatedPhone) -> GlassesSocket:
    """The cloud's end of the socket of `phone`, acknowledged."""
    connecting = asyncio.create_task(phone.connect())
    made = await glasses_cloud.next_socket()
    await made.acknowledge()
    await connecting
    return made
