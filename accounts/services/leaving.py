"""Deleting an account: asked for, confirmed by a mailed code, then carried out by a worker (rest §8).

From the confirmation on nobody gets in. The worker ends what runs, has each room remove what it holds, and calls
`delete_person` last; each step may be done again.
"""

import logging
from functools import partial
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import limits
from accounts.audit import record
from accounts.errors import (
    DeletionForSomebodyElse,
    DeletionNotFound,
    DeletionNotMailed,
    StillNeeded,
    WrongCode,
)
from accounts.forgetting import forget_address
from accounts.models import AuditEntry, DeletionRequest, Departure, User
from accounts.rules.own_data import DELETION_LIFE, MOST_TRIES, address_digest, code_digest, new_code
from accounts.selectors import list_organizations_left_alone, organizations_of_one
from accounts.services.people import log_out_everywhere
from accounts.signals import person_leaves

log = logging.getLogger(__name__)


def request_deletion(*, user: User, reason: str = "") -> DeletionRequest:
    """Mail a code that deletes the account, in place of any earlier one.

    Raises StillNeeded while others depend on organizations of theirs, TooManyRequests, DeletionNotMailed.
    """
    _check_nobody_is_left_alone(user)
    limits.take("deletion", user.pk)
    now, code = timezone.now(), new_code()
    with transaction.atomic():
        DeletionRequest.objects.filter(user=user).delete()
        made = DeletionRequest(user=user, reason=reason, made_at=now, expires_at=now + DELETION_LIFE)
        made.code_digest = _digest(code, made.pk)
        made.save(force_insert=True)
        record("deletion.requested", made)
    _mail(user, code, made)
    return made


def confirm_deletion(*, user: User, request_id: UUID | None, code: str) -> None:
    """Lock the account and announce that it is to be deleted.

    Raises DeletionNotFound, DeletionForSomebodyElse, WrongCode (also for one that expired or was tried too often),
    StillNeeded.
    """
    request = DeletionRequest.objects.filter(pk=request_id).first() if request_id else None
    if request is None:
        raise DeletionNotFound("There is no such request. Ask for the deletion again.")
    if request.user_id != user.pk:
        raise DeletionForSomebodyElse("This request is somebody else's.")
    _check_code(request, code)
    _check_nobody_is_left_alone(user)
    lock_out_for_good(user=user)


@transaction.atomic
def lock_out_for_good(*, user: User) -> None:
    """Let nobody in as `user` any more, and announce that all that is theirs is to go; doing it again is harmless."""
    now = timezone.now()
    fields = {"at": now}
    Departure.objects.update_or_create(
        digest=address_digest(user.email, settings.SECRET_KEY), defaults=fields
    )
    log_out_everywhere(user=user)
    user.is_active = False
    user.leaving_at = user.leaving_at or now
    user.save(update_fields=["is_active", "leaving_at"])
    record("user.leaves", user)
    transaction.on_commit(partial(person_leaves.send_robust, sender=User, user=user))


@transaction.atomic
def delete_person(*, user: User) -> None:
    """Delete the rows of somebody who leaves, and their name wherever others' rows mention it."""
    email, pk = user.email, user.pk
    if not User.objects.select_for_update().filter(pk=pk).exists():
        return  # another worker was quicker
    _delete_own_organizations(user)
    user.delete()
    forget_address(email, pk)
    AuditEntry.objects.create(
        action="user.deleted",
        target_type="accounts.user",
        target_id=str(pk),
        target_label="somebody who left",
    )


def _delete_own_organizations(user: User) -> None:
    for organization in organizations_of_one(user):
        organization.delete()


def _check_nobody_is_left_alone(user: User) -> None:
    names = ", ".join(row.name for row in list_organizations_left_alone(user))
    if names:
        raise StillNeeded(f"You are the last owner of {names}. Make another member owner there first.")


def _check_code(request: DeletionRequest, code: str) -> None:
    tries = DeletionRequest.objects.filter(pk=request.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    if not tries or request.expires_at <= timezone.now():
        raise WrongCode("This code holds no more. Ask for the deletion again.")
    if not constant_time_compare(request.code_digest, _digest(code, request.pk)):
        raise WrongCode("This is not the code that was mailed.")


def _digest(code: str, request_id: UUID) -> str:
    return code_digest(code, str(request_id), settings.SECRET_KEY)


def _mail(user: User, code: str, request: DeletionRequest) -> None:
    text = render_to_string("accounts/deletion.txt", {"code": code, "until": request.expires_at})
    try:
        EmailMessage("Your code to delete your account", text, to=[user.email]).send()
    except (OSError, SMTPException, ValueError) as problem:
        log.warning("The code of a deletion could not be mailed: %s", type(problem).__name__)
        raise DeletionNotMailed(
            "The mail with the code could not be sent. Try again in a minute."
        ) from problem
