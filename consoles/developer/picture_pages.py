"""The icon and the previews of an app: uploaded, put in order, taken away."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.rules import Right
from apps_registry.images import MAX_UPLOAD_BYTES
from apps_registry.models import App, Picture
from apps_registry.pictures import list_previews, path_of, picture_url
from apps_registry.services import add_preview, order_previews, remove_preview, set_icon
from apps_registry.services.pictures import MOST_PREVIEWS
from consoles.developer.app_page import own_app, show_app_page
from consoles.developer.deeds import attempt
from consoles.developer.scope import may


class UploadForm(forms.Form):
    """One picture."""

    file = forms.FileField()

    def clean_file(self) -> bytes:
        """Read the upload, unless it is too large to be read at all."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if upload.size is None or upload.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError("The picture is larger than 10 MB.")
        data: bytes = upload.read()
        return data


def picture_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the page and of what one does to a picture."""

    def page(request: HttpRequest, app_pk: int) -> HttpResponse:
        return _show(request, site, app_pk)

    def post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(require_POST(view))

    base = "apps/<int:app_pk>/pictures/"
    return [
        path(base, site.admin_view(page), name="app_pictures"),
        path(f"{base}icon/", post(_set_icon), name="app_icon"),
        path(f"{base}previews/", post(_add_preview), name="app_previews"),
        path(f"{base}<int:picture_pk>/move/", post(_move), name="app_preview_move"),
        path(f"{base}<int:picture_pk>/delete/", post(_delete), name="app_preview_delete"),
    ]


def _show(request: HttpRequest, site: AdminSite, app_pk: int) -> HttpResponse:
    app = own_app(request, app_pk)
    previews = list_previews(app)
    icons = [picture for picture in app.pictures.all() if picture.kind == Picture.Kind.ICON]
    icon = next((picture for picture in icons if picture_url(picture) == app.logo_url), None)
    return show_app_page(
        request,
        site,
        app,
        "console/app_pictures.html",
        title="pictures",
        icon_source=default_storage.url(path_of(icon.name)) if icon else "",
        previews=[(picture, default_storage.url(path_of(picture.name))) for picture in previews],
        most_previews=MOST_PREVIEWS,
        may_develop=may(request, Right.DEVELOP, app.organization_id),
    )


def _set_icon(request: HttpRequest, app_pk: int) -> HttpResponse:
    return _upload(request, app_pk, lambda app, data: set_icon(app=app, data=data), "The icon was changed.")


def _add_preview(request: HttpRequest, app_pk: int) -> HttpResponse:
    return _upload(
        request, app_pk, lambda app, data: add_preview(app=app, data=data), "The preview was added."
    )


def _upload(
    request: HttpRequest, app_pk: int, keep: Callable[[App, bytes], object], done: str
) -> HttpResponse:
    app = own_app(request, app_pk, Right.DEVELOP)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        attempt(request, lambda: keep(app, form.cleaned_data["file"]), done)
    else:
        messages.error(request, " ".join(map(str, form.errors["file"])))
    return redirect("console:app_pictures", app_pk)


def _move(request: HttpRequest, app_pk: int, picture_pk: int) -> HttpResponse:
    """Let a preview change places with the one before it, or after it with `later`."""
    app, picture = _own_preview(request, app_pk, picture_pk)
    ids = [row.image_id for row in list_previews(app)]
    here = ids.index(picture.image_id)
    there = min(max(here + (1 if "later" in request.POST else -1), 0), len(ids) - 1)
    ids[here], ids[there] = ids[there], ids[here]
    attempt(request, lambda: order_previews(app=app, image_ids=ids), "The order was changed.")
    return redirect("console:app_pictures", app_pk)


def _delete(request: HttpRequest, app_pk: int, picture_pk: int) -> HttpResponse:
    _, picture = _own_preview(request, app_pk, picture_pk)
    attempt(request, lambda: remove_preview(picture=picture), "The preview was deleted.")
    return redirect("console:app_pictures", app_pk)


def _own_preview(request: HttpRequest, app_pk: int, picture_pk: int) -> tuple[App, Picture]:
    app = own_app(request, app_pk, Right.DEVELOP)
    previews = Picture.objects.filter(app=app, kind=Picture.Kind.PREVIEW).select_related("app__organization")
    return app, get_object_or_404(previews, pk=picture_pk)
