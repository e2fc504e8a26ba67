"""Describes a photo with a model behind any endpoint that speaks the chat interface of OpenAI.

Such are served by OpenAI, by many others, and on one's own machine by Ollama, llama.cpp, vLLM or LM Studio.
"""

import base64
from typing import Any

import aiohttp
import msgspec

from examples.photo_describer.describing import DescriptionFailed

PROMPT = (
    "Describe what is in front of the wearer of smart glasses who took this photo. Two short plain sentences, the most "
    "important first, no introduction."
)
MOST_TOKENS = 150
ANSWER_SECONDS = 60.0
OK, TOO_MANY = 200, 429


class _Said(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Said


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class HostedDescriber:
    """Asks a model; `url` is the part before `/chat/completions`, such as "http://127.0.0.1:11434/v1"."""

    def __init__(
        self,
        url: str,
        *,
        model: str,
        api_key: str | None = None,
        prompt: str = PROMPT,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._url = f"{url.rstrip('/').removesuffix('/chat/completions')}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._prompt = prompt
        self._timeout = aiohttp.ClientTimeout(total=answer_seconds)

    async def describe(self, picture: bytes) -> str:
        """Return what the model says; raises DescriptionFailed."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=self._headers) as http,
                http.post(self._url, json=self._question(picture), allow_redirects=False) as answer,
            ):
                said = await answer.read()
        except TimeoutError as problem:
            raise DescriptionFailed("The model takes too long.") from problem
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise DescriptionFailed("The model does not answer.") from problem
        if answer.status == TOO_MANY:
            raise DescriptionFailed("The model is asked too often. Try again later.")
        if answer.status != OK:
            raise DescriptionFailed(f"The model refuses ({answer.status}).")
        return _text_of(said)

    def _question(self, picture: bytes) -> dict[str, Any]:
        address = f"data:{media_type(picture)};base64,{base64.b64encode(picture).decode()}"
        content = [
            {"type": "text", "text": self._prompt},
            {"type": "image_url", "image_url": {"url": address}},
        ]
        return {
            "model": self._model,
            "max_tokens": MOST_TOKENS,
            "messages": [{"role": "user", "content": content}],
        }


def media_type(picture: bytes) -> str:
    """Return the kind of a picture file, by its first bytes."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def _text_of(said: bytes) -> str:
    try:
        choices = msgspec.json.decode(said, type=_Completion).choices
    except msgspec.DecodeError as problem:
        raise DescriptionFailed("The model's answer cannot be read.") from problem
    text = " ".join(choices[0].message.content.split()) if choices else ""
    if not text:
        raise DescriptionFailed("The model says nothing.")
    return text
