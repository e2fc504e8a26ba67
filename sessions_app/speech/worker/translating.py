"""The calling side of translation: takes what a recogniser heard and tells it in the wished languages, in order."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.translation.routes import Translated, Translations
from sessions_app.speech.worker.passage import Passage


class Outcome(Protocol):
    """Takes what an interpreter makes."""

    def interpreted(self, passage: Passage, target: str, heard: Heard, translated: Translated) -> None:
        """These words mean that in the target language."""

    def not_interpreted(self, passage: Passage, target: str, trouble: EngineTrouble) -> None:
        """The final words of an utterance cannot be translated."""


@dataclass(frozen=True, slots=True)
class _Job:
    passage: Passage
    heard: Heard
    target: str


class Interpreter:
    """Translates the words of one recogniser; one text at a time, so that the order stays.

    Finals are translated in any case, an interim text only when none waits for this target already.
    """

    def __init__(self, translations: Translations, outcome: Outcome) -> None:
        self._translations = translations
        self._outcome = outcome
        self._jobs: deque[_Job] = deque()
        self._task: asyncio.Task[None] | None = None

    def take(self, passage: Passage, heard: Heard, target: str) -> None:
        """Tell these words in the target language."""
        if heard.is_final:
            self._jobs = deque(job for job in self._jobs if job.heard.is_final or job.target != target)
        elif any(job.target == target for job in self._jobs):
            return
        self._jobs.append(_Job(passage, heard, target))
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="translate")

    def close(self) -> None:
        """Translate nothing more."""
        self._jobs.clear()
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        try:
            while self._jobs:
                await self._do(self._jobs.popleft())
        finally:
            self._task = None

    async def _do(self, job: _Job) -> None:
        heard = job.heard
        try:
            translated = await self._translations.translate(
                heard.text, heard.language, job.target, heard.is_final
            )
        except EngineTrouble as trouble:
            self._outcome.not_interpreted(job.passage, job.target, trouble)
        except Exception as error:  # noqa: BLE001  a translator that breaks must not end the captions
            problem = f"{type(error).__name__}: {error}"
            self._outcome.not_interpreted(
                job.passage, job.target, EngineTrouble("TRANSLATION_FAILED", problem)
            )
        else:
            if translated is not None:
                self._outcome.interpreted(job.passage, job.target, heard, translated)
