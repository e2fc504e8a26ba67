"""Who may draw, when, and what comes next (streams-and-permissions §9), as functions of (screen, event, now).

Each function returns the next screen and the drawings to send at once. `now` is in whole milliseconds. Must
not know sockets, sessions or timers: `due_at` says when to call `settle` again.
"""

from collections.abc import Collection
from typing import NamedTuple

from msgspec.structs import replace

from sessions_app.display.screen import (
    CLEAR,
    DASHBOARD,
    MAIN,
    SYSTEM_DASHBOARD,
    SYSTEM_PACKAGE,
    Drawing,
    Screen,
    ScreenApp,
    Shown,
    Verdict,
    clean_duration,
    without,
)
from sessions_app.protocol.layouts import ReferenceCard


class Step(NamedTuple):
    """The state after an event and what the phone must be sent because of it."""

    screen: Screen
    shows: tuple[Drawing, ...] = ()


class Answer(NamedTuple):
    """A Step, and what became of the request."""

    screen: Screen
    shows: tuple[Drawing, ...]
    verdict: Verdict


def begin_start(screen: Screen, package: str, app: ScreenApp, now: int) -> Step:
    """An app is being started: the boot screen covers the main view, except for the dashboard app."""
    screen = replace(screen, apps={**without(screen.apps, {package}), package: app})
    if app.app_type == SYSTEM_DASHBOARD:
        return settle(screen, now)
    if not screen.boots:
        screen = replace(screen, before_boot=screen.on_screen)
    boots = {**screen.boots, package: now + screen.times.boot_ms}
    return _show_boot_card(replace(screen, boots=boots), now)


def admit_app(screen: Screen, package: str, app: ScreenApp, now: int) -> Step:
    """An app runs and may draw; one that was not announced by begin_start gets no boot screen."""
    if package in screen.apps:
        return Step(screen)
    return settle(replace(screen, apps={**screen.apps, package: app}), now)


def stop_app(screen: Screen, package: str, now: int) -> Step:
    """An app stopped or could not be started: nothing of it is shown from now on (rule 8)."""
    gone = {package}
    dashboard, saved = screen.dashboard, screen.before_boot
    screen = replace(
        screen,
        apps=without(screen.apps, gone),
        waiting=without(screen.waiting, gone),
        newest=without(screen.newest, gone),
        lock=None if screen.lock is not None and screen.lock.package == package else screen.lock,
        before_boot=None if saved is not None and saved.drawing.package == package else saved,
        dashboard=None if dashboard is not None and dashboard.drawing.package == package else dashboard,
    )
    if package in screen.boots:
        return _end_boots(screen, gone, now)
    return settle(screen, now)


def request(screen: Screen, drawing: Drawing, now: int, *, force: bool = False) -> Answer:
    """Judge a drawing that an app asks for; `force` goes past the throttle and the rule of repeats only."""
    package = drawing.package
    if drawing.view == DASHBOARD and package == screen.dashboard_owner:
        return _draw_dashboard(screen, drawing, now, force=force)
    if package not in screen.apps:
        return Answer(screen, (), Verdict.NOT_RUNNING)
    drawing = replace(drawing, view=MAIN, duration_ms=clean_duration(drawing.duration_ms))
    if not screen.boots and package != screen.standard:
        if not screen.may_draw(package, now):
            return Answer(replace(screen, denied=screen.denied + 1), (), Verdict.DENIED)
        screen = screen.with_lock(package, now)
    if screen.repeats(drawing, now) and not force:
        return Answer(screen, (), Verdict.DUPLICATE)
    if force and not screen.boots and screen.may_draw(package, now):
        step = _put(replace(screen, waiting=without(screen.waiting, {package})), drawing, now)
    else:
        step = settle(replace(screen, waiting={**screen.waiting, package: drawing}), now)
    return Answer(*step, _verdict(step.screen, package))


def set_reachable(screen: Screen, reachable: bool, now: int) -> Step:
    """Phone and glasses are there, or no longer; when they come back they are sent what ought to be seen."""
    if reachable == screen.reachable:
        return Step(screen)
    screen = replace(screen, reachable=reachable)
    return resend(screen, now) if reachable else settle(screen, now)


def resend(screen: Screen, now: int) -> Step:
    """Send the last drawings once more, for a phone that is new; the throttle still counts."""
    shows: tuple[Drawing, ...] = ()
    if screen.reachable and screen.dashboard is not None:
        shows = (screen.dashboard.drawing,)
    step = settle(replace(screen, unsent=screen.unsent or screen.on_screen is not None), now)
    return Step(step.screen, shows + step.shows)


def settle(screen: Screen, now: int) -> Step:
    """Do everything that has fallen due by `now`."""
    if screen.lock is not None and screen.lock.ends_at <= now:
        screen = replace(screen, lock=None)
    ended = [package for package, ends_at in screen.boots.items() if ends_at <= now]
    if ended:
        return _end_boots(screen, ended, now)
    if screen.boots:
        return _send_unsent(screen, now)
    if now < screen.quiet_until:
        return Step(screen)
    for package in screen.waiting:
        if screen.may_draw(package, now):
            return _put_waiting(screen, package, now)
        if package != screen.standard:
            screen = replace(screen, waiting=without(screen.waiting, {package}), denied=screen.denied + 1)
    return _put_next(screen, now)


def due_at(screen: Screen, now: int) -> int | None:
    """Return when `settle` has something to do next, None when only an event can change the display."""
    times = list(screen.boots.values())
    if screen.lock is not None:
        times.append(screen.lock.ends_at)
    if not screen.boots:
        shown = screen.on_screen
        if shown is not None and shown.ends_at is not None:
            times.append(shown.ends_at)
        if shown is not None and screen.waiting:
            times.append(shown.shown_at + screen.times.consumed_ms)
        unsent = screen.unsent and screen.reachable
        if screen.waiting or unsent or screen.find_next(now) is not shown:
            times.append(screen.quiet_until)
    return min((each for each in times if each > now), default=None)


def _put_waiting(screen: Screen, package: str, now: int) -> Step:
    drawing = screen.waiting[package]
    if package != screen.standard and screen.holder(now) is None:
        screen = screen.with_lock(package, now)
    return _put(replace(screen, waiting=without(screen.waiting, {package})), drawing, now)


def _put_next(screen: Screen, now: int) -> Step:
    found = screen.find_next(now)
    if found is screen.on_screen:
        return _send_unsent(screen, now)
    if found is None:
        return _clear(screen, now)
    return _put_again(screen, found, now)


def _show_boot_card(screen: Screen, now: int) -> Step:
    title = "// MentraOS - Starting App" + ("s" if len(screen.boots) > 1 else "")
    names = ", ".join(screen.apps[package].name for package in screen.boots)
    return _put(screen, Drawing(SYSTEM_PACKAGE, MAIN, ReferenceCard(title, names)), now)


def _end_boots(screen: Screen, ended: Collection[str], now: int) -> Step:
    screen = replace(screen, boots=without(screen.boots, ended))
    if screen.boots:
        return _show_boot_card(screen, now)
    cleared = _clear(screen, now)
    following = _draw_after_boot(cleared.screen, now)
    return Step(following.screen, cleared.shows + following.shows)


def _draw_after_boot(screen: Screen, now: int) -> Step:
    asked, saved = screen.waiting, screen.before_boot
    screen = replace(screen, waiting={}, before_boot=None)
    for package in sorted(asked, key=lambda each: each != screen.standard):
        if screen.may_draw(package, now):
            if package != screen.standard:
                screen = screen.with_lock(package, now)
            screen = replace(screen, denied=screen.denied + len(asked) - 1)
            return _put(screen, asked[package], now)
    screen = replace(screen, denied=screen.denied + len(asked))
    if saved is not None and saved.may_return(now):
        screen = replace(screen, on_screen=saved)
    found = screen.find_next(now)
    if found is None:
        return Step(replace(screen, on_screen=None))
    return _put_again(screen, found, now)


def _put(screen: Screen, drawing: Drawing, now: int) -> Step:
    duration = drawing.duration_ms
    shown = Shown(drawing, now, now + round(duration) if duration else None)
    newest = screen.newest
    if drawing.package in screen.apps:
        newest = {**newest, drawing.package: shown}
    return _send(replace(screen, newest=newest), shown, drawing, now)


def _put_again(screen: Screen, shown: Shown, now: int) -> Step:
    return _send(screen, shown, shown.remainder(now), now)


def _clear(screen: Screen, now: int) -> Step:
    return _send(screen, None, CLEAR, now)


def _send(screen: Screen, shown: Shown | None, drawing: Drawing, now: int) -> Step:
    screen = replace(
        screen,
        on_screen=shown,
        quiet_until=now + screen.times.throttle_ms,
        unsent=not screen.reachable,
    )
    return Step(screen, (drawing,) if screen.reachable else ())


def _send_unsent(screen: Screen, now: int) -> Step:
    if not (screen.unsent and screen.reachable):
        return Step(screen)
    shown = screen.on_screen
    return _send(screen, shown, CLEAR if shown is None else shown.remainder(now), now)


def _draw_dashboard(screen: Screen, drawing: Drawing, now: int, *, force: bool) -> Answer:
    last = screen.dashboard
    is_new = last is None or last.drawing != drawing or now - last.shown_at >= screen.times.duplicate_ms
    if not (is_new or force):
        return Answer(screen, (), Verdict.DUPLICATE)
    screen = replace(screen, dashboard=Shown(drawing, now, None))
    if not screen.reachable:
        return Answer(screen, (), Verdict.KEPT)
    return Answer(screen, (drawing,), Verdict.SHOWN)


def _verdict(screen: Screen, package: str) -> Verdict:
    if package in screen.waiting:
        return Verdict.WAITING
    return Verdict.SHOWN if screen.reachable else Verdict.KEPT
