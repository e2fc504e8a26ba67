"""Sharing an unpublished app: links, mailed invitations, and the people who accepted."""

import logging
from datetime import timedelta
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.limits import take_for_actor
from accounts.models import User
from accounts.rules import read_email
from accounts.selectors import is_member
from apps_registry.errors import RegistryError, ShareRefused
from apps_registry.models import App, AppTester, ShareLink
from apps_registry.rules import check_share, read_share_terms
from apps_registry.rules.sharing import DEFAULT_DAYS, MOST_LINKS
from apps_registry.services.installations import install_app, uninstall_app

logger = logging.getLogger(__name__)

# Of the Developer Console.
SHARE_PAGE = "/console/try/{token}/"


def share_url(link: ShareLink) -> str:
    """Return the address to pass on."""
    return f"{settings.PUBLIC_URL}{SHARE_PAGE.format(token=link.token)}"


@transaction.atomic
def make_share_link(
    *, app: App, by: User, days: object = DEFAULT_DAYS, most_uses: object = None
) -> ShareLink:
    """Make a link by which any signed-in person may test `app`; raise RegistryError for terms nobody can keep."""
    for_days, for_people = read_share_terms(days=days, most_uses=most_uses)
    return _make(app, by, for_days, for_people, "")


@transaction.atomic
def invite_tester(*, app: App, by: User, email: str) -> ShareLink:
    """Mail a link for one person; an earlier one for the same address ends.

    Raises InvalidEmail, RegistryError for who tests it already, TooManyRequests.
    """
    address = read_email(email)
    if AppTester.objects.filter(app=app, user__email=address).exists():
        raise RegistryError("email", f"{address} tests this app already.")
    take_for_actor("tester")
    _open_links(app).filter(email=address).update(revoked_at=timezone.now())
    link = _make(app, by, DEFAULT_DAYS, 1, address)
    transaction.on_commit(partial(_mail, link))
    return link


@transaction.atomic
def revoke_share_link(*, link: ShareLink) -> bool:
    """End a link: who used it stays a tester; return False when it had ended by hand already."""
    now = timezone.now()
    if not ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        return False
    link.revoked_at = now
    record("share_link.revoked", link, organization=link.app.organization, before=_terms(link))
    return True


@transaction.atomic
def accept_share_link(*, token: str, user: User) -> AppTester:
    """Make `user` a tester and install the app for them; harmless for who is one.

    Raises ShareRefused: `UNKNOWN`, `REVOKED`, `EXPIRED`, `USED_UP`, `OTHER_PERSON`, `DEPRECATED`.
    """
    held = ShareLink.objects.select_for_update(of=("self",)).select_related("app__organization")
    link = held.filter(token=token).first()
    if link is None:
        raise ShareRefused("UNKNOWN", "There is no such link.")
    tester = AppTester.objects.filter(app=link.app, user=user).first()
    if tester is None:
        check_share(
            state=link.state, meant_for=link.email, email=user.email, is_deprecated=link.app.is_deprecated
        )
        tester = AppTester.objects.create(app=link.app, user=user, link=link)
        ShareLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1)
        record("tester.accepted", tester, organization=link.app.organization, after={"user": user.email})
    install_app(user=user, app=link.app)
    return tester


@transaction.atomic
def remove_tester(*, tester: AppTester) -> None:
    """Take the app away from a tester: it stops and leaves their glasses, unless they belong to its organization."""
    app, user = tester.app, tester.user
    record("tester.removed", tester, organization=app.organization, before={"user": user.email})
    tester.delete()
    if not is_member(user, app.organization_id):
        uninstall_app(user=user, app=app)


def _make(app: App, by: User, days: int, most_uses: int | None, email: str) -> ShareLink:
    if _open_links(app).count() >= MOST_LINKS:
        raise RegistryError("link", f"{MOST_LINKS} links of this app are open already. Withdraw one first.")
    link = ShareLink.objects.create(
        app=app,
        created_by=by,
        email=email,
        expires_at=timezone.now() + timedelta(days=days),
        most_uses=most_uses,
    )
    record("share_link.made", link, organization=app.organization, after=_terms(link))
    return link


def _open_links(app: App) -> QuerySet[ShareLink]:
    return ShareLink.objects.filter(app=app, revoked_at=None, expires_at__gt=timezone.now())


def _terms(link: ShareLink) -> dict[str, object]:
    return {"email": link.email, "expires_at": link.expires_at.isoformat(), "most_uses": link.most_uses}


def _mail(link: ShareLink) -> None:
    name = " ".join(link.app.name.split())
    text = (
        f"You are invited to test {name} on your glasses before it is published.\n\n{share_url(link)}\n\n"
        f"The link is for you alone and holds until {link.expires_at:%d %B %Y}. Who does not want to test it needs to "
        "do nothing.\n"
    )
    try:
        EmailMessage(f"Test {name}", text, to=[link.email]).send()
    except (SMTPException, OSError):
        logger.exception("An invitation to test %s could not be mailed", link.app.package_name)
