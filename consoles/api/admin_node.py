"""What the node that answers is made of, for operators (rest §13)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import refusals
from accounts.api.views import read_body
from consoles.api.admin_apps import OperatorView
from consoles.api.heap import Busy, take_heap_snapshot
from consoles.api.node_facts import facts_of_memory, facts_of_node

LONGEST_WATCH_SECONDS = 5.0


class MemorySerializer(serializers.Serializer[Any]):
    """The memory of this process, and how much of what it has in it."""

    node = serializers.CharField()
    residentBytes = serializers.IntegerField(source="resident_bytes", allow_null=True)
    peakBytes = serializers.IntegerField(source="peak_bytes")
    collections = serializers.ListField(
        child=serializers.IntegerField(), help_text="Objects the garbage collector watches, by generation."
    )
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Things in memory, by kind.")


class NodeSerializer(serializers.Serializer[Any]):
    """The node that answers."""

    node = serializers.CharField()
    pid = serializers.IntegerField()
    python = serializers.CharField()
    django = serializers.CharField()
    database = serializers.CharField()
    threads = serializers.IntegerField()
    openSockets = serializers.DictField(source="open_sockets", child=serializers.IntegerField())
    ownedSessions = serializers.IntegerField(source="owned_sessions")
    sessions = serializers.DictField(
        child=serializers.IntegerField(), help_text="Sessions of the whole cloud, by state."
    )
    memory = MemorySerializer()


class WatchSerializer(serializers.Serializer[Any]):
    """How long allocations are watched."""

    seconds = serializers.FloatField(
        required=False, default=1.0, min_value=0.0, max_value=LONGEST_WATCH_SECONDS
    )


class HeapLineSerializer(serializers.Serializer[Any]):
    """A line of code, and what it allocated that is still there."""

    where = serializers.CharField()
    bytes = serializers.IntegerField()
    blocks = serializers.IntegerField()


class HeapTypeSerializer(serializers.Serializer[Any]):
    """A type, and how many objects of it there are."""

    type = serializers.CharField()
    count = serializers.IntegerField()


class HeapSerializer(serializers.Serializer[Any]):
    """What fills the memory of this process."""

    seconds = serializers.FloatField()
    allocatedBytes = serializers.IntegerField(source="allocated_bytes")
    lines = HeapLineSerializer(many=True)
    types = HeapTypeSerializer(many=True)


class DebugView(OperatorView):
    """The node."""

    @extend_schema(responses={200: NodeSerializer, **refusals(403)})
    def get(self, request: Request) -> Response:
        """Describe the node that answers."""
        return Response(NodeSerializer(facts_of_node()).data)


class MemoryView(OperatorView):
    """Its memory."""

    @extend_schema(responses={200: MemorySerializer, **refusals(403)})
    def get(self, request: Request) -> Response:
        """Measure the memory of the node that answers."""
        return Response(MemorySerializer(facts_of_memory()).data)


class HeapSnapshotView(OperatorView):
    """What fills it."""

    @extend_schema(request=WatchSerializer, responses={200: HeapSerializer, **refusals(403, 429)})
    def post(self, request: Request) -> Response:
        """Watch allocations of the node that answers for some seconds and count its objects.

        Slows the node down meanwhile; one at a time.
        """
        seconds = read_body(WatchSerializer, request)["seconds"]
        try:
            return Response(HeapSerializer(take_heap_snapshot(seconds)).data)
        except Busy as error:
            raise Throttled(wait=LONGEST_WATCH_SECONDS, detail="A snapshot is being taken.") from error
