"""What the app says, as plain functions of what it knows. No session, no waiting."""

import re
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from mentra_sdk.events import Capabilities
from mentra_sdk.layouts import Layout, ReferenceCard, TextWall

NOON, EVENING, MORNING = 12, 18, 5
HINT = "Press the button or say something"


class Page(Enum):
    """The pages a short press turns through."""

    CLOCK = "clock"
    GLASSES = "glasses"
    HELP = "help"

    def next(self) -> "Page":
        """Return the page after this one, the first after the last."""
        pages = list(Page)
        return pages[(pages.index(self) + 1) % len(pages)]


class Battery(NamedTuple):
    """The charge of the glasses in percent, and whether it grows; None where nobody knows."""

    level: float | None = None
    charging: bool | None = None


def name_of(user_id: str) -> str:
    """Return a name to greet by, from an e-mail address: "ada.lovelace@example.com" is Ada."""
    first = re.split(r"[.+_\-@]", user_id, maxsplit=1)[0]
    return first.capitalize() or "there"


def greeting_at(now: datetime) -> str:
    """Return the greeting for this time of the day."""
    if MORNING <= now.hour < NOON:
        return "Good morning"
    return "Good afternoon" if NOON <= now.hour < EVENING else "Good evening"


def clock(now: datetime, user_id: str) -> Layout:
    """Return the page with greeting, time and date."""
    return TextWall(
        text=f"{greeting_at(now)}, {name_of(user_id)}!\n{now:%H:%M}  {now:%A}, {now.day} {now:%B}\n{HINT}"
    )


def glasses(model_name: str | None, battery: Battery, capabilities: Capabilities | None) -> Layout:
    """Return the page about the glasses."""
    lines = [f"Battery {describe_battery(battery)}"]
    if capabilities is not None:
        present = [
            word
            for word, has in {
                "display": capabilities.has_display,
                "camera": capabilities.has_camera,
                "microphone": capabilities.has_microphone,
                "speaker": capabilities.has_speaker,
            }.items()
            if has
        ]
        lines.append("With " + ", ".join(present) if present else "Nothing built in")
    return ReferenceCard(title=model_name or "Your glasses", text="\n".join(lines))


def describe_battery(battery: Battery) -> str:
    """Return the charge in words."""
    if battery.level is None:
        return "unknown"
    return f"{battery.level:.0f} %" + (", charging" if battery.charging else "")


def help_page() -> Layout:
    """Return the page that says what the app can do."""
    return ReferenceCard(title="Hello glasses", text='Say "time", "battery" or "goodbye".\nLong press: dark.')


def answer(speech: str, now: datetime, battery: Battery) -> Layout:
    """Return what to show for a finished sentence."""
    words = set(re.findall(r"\w+", speech.lower()))
    if words & {"time", "clock"}:
        return ReferenceCard(title="The time", text=f"{now:%H:%M}")
    if words & {"battery", "charge"}:
        return ReferenceCard(title="The battery", text=describe_battery(battery))
    if words & {"goodbye", "bye"}:
        return TextWall(text="Goodbye, see you soon!")
    return ReferenceCard(title="You said", text=speech)


def caption(speech: str) -> Layout:
    """Return what to show while somebody is still speaking."""
    return ReferenceCard(title="Listening", text=speech)
