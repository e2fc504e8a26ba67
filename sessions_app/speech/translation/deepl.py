"""Many pairs by DeepL's HTTP API (developers.deepl.com), for those who have a key.

Must not know who wants the words.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import aiohttp
import msgspec
from django.conf import settings

from sessions_app.hosted_http import HostedApi, NoAnswer
from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble
from sessions_app.speech.languages import pair_name, plain_language

NAME: Final = "deepl"
FAILED: Final = "TRANSLATION_FAILED"
HOW_TO_CONFIGURE: Final = "set DEEPL_API_KEY"
# Keys of the free plan say so, and have an address of their own.
_FREE_KEY: Final = ":fx"
_FREE_URL: Final = "https://api-free.deepl.com"
_URL: Final = "https://api.deepl.com"
_MOST_AT_ONCE: Final = 8
_MOST_WAITING: Final = 32
_TIMEOUT: Final = aiohttp.ClientTimeout(total=4.0)
_REFUSED_SECONDS: Final = 60.0
_RELOAD_SECONDS: Final = 30.0
_RETRY_SECONDS: Final = 0.5
_LONGEST_RETRY_SECONDS: Final = 3.0
# Into which variant a language without a country is translated; others have one, or a plain code.
_USUAL: Final = {"en": "EN-US", "pt": "PT-BR", "zh": "ZH-HANS"}

Pair = tuple[str, str]
T = TypeVar("T")


class _Language(msgspec.Struct):
    language: str


class _Translation(msgspec.Struct):
    text: str


class _Translations(msgspec.Struct):
    translations: list[_Translation]


class DeeplTranslator:
    """Some hundred milliseconds a sentence, and money for each: only final results are translated.

    While its languages cannot be asked for, it tries again in the background.
    """

    name = NAME

    def __init__(
        self,
        key: str,
        url: str = "",
        *,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
        retry_seconds: float = _RETRY_SECONDS,
        reload_seconds: float = _RELOAD_SECONDS,
    ) -> None:
        self._key = key
        self.url = url.rstrip("/") or (_FREE_URL if key.endswith(_FREE_KEY) else _URL)
        self._api = HostedApi(
            "DeepL",
            self.url,
            key,
            {"Authorization": f"DeepL-Auth-Key {key}"},
            timeout,
            refused_seconds=_REFUSED_SECONDS,
        )
        self._retry_seconds = retry_seconds
        self._reload_seconds = reload_seconds
        self._sources: Mapping[str, str] = {}
        self._targets: Mapping[str, str] = {}
        self._pairs: frozenset[Pair] = frozenset()
        self._names: tuple[str, ...] = ()
        self._state, self._detail = EngineState.LOADING, ""
        self._reloading: asyncio.Task[None] | None = None
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)
        self._under_way = 0

    async def load(self) -> None:
        """Ask which languages there are; raises EngineTrouble."""
        if not self._key:
            self._state, self._detail = EngineState.MISSING, HOW_TO_CONFIGURE
            raise EngineTrouble(FAILED, HOW_TO_CONFIGURE)
        try:
            await self._ask_languages()
        except NoAnswer as problem:
            self._state, self._detail = EngineState.FAILED, str(problem)
            self._reloading = asyncio.create_task(self._reload())
            raise EngineTrouble(FAILED, str(problem)) from None

    def pairs(self) -> frozenset[Pair]:
        """Return every language it understands with every language it writes."""
        return self._pairs

    def is_quick(self) -> bool:
        """Only final results."""
        return False

    async def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation; raises EngineTrouble."""
        if (source, target) not in self._pairs:
            raise EngineTrouble(FAILED, f"DeepL does not translate {pair_name(source, target)}")
        if self._under_way >= _MOST_WAITING:
            raise EngineTrouble(FAILED, "Too many sentences wait for DeepL")
        asked = {"text": [text], "source_lang": self._sources[source], "target_lang": self._targets[target]}
        self._under_way += 1
        try:
            async with self._places:
                return await self._translated(asked)
        except NoAnswer as problem:
            raise EngineTrouble(FAILED, str(problem)) from None
        finally:
            self._under_way -= 1

    def report(self) -> EngineReport:
        """Return how it is; `failed` while it is not asked because it has refused."""
        state, detail = self._state, self._detail
        if state is EngineState.READY and self._api.refusal:
            state, detail = EngineState.FAILED, self._api.refusal
        return EngineReport(self.name, state, detail, self._names, streams=self._under_way)

    async def close(self) -> None:
        """Close its connections."""
        if self._reloading is not None:
            self._reloading.cancel()
            await asyncio.gather(self._reloading, return_exceptions=True)
        await self._api.close()

    async def _translated(self, asked: Mapping[str, object]) -> str:
        try:
            return await self._ask_once(asked)
        except NoAnswer as problem:
            wait = self._retry_seconds if problem.retry_after is None else problem.retry_after
            if not problem.is_passing or wait > _LONGEST_RETRY_SECONDS:
                raise
        await asyncio.sleep(wait)
        return await self._ask_once(asked)

    async def _ask_once(self, asked: Mapping[str, object]) -> str:
        answered = _decoded(await self._body("POST", "/v2/translate", asked), _Translations)
        if not answered.translations:
            raise NoAnswer("DeepL answered without a translation", is_passing=False)
        return answered.translations[0].text

    async def _ask_languages(self) -> None:
        sources, targets = [
            _decoded(await self._body("GET", f"/v2/languages?type={kind}"), list[_Language])
            for kind in ("source", "target")
        ]
        self._sources = {plain_language(one.language): one.language for one in sources}
        self._targets = _usual_variants(one.language for one in targets)
        self._pairs = frozenset(
            (source, target) for source in self._sources for target in self._targets if source != target
        )
        self._names = tuple(sorted(pair_name(*pair) for pair in self._pairs))
        self._state, self._detail = EngineState.READY, ""

    async def _reload(self) -> None:
        while self._state is not EngineState.READY:
            await asyncio.sleep(self._reload_seconds)
            try:
                await self._ask_languages()
            except NoAnswer as problem:
                self._detail = str(problem)

    async def _body(self, method: str, path: str, asked: Mapping[str, object] | None = None) -> bytes:
        async with self._api.answer(method, path, asked) as response:
            return await response.read()


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NoAnswer("DeepL answered with what is no message of its API", is_passing=False) from None


def _usual_variants(codes: Iterable[str]) -> dict[str, str]:
    """Return the code to ask for each language: the usual variant, else the plain code, else the first variant."""
    variants: dict[str, list[str]] = {}
    for code in codes:
        variants.setdefault(plain_language(code), []).append(code.upper())
    return {
        language: usual if (usual := _USUAL.get(language, "")) in found else min(found, key=len)
        for language, found in variants.items()
    }


def make_translator() -> DeeplTranslator:
    """Return the translator as this deployment's settings want it."""
    return DeeplTranslator(settings.DEEPL_API_KEY, settings.DEEPL_URL)
