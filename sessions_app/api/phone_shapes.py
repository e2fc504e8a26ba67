"""The shapes in which phones report calendar, position and notifications by REST, and the same in the socket's words.

Newer phones pass on what their operating system calls a calendar entry or a position.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from sessions_app.protocol.codec import iso
from sessions_app.protocol.streams import StreamName

LONGEST_ID = 500
LONGEST_TEXT = 4000
NO_TIME = "This is no time: write ISO 8601, or milliseconds of the epoch."
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180


class Moment(serializers.JSONField):
    """A time as ISO 8601 text, which is kept as it is, or as milliseconds of the epoch."""

    def to_internal_value(self, data: Any) -> Any:
        """Return text; raise ValidationError."""
        if isinstance(data, str) and 0 < len(data) <= LONGEST_ID:
            return data
        if isinstance(data, int | float) and not isinstance(data, bool):
            try:
                return iso(datetime.fromtimestamp(data / 1000, UTC))
            except (OverflowError, ValueError, OSError):
                pass
        raise serializers.ValidationError(NO_TIME)


class Timestamp(serializers.JSONField):
    """When something was, exactly as the phone writes it: text or a number."""

    def to_internal_value(self, data: Any) -> Any:
        """Return it unchanged; raise ValidationError."""
        if isinstance(data, str) and len(data) > LONGEST_ID or not isinstance(data, str | int | float):
            raise serializers.ValidationError(NO_TIME)
        return data


class EventSerializer(serializers.Serializer[Any]):
    """An entry of a calendar: as the socket names its fields, or `id`, `startDate`, `endDate`, `timeZone`."""

    eventId = serializers.CharField(max_length=LONGEST_ID, required=False)
    id = serializers.CharField(max_length=LONGEST_ID, required=False)
    title = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )
    dtStart = Moment(required=False)
    startDate = Moment(required=False)
    dtEnd = Moment(required=False, allow_null=True)
    endDate = Moment(required=False, allow_null=True)
    timezone = serializers.CharField(max_length=100, required=False, allow_null=True, allow_blank=True)
    timeZone = serializers.CharField(max_length=100, required=False, allow_null=True, allow_blank=True)
    timeStamp = Moment(required=False, allow_null=True)
    allDay = serializers.BooleanField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the entry with the socket's names; raise ValidationError."""
        event = {
            "eventId": attrs.get("eventId") or attrs.get("id"),
            "title": attrs.get("title") or "",
            "dtStart": attrs.get("dtStart") or attrs.get("startDate"),
            "dtEnd": attrs.get("dtEnd") or attrs.get("endDate"),
            "timezone": attrs.get("timezone") or attrs.get("timeZone") or "",
            "timeStamp": attrs.get("timeStamp"),
            "allDay": attrs.get("allDay"),
        }
        for name in ("eventId", "dtStart"):
            if event[name] is None:
                raise serializers.ValidationError({name: "This field is required."})
        return {name: value for name, value in event.items() if value is not None}


class CalendarSerializer(serializers.Serializer[Any]):
    """Entries of the phone's calendar."""

    events = EventSerializer(many=True)


class CoordinatesSerializer(serializers.Serializer[Any]):
    """A place in degrees; `accuracy` in metres."""

    latitude = serializers.FloatField(min_value=-_MOST_LATITUDE, max_value=_MOST_LATITUDE)
    longitude = serializers.FloatField(min_value=-_MOST_LONGITUDE, max_value=_MOST_LONGITUDE)
    accuracy = serializers.FloatField(required=False, allow_null=True)


class WrappedSerializer(serializers.Serializer[Any]):
    """A position as operating systems report it."""

    coords = CoordinatesSerializer()
    timestamp = Timestamp(required=False, allow_null=True)


class LocationSerializer(serializers.Serializer[Any]):
    """A position: either `location`, or `lat` and `lng` in degrees and `accuracy` in metres."""

    location = WrappedSerializer(required=False, allow_null=True)
    lat = serializers.FloatField(min_value=-_MOST_LATITUDE, max_value=_MOST_LATITUDE, required=False)
    lng = serializers.FloatField(min_value=-_MOST_LONGITUDE, max_value=_MOST_LONGITUDE, required=False)
    accuracy = serializers.FloatField(required=False, allow_null=True)
    timestamp = Timestamp(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what names no place."""
        if not attrs.get("location") and ("lat" not in attrs or "lng" not in attrs):
            raise serializers.ValidationError("Send location with coords, or lat and lng.")
        return attrs


class NotificationSerializer(serializers.Serializer[Any]):
    """A notification of the phone."""

    notificationId = serializers.CharField(max_length=LONGEST_ID)
    app = serializers.CharField(max_length=LONGEST_ID)
    title = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    content = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    priority = serializers.CharField(max_length=20, default="normal")
    timestamp = Timestamp(required=False)
    packageName = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)


class DismissedSerializer(serializers.Serializer[Any]):
    """A notification that is gone."""

    notificationId = serializers.CharField(max_length=LONGEST_ID)
    notificationKey = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)
    packageName = serializers.CharField(max_length=LONGEST_ID, required=False, allow_blank=True)
    timestamp = Timestamp(required=False)


def read_event(said: object, place: str) -> dict[str, Any]:
    """Return a calendar_event; raise ValidationError that names the place of what cannot be."""
    event = EventSerializer(data=said)
    if not event.is_valid():
        raise serializers.ValidationError({place: event.errors})
    return {"type": StreamName.CALENDAR_EVENT.value, **event.validated_data}


def position_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a location_update."""
    wrapped = said.get("location")
    if wrapped:
        place, when = wrapped["coords"], wrapped.get("timestamp")
        found = {"lat": place["latitude"], "lng": place["longitude"], "accuracy": place.get("accuracy")}
    else:
        found, when = {name: said.get(name) for name in ("lat", "lng", "accuracy")}, said.get("timestamp")
    known = {**found, "timestamp": when}
    message = {name: value for name, value in known.items() if value is not None}
    return {"type": StreamName.LOCATION_UPDATE.value, **message}
