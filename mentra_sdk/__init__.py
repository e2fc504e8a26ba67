"""Mini apps for smart glasses in Python: `MiniAppServer` receives users, a `MentraSession` serves one.

Stands alone: it imports nothing of the cloud and talks to any cloud that speaks the protocol.
"""

from mentra_sdk.errors import (
    CloudError,
    MentraError,
    RequestFailed,
    RequestRefused,
    RequestTimedOut,
    SessionOver,
    StopReason,
    StorageFailed,
    ToolError,
)
from mentra_sdk.handlers import Subscription
from mentra_sdk.live_video import AudioOptions, VideoOptions
from mentra_sdk.server import MiniAppServer
from mentra_sdk.session import MentraSession
from mentra_sdk.tools import ToolCall
from mentra_sdk.version import __version__

__all__ = [
    "AudioOptions",
    "CloudError",
    "MentraError",
    "MentraSession",
    "MiniAppServer",
    "RequestFailed",
    "RequestRefused",
    "RequestTimedOut",
    "SessionOver",
    "StopReason",
    "StorageFailed",
    "Subscription",
    "ToolCall",
    "ToolError",
    "VideoOptions",
    "__version__",
]
