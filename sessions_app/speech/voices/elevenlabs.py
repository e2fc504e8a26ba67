"""Voices of ElevenLabs' HTTP API (elevenlabs.io/docs), for those who have a key. Must not know who listens."""

import re
from collections.abc import AsyncGenerator
from typing import Any, Final

import aiohttp
from django.conf import settings

from sessions_app.hosted_http import HostedApi, NoAnswer
from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Utterance
from sessions_app.speech.languages import plain_language

NAME: Final = "elevenlabs"
FAILED: Final = "VOICE_FAILED"
HOW_TO_CONFIGURE: Final = "set ELEVENLABS_API_KEY"
DEFAULT_MODEL: Final = "eleven_flash_v2_5"
_FORMAT: Final = "mp3_44100_64"
_LANGUAGES: Final = (
    "ar bg cs da de el en es fi fil fr hi hr hu id it ja ko ms nl no pl pt ro ru sk sv ta tr uk vi zh"
)
LANGUAGES: Final = tuple(_LANGUAGES.split())
# Others refuse to be told the language.
_MODELS_TOLD_LANGUAGE: Final = frozenset({DEFAULT_MODEL, "eleven_turbo_v2_5"})
_VOICE: Final = re.compile(r"[A-Za-z0-9]{20}")
_MODEL: Final = re.compile(r"eleven_[a-z0-9_]{1,40}")
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=5.0, sock_read=10.0)
_REFUSED_SECONDS: Final = 60.0
_PIECE_BYTES: Final = 8192


class ElevenlabsVoice:
    """The company's voices. An app may name one by its id; others get the deployment's."""

    name = NAME

    def __init__(
        self, key: str, url: str, voice_id: str, *, timeout: aiohttp.ClientTimeout = _TIMEOUT
    ) -> None:
        self.version = f"{DEFAULT_MODEL} {voice_id} {_FORMAT}"
        self._key = key
        self._voice_id = voice_id
        self._api = HostedApi(
            "ElevenLabs", url, key, {"xi-api-key": key}, timeout, refused_seconds=_REFUSED_SECONDS
        )
        self._reading = 0

    async def load(self) -> None:
        """Look whether there is a key: an outage of the company while the worker starts must not cost the voice."""
        if not self._key:
            raise EngineTrouble(FAILED, HOW_TO_CONFIGURE)

    def speaks(self, utterance: Utterance) -> bool:
        """Whether its usual model speaks the language."""
        return plain_language(utterance.language) in LANGUAGES

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield MP3 as it comes."""
        if not self._key:
            raise EngineTrouble(FAILED, HOW_TO_CONFIGURE)
        voice = utterance.voice if _VOICE.fullmatch(utterance.voice) else self._voice_id
        path = f"/v1/text-to-speech/{voice}/stream?output_format={_FORMAT}"
        self._reading += 1
        try:
            async with self._api.answer("POST", path, _asked(utterance)) as response:
                async for piece in response.content.iter_chunked(_PIECE_BYTES):
                    yield piece
        except NoAnswer as problem:
            raise EngineTrouble(FAILED, str(problem)) from None
        finally:
            self._reading -= 1

    def report(self) -> EngineReport:
        """Return how it is; `failed` while it is not asked because it has refused."""
        state, detail = EngineState.READY, ""
        if not self._key:
            state, detail = EngineState.MISSING, HOW_TO_CONFIGURE
        elif refusal := self._api.refusal:
            state, detail = EngineState.FAILED, refusal
        return EngineReport(self.name, state, detail, LANGUAGES, streams=self._reading)

    async def close(self) -> None:
        """Close its connections."""
        await self._api.close()


def _asked(utterance: Utterance) -> dict[str, Any]:
    model = utterance.model if _MODEL.fullmatch(utterance.model) else DEFAULT_MODEL
    asked: dict[str, Any] = {"text": utterance.text, "model_id": model}
    language = plain_language(utterance.language)
    if model in _MODELS_TOLD_LANGUAGE and language in LANGUAGES:
        asked["language_code"] = language
    wanted = {
        "stability": utterance.stability,
        "similarity_boost": utterance.similarity_boost,
        "style": utterance.style,
        "speed": utterance.speed,
    }
    if given := {name: value for name, value in wanted.items() if value is not None}:
        asked["voice_settings"] = given
    return asked


def make_voice() -> ElevenlabsVoice:
    """Return the voice as this deployment's settings want it."""
    return ElevenlabsVoice(settings.ELEVENLABS_API_KEY, settings.ELEVENLABS_URL, settings.ELEVENLABS_VOICE_ID)
