"""Testers by REST: a link for anybody, and invitations by mail (rest §12)."""

from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.rules import Role
from apps_registry.models import ShareLink
from apps_registry.services import accept_share_link, revoke_share_link
from tests.consoles.api.conftest import Calling, CallingMember
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, make_app, make_user

pytestmark = pytest.mark.django_db

PATH = f"/dev/apps/{CAPTIONS}/share"


def test_a_link_lets_anybody_test_the_app(calling: Calling) -> None:
    make_app(published=False)
    code, said = calling(DORA).get(PATH)

    token = said["installUrl"].rstrip("/").rpartition("/")[2]
    assert code == 200
    assert calling(DORA).get(PATH) == (200, said)
    assert calling(BOB).get(f"/store/{CAPTIONS}")[0] == 404
    accept_share_link(token=token, user=make_user(BOB))
    assert calling(BOB).get(f"/store/{CAPTIONS}")[0] == 200


def test_a_link_that_was_withdrawn_is_not_passed_on(calling: Calling) -> None:
    make_app(published=False)
    first = calling(DORA).get(PATH)[1]
    revoke_share_link(link=ShareLink.objects.get())
    assert calling(DORA).get(PATH)[1] != first


def test_people_are_asked_by_mail(
    calling: Calling, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_app(published=False)
    with django_capture_on_commit_callbacks(execute=True):
        answer = calling(DORA).post(PATH, {"emails": [ADA, BOB, ADA]})

    assert answer == (200, {"success": True, "sharedWith": 2})
    assert sorted(message.to[0] for message in mail.outbox) == [ADA, BOB]


@pytest.mark.parametrize("body", [{}, {"emails": "x"}, {"emails": ["x"]}, {"emails": [ADA] * 21}])
def test_all_are_asked_or_nobody(calling: Calling, body: Any) -> None:
    make_app(published=False)
    assert calling(DORA).post(PATH, body)[0] == 400
    assert calling(DORA).post(PATH, {"emails": [ADA, "nonsense"]})[0] == 400
    assert not ShareLink.objects.exists()


def test_nobody_else_asks(calling: Calling, calling_member: CallingMember) -> None:
    app = make_app().app
    viewer = calling_member(app.organization, Role.VIEWER)
    assert [calling(BOB).get(PATH)[0], calling(BOB).post(PATH, {"emails": [BOB]})[0]] == [404, 404]
    assert [viewer.get(PATH)[0], viewer.post(PATH, {"emails": [BOB]})[0]] == [403, 403]
    assert not ShareLink.objects.exists()
