"""Links: how the runtime holds a socket. The local one is the socket's own outbox."""

import time

from sessions_app.outbound import metrics
from sessions_app.outbound.link import new_connection
from sessions_app.transport.outbox import Outbox, Send


class LocalLink(Outbox):
    """A socket of this very process: no copy, no task, no Redis on the way (architecture §2)."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self.connection = new_connection()
        self.opened_at = self.heard_at = time.monotonic()
        metrics.born("local_links", self)
