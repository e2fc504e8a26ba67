"""Why a subscription to speech brings no words now, in a sentence for the app's developer. Pure.

Knows what workers say they can do, not where they are; whom to tell, and when, stands in `speech_problems.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sessions_app.lifecycle.wishes import MOST_RECOGNIZERS, MOST_TARGETS, setting_of
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.streams import StreamKey
from sessions_app.speech.languages import can_translate
from sessions_app.speech.node.placing import NO_WORKER, Problem
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.wire import RecognizerWish
from sessions_app.streams.languages import recognizer_locale

MOST_CHARACTERS: Final = 280


class Complaint(NamedTuple):
    """What an app is told, once per `subject`."""

    subject: str
    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class SpeechNow:
    """How speech is for one session: workers that run (None: not known yet), recognisers that are wanted, problems."""

    workers: Sequence[WorkerFacts] | None
    wishes: tuple[RecognizerWish, ...]
    problem: Problem | None
    troubles: Mapping[tuple[str, str], Problem]


def complaint_about(key: StreamKey, now: SpeechNow) -> Complaint | None:
    """Return what is wrong with a subscription to words or translations; None when nothing is known to be."""
    if now.workers is not None and not now.workers:
        return _of_problem("", NO_WORKER)
    unsupported = None if now.workers is None else _unsupported(key, now.workers)
    if unsupported is not None:
        return unsupported
    if now.problem is not None:
        return _of_problem("", now.problem)
    setting, target = setting_of(key), "" if key.target is None else recognizer_locale(key.target)
    limit = _limit_passed(setting, target, now.wishes)
    if limit:
        return Complaint(key.raw, ErrorCode.SPEECH_FULL, f"{key.raw}: {limit}")
    for name in ((setting, ""), (setting, target)):
        if name in now.troubles:
            return _of_problem(" ".join(name), now.troubles[name])
    return None


def _limit_passed(setting: str, target: str, wishes: Sequence[RecognizerWish]) -> str:
    """Return the limit that cut a subscription off, or an empty text: what is not wished yet may be on its way."""
    wish = next((each for each in wishes if each.setting == setting), None)
    if wish is None and len(wishes) >= MOST_RECOGNIZERS:
        return f"a user has at most {MOST_RECOGNIZERS} languages recognised at a time"
    if wish is not None and target and target not in wish.targets and len(wish.targets) >= MOST_TARGETS:
        return f"a language is translated into at most {MOST_TARGETS} others at a time"
    return ""


def _unsupported(key: StreamKey, workers: Sequence[WorkerFacts]) -> Complaint | None:
    setting = setting_of(key)
    if not any(each.recognizes(setting) for each in workers):
        if any(each.is_loading for each in workers):
            return None
        able = _listed("it recognises", (name for each in workers for name in each.languages))
        text = f"{key.raw[:80]}: this cloud does not recognise {setting}; {able}"
        return Complaint(key.raw, ErrorCode.SPEECH_LANGUAGE_UNSUPPORTED, text)
    if key.target is None:
        return None
    pairs = [pair for each in workers for pair in each.pairs]
    if can_translate(pairs, setting, key.target) or any(each.is_loading for each in workers):
        return None
    text = f"{key.raw[:80]}: this cloud does not translate that; {_listed('it translates', pairs)}"
    return Complaint(key.raw, ErrorCode.TRANSLATION_UNSUPPORTED, text)


def _of_problem(subject: str, problem: Problem) -> Complaint:
    code = ErrorCode(problem.code) if problem.code in set(ErrorCode) else ErrorCode.SPEECH_ENGINE_FAILED
    return Complaint(subject, code, problem.message[:MOST_CHARACTERS])


def _listed(verb: str, names: Iterable[str]) -> str:
    """Return as many names as there is room for, and how many more there are."""
    every = sorted(set(names))
    if not every:
        return f"{verb} nothing at present"
    shown, room = [], MOST_CHARACTERS - 180
    for name in every:
        room -= len(name) + 2
        if room < 0:
            break
        shown.append(name)
    more = len(every) - len(shown)
    return f"{verb} {', '.join(shown)}" + (f" and {more} more" if more else "")
