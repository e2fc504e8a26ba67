"""Live inputs that a phone asks for itself (rest §2): whose they are, how many, and their end. Everything blocks."""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from sessions_app.media_servers.choosing import media_server
from sessions_app.media_servers.server import InputState, LiveInput, MediaServer, MediaServerError, Output
from sessions_app.models import PhoneInput

T = TypeVar("T")

# What a node began to make and never finished, because it died.
UNFINISHED_AFTER = timedelta(minutes=5)


class TooManyInputs(Exception):
    """A person has as many live inputs as one may have."""


def provision_for(
    user_pk: int, owner: str, outputs: Sequence[tuple[str, str | None]]
) -> tuple[LiveInput, list[Output]]:
    """Make an input with its outputs; raises TooManyInputs, MediaServerError."""
    server = _server()
    row = _take_place(user_pk)
    try:
        made = _run(server.provision, owner)
    except BaseException:
        row.delete()
        raise
    PhoneInput.objects.filter(pk=row.pk).update(input_id=made.input_id)
    try:
        return made, [_run(server.add_output, made.input_id, url, name) for url, name in outputs]
    except BaseException:
        remove_input_of(user_pk, made.input_id)
        raise


def state_of_input(user_pk: int, input_id: str) -> InputState:
    """Return how somebody's input is; raises MediaServerError, also `NOT_FOUND` for a stranger's."""
    _check_owner(user_pk, input_id)
    try:
        return _run(_server().state, input_id)
    except MediaServerError as trouble:
        if trouble.code == "NOT_FOUND":
            PhoneInput.objects.filter(input_id=input_id).delete()
        raise


def remove_input_of(user_pk: int, input_id: str) -> None:
    """End somebody's input; raises MediaServerError, also `NOT_FOUND` for a stranger's."""
    _check_owner(user_pk, input_id)
    _run(_server().remove, input_id)
    PhoneInput.objects.filter(input_id=input_id).delete()


def held_by_phones(input_ids: Iterable[str]) -> frozenset[str]:
    """Return those inputs that phones asked for: they live without a stream of a session."""
    return frozenset(
        name
        for name in PhoneInput.objects.filter(input_id__in=list(input_ids)).values_list("input_id", flat=True)
        if name
    )


def remove_idle_inputs(now: datetime) -> int:
    """End inputs to which nobody has pushed for MEDIA_IDLE_MINUTES (P-44); return how many. None without a server.

    One that cannot be asked about now is asked about again in the next round.
    """
    if not settings.MEDIA_SERVER:
        return 0
    PhoneInput.objects.filter(input_id=None, created_at__lt=now - UNFINISHED_AFTER).delete()
    before = now - timedelta(minutes=settings.MEDIA_IDLE_MINUTES)
    old = PhoneInput.objects.filter(created_at__lt=before).exclude(input_id=None)
    return sum(_remove_if_idle(row, before) for row in old)


def _remove_if_idle(row: PhoneInput, before: datetime) -> bool:
    server, input_id = _server(), row.input_id or ""
    try:
        state = _run(server.state, input_id)
        is_in_use = state.is_connected or (
            state.disconnected_at is not None and state.disconnected_at >= before
        )
        if is_in_use:
            return False
        _run(server.remove, input_id)
    except MediaServerError as trouble:
        if trouble.code != "NOT_FOUND":
            return False
    row.delete()
    return True


def _server() -> MediaServer:
    if (server := media_server()) is None:
        raise MediaServerError("UNAVAILABLE", "This cloud has no media server")
    return server


def _take_place(user_pk: int) -> PhoneInput:
    """Count and take a place at once: two requests must not both take the last one."""
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user_pk)
        if PhoneInput.objects.filter(user_id=user_pk).count() >= settings.MEDIA_INPUTS_PER_USER:
            raise TooManyInputs(
                f"You have {settings.MEDIA_INPUTS_PER_USER} live inputs, as many as one may have; remove one first."
            )
        return PhoneInput.objects.create(user_id=user_pk)


def _check_owner(user_pk: int, input_id: str) -> None:
    # PostgreSQL stores no NUL, and refuses to look for one.
    if "\0" in input_id or not PhoneInput.objects.filter(user_id=user_pk, input_id=input_id).exists():
        raise MediaServerError("NOT_FOUND", "There is no such live input")


def _run(ask: Callable[..., Coroutine[Any, Any, T]], *arguments: object) -> T:
    answer: T = async_to_sync(ask)(*arguments)
    return answer
