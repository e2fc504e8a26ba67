"""The review of apps, for operators (rest §13)."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, ConsoleAuthentication
from accounts.api.permissions import IsOperator
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.selectors import count_operators
from apps_registry.models import App
from apps_registry.rules import StoreStatus, VerificationStatus
from apps_registry.selectors import get_app
from apps_registry.services import approve_app, reject_app, set_verification
from apps_registry.store import apps_with_status, count_by_status
from consoles.api.apps_wire import MOST_APPS, AppSerializer, for_the_wire, fresh
from consoles.api.organizations_wire import ProfileSerializer

RECENT_APPS = 10


class OrganizationOfAppSerializer(serializers.Serializer[Any]):
    """Who owns an app."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField()
    profile = ProfileSerializer(source="*")


class ReviewedAppSerializer(AppSerializer):
    """An app as operators see it."""

    _id = serializers.CharField(source="pk")
    organizationName = serializers.CharField(source="organization.name")
    organizationProfile = ProfileSerializer(source="organization")
    organization = OrganizationOfAppSerializer()


class CountsSerializer(serializers.Serializer[Any]):
    """How many apps there are in each store status, and how many operators."""

    development = serializers.IntegerField()
    submitted = serializers.IntegerField()
    published = serializers.IntegerField()
    rejected = serializers.IntegerField()
    admins = serializers.IntegerField()


class StatsSerializer(serializers.Serializer[Any]):
    """What waits for operators."""

    counts = CountsSerializer()
    recentSubmissions = ReviewedAppSerializer(many=True)


class AdminSerializer(serializers.Serializer[Any]):
    """An operator."""

    isAdmin = serializers.BooleanField()
    role = serializers.CharField()
    email = serializers.CharField()


class ApprovalSerializer(serializers.Serializer[Any]):
    """Words to the developers, and who vouches for the app."""

    notes = serializers.CharField(required=False, allow_blank=True, default="")
    verificationStatus = serializers.ChoiceField(
        required=False, choices=[status.value for status in VerificationStatus]
    )


class RejectionSerializer(serializers.Serializer[Any]):
    """What the developers have to change."""

    notes = serializers.CharField()


class VerificationSerializer(serializers.Serializer[Any]):
    """Who vouches for an app; either name is read."""

    status = serializers.ChoiceField(required=False, choices=[status.value for status in VerificationStatus])
    verificationStatus = serializers.ChoiceField(
        required=False, choices=[status.value for status in VerificationStatus]
    )

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Return the status by its shorter name."""
        status = attrs.get("status") or attrs.get("verificationStatus")
        if status is None:
            raise serializers.ValidationError({"status": "This field is required."})
        return {"status": status}


class DecidedSerializer(serializers.Serializer[Any]):
    """What was decided."""

    message = serializers.CharField()
    app = ReviewedAppSerializer()


class OperatorView(ApiView):
    """An endpoint for operators."""

    authentication_classes: Sequence[type[BearerAuthentication]] = (ConsoleAuthentication,)
    permission_classes: Sequence[type[BasePermission]] = (IsOperator,)


class CheckView(OperatorView):
    """Who asks."""

    @extend_schema(responses={200: AdminSerializer, **refusals(403)})
    def get(self, request: Request) -> Response:
        """Say that you are an operator."""
        return Response({"isAdmin": True, "role": "ADMIN", "email": asking_user(request).email})


class StatsView(OperatorView):
    """What waits."""

    @extend_schema(responses={200: StatsSerializer, **refusals(403)})
    def get(self, request: Request) -> Response:
        """Count apps by store status, and show those submitted last."""
        by_status = count_by_status()
        counts = {status.lower(): by_status[status] for status in StoreStatus}
        recent = for_the_wire(apps_with_status(StoreStatus.SUBMITTED))[:RECENT_APPS]
        said = {"counts": {**counts, "admins": count_operators()}, "recentSubmissions": recent}
        return Response(StatsSerializer(said).data)


class AppsWithStatusView(OperatorView):
    """Apps in one store status."""

    status = StoreStatus.SUBMITTED

    @extend_schema(responses={200: ReviewedAppSerializer(many=True), **refusals(403)})
    def get(self, request: Request) -> Response:
        """List the apps in this store status, those that changed last first.

        At most 250.
        """
        apps = for_the_wire(apps_with_status(self.status))[:MOST_APPS]
        return Response(ReviewedAppSerializer(apps, many=True).data)


class ReviewedAppView(OperatorView):
    """One app."""

    @extend_schema(responses={200: ReviewedAppSerializer, **refusals(403, 404)})
    def get(self, request: Request, package: str) -> Response:
        """Read any app."""
        return Response(ReviewedAppSerializer(fresh(get_app(package))).data)


class ApproveView(OperatorView):
    """A yes."""

    @extend_schema(request=ApprovalSerializer, responses={200: DecidedSerializer, **refusals(403, 404)})
    def post(self, request: Request, package: str) -> Response:
        """Publish a submitted app."""
        app = get_app(package)
        said = read_body(ApprovalSerializer, request)
        approve_app(
            app=app,
            by=asking_user(request),
            notes=said["notes"],
            verification_status=said.get("verificationStatus"),
        )
        return _decided("App approved successfully", app)


class RejectView(OperatorView):
    """A no."""

    @extend_schema(request=RejectionSerializer, responses={200: DecidedSerializer, **refusals(403, 404)})
    def post(self, request: Request, package: str) -> Response:
        """Send a submitted app back to its developers."""
        app = get_app(package)
        notes = read_body(RejectionSerializer, request)["notes"]
        reject_app(app=app, by=asking_user(request), notes=notes)
        return _decided("App rejected", app)


class SetVerificationView(OperatorView):
    """A word for an app."""

    @extend_schema(request=VerificationSerializer, responses={200: DecidedSerializer, **refusals(403, 404)})
    def post(self, request: Request, package: str) -> Response:
        """Say who vouches for an app."""
        app = get_app(package)
        status = read_body(VerificationSerializer, request)["status"]
        set_verification(app=app, by=asking_user(request), status=status)
        return _decided("Verification status updated", app)


def _decided(message: str, app: App) -> Response:
    return Response({"message": message, "app": ReviewedAppSerializer(fresh(app)).data})
