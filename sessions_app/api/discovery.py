"""Who else uses an app now, for its server (rest §6)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import ApiView, read_body
from accounts.limits import take
from accounts.selectors import find_user
from apps_registry.api.authentication import AppKeyAuthentication, asking_key
from apps_registry.api.views import PackageSerializer
from sessions_app.api.views import timestamp
from sessions_app.messaging.selectors import list_peers, runs_for

LONGEST_USER_ID = 320


class DiscoverSerializer(PackageSerializer):
    """For which user of which app."""

    userId = serializers.CharField(max_length=LONGEST_USER_ID)
    includeUserProfiles = serializers.BooleanField(default=False)


class PeerProfileSerializer(serializers.Serializer[Any]):
    """What somebody lets other users of an app see."""

    name = serializers.CharField()


class PeerSerializer(serializers.Serializer[Any]):
    """One user who runs the app now."""

    userId = serializers.CharField()
    sessionId = serializers.CharField()
    joinedAt = serializers.DateTimeField()
    userProfile = PeerProfileSerializer(required=False)


class PeersSerializer(serializers.Serializer[Any]):
    """All others who run the app now, longest there first; at most 500 are listed."""

    users = PeerSerializer(many=True)
    totalUsers = serializers.IntegerField()
    timestamp = serializers.DateTimeField()


class DiscoverUsersView(ApiView):
    """Other users of an app."""

    authentication_classes = (AppKeyAuthentication,)

    @extend_schema(
        request=DiscoverSerializer, responses={200: PeersSerializer, **refusals(400, 403, 404, 429)}
    )
    def post(self, request: Request) -> Response:
        """List who else runs your app now, for a user who runs it.

        A profile is there where it is asked for and its person lets other users of apps see it.
        """
        key, said = asking_key(request), read_body(DiscoverSerializer, request)
        package_name = key.app.package_name
        if said["packageName"] != package_name:
            raise PermissionDenied("The API key is one of another app.")
        user = find_user(said["userId"])
        take("discovery", f"{key.app_id}:{user.pk if user else 0}")
        if user is None or not runs_for(package_name, user.pk):
            raise NotFound("This user does not run the app now.")
        peers, total = list_peers(package_name, besides=user.pk, with_profiles=said["includeUserProfiles"])
        return Response(
            {"users": [peer.described() for peer in peers], "totalUsers": total, "timestamp": timestamp()}
        )
