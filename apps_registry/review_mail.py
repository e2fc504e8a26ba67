"""What developers are told about their app by mail: the operators' decisions."""

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from accounts.models import Membership
from accounts.rules import ROLES_WITH, Right
from apps_registry.models import App, ReviewStep
from apps_registry.rules import ReviewEvent

logger = logging.getLogger(__name__)

_TEXTS = {
    ReviewEvent.APPROVED: ("{name} is published", "{name} passed the review. Everybody can install it now."),
    ReviewEvent.REJECTED: (
        "{name} was not published",
        "{name} did not pass the review yet. Change what the notes say, then submit it again.",
    ),
    ReviewEvent.UNPUBLISHED: (
        "{name} was taken out of the store",
        "{name} is no longer in the store. Who installed it keeps it.",
    ),
}


def mail_decision(step: ReviewStep) -> None:
    """Tell the developers of a decision once it is committed; a mail that cannot be sent is only logged."""
    if step.event in _TEXTS:
        transaction.on_commit(partial(_send, step))


def _send(step: ReviewStep) -> None:
    app = step.app
    subject, text = (part.format(name=app.name) for part in _TEXTS[ReviewEvent(step.event)])
    notes = f"\n\nNotes of the operators:\n\n{step.notes}" if step.notes else ""
    where = f"{settings.PUBLIC_URL}/console/apps/{app.pk}/review/"
    mail = EmailMessage(" ".join(subject.split()), f"{text}{notes}\n\n{where}\n", bcc=_addresses(app))
    try:
        mail.send()
    except (SMTPException, OSError):
        logger.exception("A decision about %s could not be mailed", app.package_name)


def _addresses(app: App) -> list[str]:
    """Return the app's developer while they still are one, else who manages its organization."""
    members = Membership.objects.filter(organization=app.organization_id, user__is_active=True)
    develop = members.filter(user__registered_apps=app, role__in=ROLES_WITH[Right.DEVELOP])
    manage = members.filter(role__in=ROLES_WITH[Right.MANAGE])
    emails = [
        rows.values_list("user__email", flat=True).order_by("user__email") for rows in (develop, manage)
    ]
    return list(emails[0]) or list(emails[1])
