"""No operator and no developer gets to see what was said, on whatever page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consoles.developer.site import developer_site
from sessions_app.models import TranscriptSegment
from sessions_app.states import SessionRef
from tests.support.personas import ADA, make_user
from tests.support.sessions import connect_phone
from tests.support.words import say

pytestmark = pytest.mark.django_db
SECRET = "the key lies under the mat"


@pytest.fixture
def ref() -> SessionRef:
    ref = connect_phone(make_user()).ref
    say(ref, SECRET)
    return ref


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user("operator@example.com", staff=True))
    return client


@pytest.mark.parametrize("site", [admin.site, developer_site])
def test_no_site_has_pages_of_transcripts(site: admin.AdminSite) -> None:
    assert not site.is_registered(TranscriptSegment)


def test_pages_about_a_session_and_its_user_show_no_words(operator: Client, ref: SessionRef) -> None:
    user = User.objects.get(email=ADA)
    pages = [
        reverse("admin:sessions_app_usersession_change", args=[ref.session_id]),
        reverse("admin:sessions_app_usersession_changelist"),
        reverse("admin:accounts_user_change", args=[user.pk]),
        reverse("admin:accounts_user_delete", args=[user.pk]),
        reverse("admin:index"),
    ]
    for page in pages:
        answer = operator.get(page)
        assert answer.status_code in (200, 403), page
        assert SECRET not in answer.content.decode(), page


def test_operators_do_not_find_words_by_searching(operator: Client, ref: SessionRef) -> None:
    page = reverse("admin:sessions_app_usersession_changelist")
    assert ref.session_id not in operator.get(page, {"q": SECRET}).content.decode()
