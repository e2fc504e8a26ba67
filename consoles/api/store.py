"""The store (rest §5): what everybody may install, and what one has."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication, OptionalCoreAuthentication
from accounts.api.refusals import Wording, without_success
from accounts.api.schema import refusals, wrapped
from accounts.api.views import ApiView, asking_user
from accounts.models import User
from apps_registry.errors import AppNotFound
from apps_registry.models import App
from apps_registry.rules import is_package_name
from apps_registry.selectors import apps_offered_to, is_installed
from apps_registry.services import install_app, uninstall_app
from apps_registry.store import installed_apps, published_apps, search_published
from consoles.api.apps_wire import MOST_APPS, AppSerializer, for_the_wire
from consoles.api.store_wire import (
    DeviceInfoSerializer,
    InstalledSerializer,
    StoreListSerializer,
    StoreUserSerializer,
    for_somebody,
)
from sessions_app.phone.glasses_now import glasses_of

LONGEST_SEARCH = 100
LIST = {200: wrapped(AppSerializer, many=True)}


class StoreView(ApiView):
    """An endpoint of the store."""

    wording: ClassVar[Wording] = staticmethod(without_success)


class PublishedView(StoreView):
    """What everybody may install."""

    @extend_schema(responses=LIST)
    def get(self, request: Request) -> Response:
        """List the published apps by name.

        At most 250.
        """
        return _list(published_apps())


class PublishedForMeView(StoreView):
    """What one may install, compared with one's glasses."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses=StoreListSerializer)
    def get(self, request: Request) -> Response:
        """List the published apps: which you have, and which run on the glasses you wear now.

        At most 250.
        """
        user = asking_user(request)
        glasses = glasses_of(user)
        shown = for_somebody(published_apps()[:MOST_APPS], user, glasses)
        return Response({"success": True, "data": shown, "deviceInfo": DeviceInfoSerializer(glasses).data})


class InstalledView(StoreView):
    """What one has."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses=LIST)
    def get(self, request: Request) -> Response:
        """List the apps you installed, longest ago first."""
        return _list(installed_apps(asking_user(request)))


class InstallView(StoreView):
    """Getting an app."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(request=None, responses={200: InstalledSerializer, **refusals(400, 403, 404)})
    def post(self, request: Request, package: str) -> Response:
        """Install an app for yourself."""
        user = asking_user(request)
        app = offered(package, user)
        if is_installed(user.pk, package):
            raise ValidationError(f"{app.name} is installed already.")
        install_app(user=user, app=app)
        return Response({"success": True, "message": f"{app.name} is installed."})


class UninstallView(StoreView):
    """Giving an app up."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(request=None, responses={200: InstalledSerializer, **refusals(400, 404)})
    def post(self, request: Request, package: str) -> Response:
        """Uninstall an app; if it runs, it is stopped first."""
        user = asking_user(request)
        app = offered(package, user)
        if not uninstall_app(user=user, app=app):
            raise ValidationError(f"{app.name} is not installed.")
        return Response({"success": True, "message": f"{app.name} is uninstalled."})


class SearchView(StoreView):
    """Looking for an app."""

    authentication_classes = (OptionalCoreAuthentication,)

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True, description="Part of a name or description.")],
        responses={**LIST, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Search the published apps."""
        return found_for(request.query_params.get("q", ""))


class StoreAppView(StoreView):
    """One app."""

    authentication_classes = (OptionalCoreAuthentication,)

    @extend_schema(responses={200: wrapped(AppSerializer), **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read an app that is published, or that you have or could install."""
        user = request.user if isinstance(request.user, User) else None
        return Response({"success": True, "data": AppSerializer(offered(package, user)).data})


class StoreUserView(StoreView):
    """Who asks."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(responses=wrapped(StoreUserSerializer))
    def get(self, request: Request) -> Response:
        """Read your account in the store."""
        return Response({"success": True, "data": StoreUserSerializer(asking_user(request)).data})


def _list(apps: QuerySet[App]) -> Response:
    return Response({"success": True, "data": AppSerializer(for_the_wire(apps)[:MOST_APPS], many=True).data})


def found_for(words: str) -> Response:
    """Return the published apps that somebody's words fit; raise ValidationError for what is no search."""
    text = words.strip()
    if not text or len(text) > LONGEST_SEARCH or not text.isprintable():
        raise ValidationError("Search query is required")
    return _list(search_published(text))


def offered(package: str, user: User | None) -> App:
    """Return an app that is published or that `user` has or could install; raise AppNotFound for any other."""
    apps = published_apps() if user is None else apps_offered_to(user)
    app = for_the_wire(apps).filter(package_name=package).first() if is_package_name(package) else None
    if app is None:
        raise AppNotFound(package[:200])
    return app
