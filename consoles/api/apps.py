"""The apps of one's organizations (rest §10); for consoles, command lines and, bare, the legacy API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import is_operator
from accounts.api.schema import DoneSerializer, refusals, wrapped
from accounts.api.views import asking_user, read_body
from accounts.rules import Right
from apps_registry.rules import PermissionType
from apps_registry.selectors import apps_of
from apps_registry.services import (
    move_app,
    publish_app,
    register_with_key,
    remove_app,
    replace_api_keys,
    submit_app,
    update_app,
)
from apps_registry.store import AppUsage, app_usage
from consoles.api.access import chosen_organization, home_organization, own_app, own_organization
from consoles.api.apps_wire import (
    MOST_APPS,
    AppChangesSerializer,
    AppSerializer,
    NewAppSerializer,
    for_the_wire,
    fresh,
)
from consoles.api.views import ConsoleView

ORGANIZATION = OpenApiParameter("orgId", str, description="Only the apps of this organization.")
ONE_APP = {200: wrapped(AppSerializer), **refusals(403, 404)}


class NewKeySerializer(serializers.Serializer[Any]):
    """A key of an app, shown this once."""

    apiKey = serializers.CharField()
    createdAt = serializers.DateTimeField()


class FoundedAppSerializer(serializers.Serializer[Any]):
    """An app with its first key, shown this once."""

    app = AppSerializer()
    apiKey = serializers.CharField()


class MoveSerializer(serializers.Serializer[Any]):
    """Where an app goes."""

    targetOrgId = serializers.CharField()


class InstallsOfDaySerializer(serializers.Serializer[Any]):
    """How many people installed an app on a day (UTC)."""

    date = serializers.DateField()
    count = serializers.IntegerField()


class AnalyticsSerializer(serializers.Serializer[AppUsage]):
    """How far an app has come. Days without an installation are left out."""

    totalInstalls = serializers.IntegerField(source="installs")
    dau = serializers.IntegerField(source="active_day")
    wau = serializers.IntegerField(source="active_week")
    mau = serializers.IntegerField(source="active_month")
    installsOverTime = serializers.SerializerMethodField()

    @extend_schema_field(InstallsOfDaySerializer(many=True))
    def get_installsOverTime(self, usage: AppUsage) -> list[dict[str, Any]]:  # noqa: N802
        """Return the installations of the last thirty days."""
        return [{"date": day.isoformat(), "count": count} for day, count in usage.installs_by_day]


class RegisterView(ConsoleView):
    """A new app."""

    @extend_schema(
        request=NewAppSerializer, responses={201: wrapped(FoundedAppSerializer), **refusals(403, 409, 429)}
    )
    def post(self, request: Request) -> Response:
        """Register an app and install it for yourself.

        Its first API key is shown in this answer and never again. Without permissions the app gets MICROPHONE.
        """
        details = read_body(NewAppSerializer, request)
        organization = home_organization(request, details.pop("orgId", None))
        details["permissions"] = details.get("permissions") or [PermissionType.MICROPHONE]
        app, key = register_with_key(by=asking_user(request), organization=organization, **details)
        return self.answer({"app": AppSerializer(fresh(app)).data, "apiKey": key}, status.HTTP_201_CREATED)


class AppsView(RegisterView):
    """All apps of whoever asks."""

    @extend_schema(
        parameters=[ORGANIZATION], responses={200: wrapped(AppSerializer, many=True), **refusals(403)}
    )
    def get(self, request: Request) -> Response:
        """List the apps of your organizations, newest first.

        At most 250.
        """
        apps = apps_of(asking_user(request)).order_by("-created_at", "-pk")
        organization = chosen_organization(request)
        if organization is not None:
            apps = apps.filter(organization=organization)
        return self.answer(AppSerializer(for_the_wire(apps)[:MOST_APPS], many=True).data)


class AppView(ConsoleView):
    """One app."""

    @extend_schema(responses={200: wrapped(AppSerializer), **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Read an app."""
        return self.answer(AppSerializer(own_app(request, package)).data)

    @extend_schema(request=AppChangesSerializer, responses={**ONE_APP, **refusals(409)})
    def put(self, request: Request, package: str) -> Response:
        """Change an app.

        Only what the body names changes; lists are replaced as a whole.
        """
        app = own_app(request, package, Right.DEVELOP)
        changes = read_body(AppChangesSerializer, request, app=app)
        return self.answer(AppSerializer(fresh(update_app(app=app, **changes))).data)

    @extend_schema(responses={200: DoneSerializer, **refusals(403, 404)})
    def delete(self, request: Request, package: str) -> Response:
        """Delete an app with its keys and installations."""
        remove_app(app=own_app(request, package, Right.MANAGE))
        return Response({"success": True})


class AppKeyView(ConsoleView):
    """The key of an app."""

    @extend_schema(request=None, responses={200: wrapped(NewKeySerializer), **refusals(403, 404, 429)})
    def post(self, request: Request, package: str) -> Response:
        """Make a new API key; every other key of the app ends at once.

        The key is shown in this answer and never again.
        """
        key, plain = replace_api_keys(app=own_app(request, package, Right.DEVELOP))
        return self.answer(NewKeySerializer({"apiKey": plain, "createdAt": key.created_at}).data)


class PublishView(ConsoleView):
    """The way to everybody."""

    @extend_schema(request=None, responses={**ONE_APP, **refusals(400)})
    def post(self, request: Request, package: str) -> Response:
        """Submit an app for review; an operator's own app is published at once."""
        user = asking_user(request)
        app = own_app(request, package, Right.DEVELOP)
        publish_app(app=app, by=user) if is_operator(user) else submit_app(app=app, by=user)
        return self.answer(AppSerializer(fresh(app)).data)


class AnalyticsView(ConsoleView):
    """How far an app has come."""

    @extend_schema(responses={200: wrapped(AnalyticsSerializer), **refusals(404)})
    def get(self, request: Request, package: str) -> Response:
        """Count who has an app and who used it in the last day, week and month."""
        return self.answer(AnalyticsSerializer(app_usage(own_app(request, package))).data)


class MoveAppView(ConsoleView):
    """Where an app belongs."""

    @extend_schema(request=MoveSerializer, responses={**ONE_APP, **refusals(400)})
    def post(self, request: Request, package: str) -> Response:
        """Move an app to another organization of yours."""
        app = own_app(request, package)
        target = own_organization(request, read_body(MoveSerializer, request)["targetOrgId"])
        moved = move_app(by=asking_user(request), app=app, organization=target)
        return self.answer(AppSerializer(fresh(moved)).data)
