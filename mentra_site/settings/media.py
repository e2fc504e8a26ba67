"""Where uploaded pictures and photos are kept, and how long: a folder by default, or another storage of Django's."""

from typing import Any
from urllib.parse import urlsplit

import environ

env = environ.Env()

MEDIA_URL = "/media/"
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default="")
MEDIA_STORAGE_OPTIONS: dict[str, Any] = env.json("MEDIA_STORAGE_OPTIONS", default={})
MEDIA_ORIGIN = env.str("MEDIA_ORIGIN", default="")

# How long a photo that was passed on to an app can be opened; those in somebody's gallery stay until deleted, or so
# many days if there is a number.
PHOTO_RETENTION_HOURS = env.float("PHOTO_RETENTION_HOURS", default=24)
GALLERY_DAYS = env.float("GALLERY_DAYS", default=0)
# When an app is told that its photo does not come, in seconds: its SDK gives up after 30.
PHOTO_TIMEOUT_SECONDS = env.float("PHOTO_TIMEOUT_SECONDS", default=25)
# What one person's photos may take, all together.
PHOTO_QUOTA_MB = env.int("PHOTO_QUOTA_MB", default=500)
# What glasses bring by themselves waits for the phone: how much of it, how large a film may be, and for how long.
GLASSES_GALLERY_QUOTA_MB = env.int("GLASSES_GALLERY_QUOTA_MB", default=4096)
GLASSES_VIDEO_MB = env.int("GLASSES_VIDEO_MB", default=2048)
GLASSES_GALLERY_DAYS = env.float("GLASSES_GALLERY_DAYS", default=30)
# How long reports of people are kept, with their logs and pictures, in days.
INCIDENT_RETENTION_DAYS = env.float("INCIDENT_RETENTION_DAYS", default=90)


def storages(folder: str) -> dict[str, dict[str, Any]]:
    """Return Django's STORAGES; `folder` is where files go without MEDIA_STORAGE."""
    kept: dict[str, Any] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "base_url": MEDIA_URL, "file_permissions_mode": 0o644},
    }
    if MEDIA_STORAGE:
        kept = {"BACKEND": MEDIA_STORAGE, "OPTIONS": MEDIA_STORAGE_OPTIONS}
    return {
        "default": kept,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def origins_of_pictures() -> list[str]:
    """Return the origins besides our own from which pages show pictures."""
    parts = urlsplit(MEDIA_ORIGIN)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
