"""Whether a person's own sessions with an app of theirs are recorded. It is their choice alone."""

from django.db import transaction

from accounts.audit import record
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.selectors import is_member
from apps_registry.models import App
from apps_registry.signals import announce
from sessions_app.inspection.signals import recording_changed
from sessions_app.models import SocketMessage, UnrecordedSession, WebhookCall


def set_recording(*, user: User, app: App, is_recorded: bool) -> None:
    """Begin or end to record the sessions of `user` with `app`; the end also deletes what was kept of them.

    Raises NotAllowed for who is no member of the app's organization: their sessions are never recorded.
    """
    if not is_member(user, app.organization_id):
        raise NotAllowed(f"Only members of {app.organization} have their sessions with {app.name} recorded.")
    with transaction.atomic():
        choices = UnrecordedSession.objects.filter(app=app, user=user)
        was_recorded = not choices.exists()
        if was_recorded == is_recorded:
            return
        if is_recorded:
            choices.delete()
        else:
            UnrecordedSession.objects.create(app=app, user=user)
            SocketMessage.objects.filter(app=app, user=user).delete()
            WebhookCall.objects.filter(app=app, user=user).delete()
        record(
            "recording.changed",
            app,
            organization=app.organization,
            before={"is_recorded": was_recorded},
            after={"is_recorded": is_recorded},
        )
        announce(recording_changed, sender=App, user=user, app=app, is_recorded=is_recorded)
