"""Icon and previews of an app in the console."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.rules import Role
from apps_registry.images import MAX_UPLOAD_BYTES
from apps_registry.models import App, Picture
from apps_registry.pictures import list_previews
from apps_registry.services import add_preview
from tests.consoles.conftest import Browsing, Member
from tests.support.images import picture
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    return make_app().app


def page(app: App, end: str = "") -> str:
    return f"/console/apps/{app.pk}/pictures/{end}"


def upload(browser: Client, path: str, data: bytes) -> str:
    """Upload a file and return the page that follows."""
    file = SimpleUploadedFile("anything.svg", data, content_type="image/svg+xml")
    return browser.post(path, {"file": file}, follow=True).content.decode()


def test_an_icon_is_uploaded_and_shown(browsing: Browsing, app: App) -> None:
    dora = browsing(DORA)
    assert "No icon yet" in dora.get(page(app)).content.decode()
    text = upload(dora, page(app, "icon/"), picture())
    icon = Picture.objects.get()
    assert f'src="/media/pictures/{icon.name}"' in text
    assert dora.get(f"/media/pictures/{icon.name}").status_code == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg/>", "PNG, JPEG or WebP"),
        (picture(size=(300, 200)), "must be square"),
        (b"0" * (MAX_UPLOAD_BYTES + 1), "larger than 10 MB"),
        (b"", "empty"),
    ],
    ids=["svg", "shape", "heavy", "empty"],
)
def test_a_bad_icon_is_explained(browsing: Browsing, app: App, data: bytes, said: str) -> None:
    assert said in upload(browsing(DORA), page(app, "icon/"), data)
    assert not Picture.objects.exists()


def test_previews_are_added_ordered_and_deleted(browsing: Browsing, app: App) -> None:
    dora = browsing(DORA)
    for colour in ("red", "green", "blue"):
        upload(dora, page(app, "previews/"), picture(colour=colour))
    red, green, blue = list_previews(app)
    dora.post(page(app, f"{red.pk}/move/"), {"later": ""})
    dora.post(page(app, f"{blue.pk}/move/"), {"earlier": ""})
    assert list_previews(app) == [green, blue, red]
    text = dora.post(page(app, f"{blue.pk}/delete/"), follow=True).content.decode()
    assert list_previews(app) == [green, red]
    assert blue.name not in text


def test_strangers_and_viewers_change_nothing(browsing: Browsing, member: Member, app: App) -> None:
    preview = add_preview(app=app, data=picture())
    viewer, bob = member(app.organization, Role.VIEWER), browsing(BOB)
    seen = viewer.get(page(app)).content.decode()
    assert preview.name in seen
    assert 'type="file"' not in seen
    assert bob.get(page(app)).status_code == 404
    for browser in (viewer, bob):
        for end in ("icon/", "previews/", f"{preview.pk}/move/", f"{preview.pk}/delete/"):
            file = SimpleUploadedFile("icon.png", picture(colour="red"))
            assert browser.post(page(app, end), {"file": file}).status_code == 404
    assert list(Picture.objects.all()) == [preview]


def test_the_page_costs_the_same_for_any_number_of_pictures(
    browsing: Browsing, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dora = browsing(DORA)
    dora.get(page(app))
    with django_assert_num_queries(6):
        dora.get(page(app))
    for colour in ("red", "green", "blue"):
        add_preview(app=app, data=picture(colour=colour))
    with django_assert_num_queries(6):
        dora.get(page(app))
