"""Hosted recognisers and the providers that they speak with, on this machine."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Generic

import pytest

from sessions_app.speech.engines.deepgram import Deepgram
from sessions_app.speech.engines.hosted import HostedEngine, HostedRecognizer
from sessions_app.speech.engines.hosted_dialect import Limits
from sessions_app.speech.engines.soniox import Soniox
from sessions_app.speech.wire import RecognizerWish
from tests.support.hosted_speech import (
    KEY,
    QUICK,
    DeepgramSocket,
    Listener,
    ProviderServer,
    SonioxSocket,
)
from tests.support.socket_server import S


@dataclass
class Theatre:
    """A provider and everything that was opened with it; all is closed in the end."""

    stack: AsyncExitStack

    async def deepgram(
        self, wish: RecognizerWish | None = None, limits: Limits = QUICK, **provider: Any
    ) -> "Stage[DeepgramSocket]":
        server = await self.stack.enter_async_context(ProviderServer(DeepgramSocket))
        engine = HostedEngine(Deepgram(KEY, server.address, "nova-3", **provider), limits)
        return self._stage(server, engine, wish)

    async def soniox(
        self, wish: RecognizerWish | None = None, limits: Limits = QUICK, **provider: Any
    ) -> "Stage[SonioxSocket]":
        server = await self.stack.enter_async_context(ProviderServer(SonioxSocket))
        engine = HostedEngine(Soniox(KEY, server.address, "stt-rt-v5", **provider), limits)
        return self._stage(server, engine, wish)

    def _stage(
        self, server: ProviderServer[Any], engine: HostedEngine, wish: RecognizerWish | None
    ) -> "Stage[Any]":
        self.stack.push_async_callback(engine.close)
        listener = Listener()
        recognizer = engine.open(wish or RecognizerWish("en-US"), listener)
        return Stage(server, engine, recognizer, listener)


@dataclass
class Stage(Generic[S]):
    """A recogniser, who listens to it, and the provider that it asks."""

    server: ProviderServer[S]
    engine: HostedEngine
    recognizer: HostedRecognizer
    listener: Listener

    def speak(self, name: str, *pieces: bytes) -> None:
        """Begin an utterance, say it and end it."""
        self.recognizer.begin(name)
        for piece in pieces:
            self.recognizer.feed(piece)
        self.recognizer.end()


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    async with AsyncExitStack() as stack:
        yield Theatre(stack)
