"""Gives the waiting sound of all channels to their ears, in one thread beside the event loop, round after round."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sessions_app.speech.worker.channel import Channel
from sessions_app.speech.worker.intake import WINDOW_SAMPLES, Mark, Marked, Step

ROUND_SECONDS: Final = 0.032
# Of a channel in which nobody speaks, several windows are judged together: that costs less, and its run-up is kept.
IDLE_SAMPLES: Final = 3 * WINDOW_SAMPLES

Judged = list[tuple[Step, list[float]]]


class Listening:
    """Runs until cancelled."""

    def __init__(self) -> None:
        self._channels: set[Channel] = set()
        self._thread = ThreadPoolExecutor(1, "voice")
        self._has_more = asyncio.Event()

    def add(self, channel: Channel) -> None:
        self._channels.add(channel)

    def discard(self, channel: Channel) -> None:
        self._channels.discard(channel)

    def wake(self) -> None:
        """Say that there is sound, or a mark."""
        self._has_more.set()

    async def run(self) -> None:
        """Hear what waits, again and again."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                await self._has_more.wait()
                self._has_more.clear()
                began = loop.time()
                await self._round(loop)
                await asyncio.sleep(max(0.0, ROUND_SECONDS - (loop.time() - began)))
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _round(self, loop: asyncio.AbstractEventLoop) -> None:
        works = [(channel, channel.intake.take()) for channel in self._channels if _is_due(channel)]
        if not works:
            return
        for channel, _ in works:
            channel.is_listened_to = True
        judged = await loop.run_in_executor(self._thread, _judge, works)
        for channel, results in judged:
            channel.is_listened_to = False
            if channel not in self._channels:
                continue
            for step, probabilities in results:
                channel.hear(step, probabilities)


def _is_due(channel: Channel) -> bool:
    intake = channel.intake
    least = WINDOW_SAMPLES if channel.is_speaking else IDLE_SAMPLES
    return intake.has_marks or intake.waiting_samples >= least


def _judge(works: list[tuple[Channel, list[Step]]]) -> list[tuple[Channel, Judged]]:
    return [(channel, [(step, _judge_step(channel, step)) for step in steps]) for channel, steps in works]


def _judge_step(channel: Channel, step: Step) -> list[float]:
    if isinstance(step, Marked):
        if step.mark is Mark.GAP:
            channel.ear.reset()
        return []
    return channel.ear.judge(step.samples)
