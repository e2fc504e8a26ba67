"""Speech: the workers that turn sound into words and words into sound, their engines, the settings in force."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from redis.exceptions import RedisError

from consoles.operator.in_force import InForce
from consoles.operator.pages import route, show
from sessions_app.admin.timeline.layout import spoken
from sessions_app.speech.choosing import Choice
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.workers_list import list_speech_workers, state_of, summarize_engines, uptime_of

MAY_SEE = "sessions_app.view_usersession"
MOST_SHOWN_LANGUAGES = 8
HOSTED_KEYS = ("DEEPGRAM_API_KEY", "SONIOX_API_KEY", "DEEPL_API_KEY", "ELEVENLABS_API_KEY")
KINDS = {"speech": "recognises", "translation": "translates", "voice": "reads aloud"}


def speech_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of its part that renews itself."""
    return [
        route(site, "speech/", show_page, "speech", MAY_SEE),
        route(site, "speech/now/", show_now, "speech_now", MAY_SEE),
    ]


def show_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show everything."""
    return show(
        request, site, "console/operator/speech.html", "Speech", in_force=settings_in_force(), **_facts()
    )


def show_now(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show workers and engines as they are now."""
    return TemplateResponse(request, "console/operator/speech_now.html", _facts())


def settings_in_force() -> list[InForce]:
    """Return what is set for this process; workers started with other settings do as theirs say."""
    days = settings.TRANSCRIPT_RETENTION_DAYS
    return [
        InForce("SPEECH_ENGINES", settings.SPEECH_ENGINES, _who_recognises(settings.SPEECH_ENGINES)),
        InForce(
            "SPEECH_TRANSLATORS", settings.SPEECH_TRANSLATORS, "The first that knows a pair translates it."
        ),
        InForce(
            "SPEECH_VOICES", settings.SPEECH_VOICES, "The first that speaks the language of a text reads it."
        ),
        InForce(
            "SPEECH_MODEL_DIR",
            settings.SPEECH_MODEL_DIR or "–",
            "Models of your own are taken from here."
            if settings.SPEECH_MODEL_DIR
            else "Models come with their packages.",
        ),
        InForce(
            "TRANSCRIPT_RETENTION_DAYS",
            f"{days:g}",
            f"What was said is kept {days:g} days after the session, for its user alone."
            if days > 0
            else "What was said is deleted with the session.",
        ),
        *_hosted_keys(),
    ]


def _hosted_keys() -> list[InForce]:
    """Return which keys are set; never a key."""
    given = [name for name in HOSTED_KEYS if getattr(settings, name)]
    return [InForce(name, "set", "Sound or words of people may go to this service.") for name in given]


def _who_recognises(text: str) -> str:
    choice = Choice.read(text)
    others = ", then ".join(choice.of_others)
    parts = [f"{language}: {name}" for language, name in choice.of_language]
    rest = "every other language" if parts else "every language"
    return "; ".join([*parts, f"{rest}: {others}" if others else f"{rest}: nobody"])


def _facts() -> dict[str, Any]:
    try:
        workers = list_speech_workers()
    except (RedisError, OSError):
        return {"workers": None, "engines": []}
    engines = [
        (engine, KINDS.get(engine.kind, engine.kind), *_languages(engine.languages))
        for engine in summarize_engines(workers)
    ]
    troubled = any(engine.is_alarming for engine, *_ in engines)
    return {"workers": [_row(worker) for worker in workers], "engines": engines, "is_troubled": troubled}


def _row(worker: WorkerFacts) -> dict[str, Any]:
    uptime = uptime_of(worker)
    return {
        "facts": worker,
        "state": state_of(worker),
        "load_percent": round(100 * worker.load),
        "uptime": spoken(uptime) if uptime else "–",
    }


def _languages(codes: tuple[str, ...]) -> tuple[str, str]:
    """Return the languages that are shown at once, and those on demand."""
    if "*" in codes:
        return "any", ""
    shown, more = codes[:MOST_SHOWN_LANGUAGES], codes[MOST_SHOWN_LANGUAGES:]
    return ", ".join(shown) or "–", ", ".join(more)
