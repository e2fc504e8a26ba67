"""Letting people test an app before it is published (rest §12)."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import asking_user, read_body
from accounts.rules import Right
from apps_registry.services import invite_tester, make_share_link, share_url
from apps_registry.store import find_open_link
from consoles.api.access import own_app
from consoles.api.views import ConsoleView

MOST_ADDRESSES = 20


class LinkSerializer(serializers.Serializer[Any]):
    """A link to pass on."""

    installUrl = serializers.CharField()


class AddressesSerializer(serializers.Serializer[Any]):
    """Whom to ask."""

    emails = serializers.ListField(child=serializers.CharField(), max_length=MOST_ADDRESSES)


class SharedSerializer(serializers.Serializer[Any]):
    """How many people were asked."""

    success = serializers.BooleanField(default=True)
    sharedWith = serializers.IntegerField()


class ShareView(ConsoleView):
    """The ways to the testers of an app."""

    @extend_schema(responses={200: LinkSerializer, **refusals(400, 403, 404)})
    def get(self, request: Request, package: str) -> Response:
        """Read the link by which anybody may test an app; one is made when none is open."""
        app = own_app(request, package, Right.DEVELOP)
        link = find_open_link(app) or make_share_link(app=app, by=asking_user(request))
        return Response({"installUrl": share_url(link)})

    @extend_schema(request=AddressesSerializer, responses={200: SharedSerializer, **refusals(403, 404, 429)})
    def post(self, request: Request, package: str) -> Response:
        """Ask people by mail to test an app; either all of them or nobody."""
        app = own_app(request, package, Right.DEVELOP)
        emails = list(dict.fromkeys(read_body(AddressesSerializer, request)["emails"]))
        with transaction.atomic():
            for email in emails:
                invite_tester(app=app, by=asking_user(request), email=email)
        return Response({"success": True, "sharedWith": len(emails)})
