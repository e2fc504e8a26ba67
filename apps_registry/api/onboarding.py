"""How an app is used, told once to each of its users (rest §8), and how this cloud is used (rest §6)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import CoreAuthentication
from accounts.api.schema import refusals
from accounts.api.views import ApiView, asking_user, read_body
from accounts.models import User
from apps_registry.errors import AppNotFound
from apps_registry.models import App, Onboarding
from apps_registry.rules import is_package_name
from apps_registry.rules.apps import MAX_PACKAGE_NAME_CHARACTERS
from apps_registry.selectors import find_app
from apps_registry.services import complete_onboarding
from apps_registry.webview_selectors import get_offered_app

_PACKAGE = OpenApiParameter("packageName", str, required=True, description="Which app.")
_WHO = OpenApiParameter("email", str, required=True, description="Your own address.")


class InstructionsSerializer(serializers.Serializer[Any]):
    """How it is used."""

    instructions = serializers.CharField(allow_blank=True)


class OnboardingStatusSerializer(serializers.Serializer[Any]):
    """Whether somebody has seen it."""

    hasCompletedOnboarding = serializers.BooleanField()


class OnboardedSerializer(OnboardingStatusSerializer):
    """It is remembered."""

    success = serializers.BooleanField(default=True)


class OnboardSerializer(serializers.Serializer[Any]):
    """Who has seen how which app is used."""

    email = serializers.CharField(max_length=254)
    packageName = serializers.CharField(max_length=MAX_PACKAGE_NAME_CHARACTERS)


class OnboardingStatusView(ApiView):
    """Whether one has seen it."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(
        parameters=[_WHO, _PACKAGE],
        responses={200: OnboardingStatusSerializer, **refusals(400, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Read whether you went through an app's instructions."""
        user, app = _asked(request, _said(request, "email"), _said(request, "packageName"))
        return Response({"hasCompletedOnboarding": Onboarding.objects.filter(user=user, app=app).exists()})


class OnboardView(ApiView):
    """Having seen it."""

    authentication_classes = (CoreAuthentication,)

    @extend_schema(request=OnboardSerializer, responses={200: OnboardedSerializer, **refusals(400, 403, 404)})
    def post(self, request: Request) -> Response:
        """Say that you went through an app's instructions."""
        said = read_body(OnboardSerializer, request)
        user, app = _asked(request, said["email"], said["packageName"])
        complete_onboarding(user=user, app=app)
        return Response({"success": True, "hasCompletedOnboarding": True})


class OnboardingInstructionsView(ApiView):
    """What there is to see."""

    @extend_schema(parameters=[_PACKAGE], responses={200: InstructionsSerializer, **refusals(400, 404)})
    def get(self, request: Request) -> Response:
        """Read how an app is used."""
        package = _said(request, "packageName")
        app = find_app(package) if is_package_name(package) else None
        if app is None or not app.onboarding_instructions:
            raise NotFound("There are no instructions for this app.")
        return Response({"instructions": app.onboarding_instructions})


class CloudInstructionsView(ApiView):
    """What operators tell everybody."""

    @extend_schema(
        parameters=[OpenApiParameter("userId", str, description="Not read: everybody is told the same.")],
        responses=InstructionsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Read what the operators of this cloud tell apps and their users."""
        return Response({"instructions": settings.INSTRUCTIONS})


def _said(request: Request, name: str) -> str:
    said = request.query_params.get(name, "").strip()
    if not said:
        raise ValidationError(f"{name} is missing.")
    return said


def _asked(request: Request, email: str, package: str) -> tuple[User, App]:
    user = asking_user(request)
    if email.strip().lower() != user.email:
        raise PermissionDenied("You may ask about yourself only.")
    if not is_package_name(package):
        raise AppNotFound(package[:200])
    return user, get_offered_app(user, package)
