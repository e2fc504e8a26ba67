"""Mini apps for smart glasses in Python: `MiniAppServer` receives users, a `MentraSession` serves one.

Stands alone: it imports nothing of the cloud and talks to any cloud that speaks the protocol.
"""

from mentra_sdk.errors import CloudError, MentraError, StopReason, StorageFailed
from mentra_sdk.handlers import Subscription
from mentra_sdk.server import MiniAppServer
from mentra_sdk.session import MentraSession
from mentra_sdk.version import __version__

__all__ = [
    "CloudError",
    "MentraError",
    "MentraSession",
    "MiniAppServer",
    "StopReason",
    "StorageFailed",
    "Subscription",
    "__version__",
]
