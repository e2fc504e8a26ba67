"""What the sockets of this node know of the node: since when it runs, and whether it is shutting down."""

import time
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(slots=True)
class NodeState:
    """State of this process as a server of sockets; while it is `draining` it takes no new ones."""

    started: bool = False
    draining: bool = False
    started_at: float = field(default_factory=time.monotonic)

    @property
    def booting(self) -> bool:
        """Whether users of before a restart may still be on their way back (app-socket §3.2)."""
        return time.monotonic() - self.started_at < float(settings.PARKING_SECONDS)


node_state = NodeState()
