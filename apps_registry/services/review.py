"""The steps of an app's review, each with its row, its audit entry and, for a decision, a mail to the developers."""

from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.acting import acting_as
from accounts.audit import record
from accounts.models import User
from apps_registry.errors import Lack, ReviewRefused
from apps_registry.models import App, ReviewStep
from apps_registry.review_mail import mail_decision
from apps_registry.rules import ReviewEvent, StoreStatus, find_lacks, next_status, read_details, read_notes


def lacks_of(app: App) -> list[Lack]:
    """Return what `app` needs before it can be submitted, in two queries."""
    return find_lacks(
        description=app.description,
        has_icon=bool(app.logo_url),
        public_url=app.public_url,
        reasons=dict(app.permissions.values_list("type", "description")),
        has_key=app.api_keys.filter(revoked_at=None).exists(),
        takes_any_url=settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS,
    )


@transaction.atomic
def submit_app(*, app: App, by: User) -> ReviewStep:
    """Put `app` into the operators' queue.

    Raises ReviewRefused: `ALREADY_SUBMITTED`, `DEPRECATED`, or `INCOMPLETE` with what is missing.
    """
    app = _lock(app)
    if app.is_deprecated:
        raise ReviewRefused("DEPRECATED", "The app is no longer offered.")
    next_status(app.store_status, ReviewEvent.SUBMITTED)
    if missing := lacks_of(app):
        told = " ".join(lack.message for lack in missing)
        raise ReviewRefused("INCOMPLETE", f"The app is not ready for review. {told}", missing)
    return _take(app, ReviewEvent.SUBMITTED, by)


@transaction.atomic
def withdraw_app(*, app: App, by: User) -> ReviewStep:
    """Take `app` back out of the queue; raises ReviewRefused `NOT_SUBMITTED`."""
    return _take(_lock(app), ReviewEvent.WITHDRAWN, by)


@transaction.atomic
def approve_app(*, app: App, by: User, notes: str = "", verification_status: str | None = None) -> ReviewStep:
    """Publish a submitted `app`, and say who vouches for it when that is told; the developers get a mail.

    Raises ReviewRefused `NOT_SUBMITTED`, or RegistryError for a bad value.
    """
    vouched = {} if verification_status is None else {"verification_status": verification_status}
    return _take(_lock(app), ReviewEvent.APPROVED, by, read_notes(notes, required=False), vouched)


@transaction.atomic
def publish_app(*, app: App, by: User) -> ReviewStep:
    """Take both steps for an operator's own `app`: submit it unless it is, and approve it; raises ReviewRefused."""
    if app.store_status != StoreStatus.SUBMITTED:
        submit_app(app=app, by=by)
    return approve_app(app=app, by=by)


@transaction.atomic
def reject_app(*, app: App, by: User, notes: str) -> ReviewStep:
    """Send a submitted `app` back to its developers, who are told why by mail.

    Raises ReviewRefused `NOT_SUBMITTED` or `NOTES_REQUIRED`.
    """
    return _take(_lock(app), ReviewEvent.REJECTED, by, read_notes(notes, required=True))


@transaction.atomic
def unpublish_app(*, app: App, by: User, notes: str = "") -> ReviewStep:
    """Take `app` out of the store; who installed it keeps it. Raises ReviewRefused `NOT_PUBLISHED`."""
    return _take(_lock(app), ReviewEvent.UNPUBLISHED, by, read_notes(notes, required=False))


@transaction.atomic
def set_verification(*, app: App, by: User, status: str) -> App:
    """Say who vouches for `app`; raises RegistryError for an unknown status."""
    fields = read_details({"verification_status": status})
    app = _lock(app)
    before = {"verification_status": app.verification_status}
    _save(app, fields)
    with acting_as(by):
        record("app.verified", app, organization=app.organization, before=before, after=fields)
    return app


def _lock(app: App) -> App:
    app.refresh_from_db(from_queryset=App.objects.select_for_update())
    return app


def _take(
    app: App, event: ReviewEvent, by: User, notes: str = "", fields: dict[str, Any] | None = None
) -> ReviewStep:
    before = {"store_status": app.store_status, "verification_status": app.verification_status}
    after = read_details({"store_status": next_status(app.store_status, event), **(fields or {})})
    _save(app, after)
    step = ReviewStep.objects.create(
        app=app,
        actor=by,
        event=event,
        from_status=before["store_status"],
        to_status=app.store_status,
        notes=notes,
    )
    with acting_as(by):
        kept = {"notes": notes} if notes else {}
        record(
            f"app.{event}",
            app,
            organization=app.organization,
            before=before,
            after={**before, **after, **kept},
        )
    mail_decision(step)
    return step


def _save(app: App, fields: dict[str, Any]) -> None:
    for field, value in fields.items():
        setattr(app, field, value)
    app.save(update_fields=[*fields, "updated_at"])
