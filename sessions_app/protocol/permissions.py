"""Names of the permissions an app can declare (streams-and-permissions §1).

Must not know what a permission unlocks.
"""

from enum import StrEnum


class PermissionType(StrEnum):
    """A declared permission; BACKGROUND_LOCATION and NOTIFICATIONS are old names that still arrive."""

    MICROPHONE = "MICROPHONE"
    LOCATION = "LOCATION"
    BACKGROUND_LOCATION = "BACKGROUND_LOCATION"
    CALENDAR = "CALENDAR"
    CAMERA = "CAMERA"
    READ_NOTIFICATIONS = "READ_NOTIFICATIONS"
    NOTIFICATIONS = "NOTIFICATIONS"
    POST_NOTIFICATIONS = "POST_NOTIFICATIONS"
    ALL = "ALL"
