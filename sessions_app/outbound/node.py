"""Messages between processes: each node has an inbox on the channel layer, askers get one for their answer.

The layer delivers at most once. Nothing that must arrive relies on it: every request has a time-out, and every
fact it talks about is a row.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from sessions_app.errors import OwnerUnreachable
from sessions_app.outages import redis_outage
from sessions_app.outbound.commands import AnyCommand, Command, Reply, dump, load_command, load_reply
from sessions_app.outbound.redis import redis_client

logger = logging.getLogger(__name__)

Answerer = Callable[[str, AnyCommand], Awaitable[Reply]]
Receiver = Callable[[dict[str, Any]], None]
EVERY_NODE = "every-node"
LAST_ANSWERS_SECONDS = 0.5
CLOSING_SECONDS = 1.0
# A message that carries several others, in their order.
TOGETHER = "node.together"


class Inbox:
    """Takes commands for this process and the answers to its own requests.

    `receivers` take messages of other types, one by one in the order they come; they must not wait.
    """

    def __init__(
        self, answerer: Answerer | None = None, receivers: Mapping[str, Receiver] | None = None
    ) -> None:
        self._layer: Any = get_channel_layer()
        self._answerer = answerer
        self._receivers = receivers or {}
        self._answers: dict[str, asyncio.Future[Reply]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._address = ""
        self._reader: asyncio.Task[None] | None = None

    @property
    def open_count(self) -> int:
        """How many questions wait for their answer, here or at the one who asked."""
        return len(self._answers) + len(self._running)

    async def open(self, node_id: str | None = None) -> None:
        """Start reading; with a node id, also what is addressed to that node. Raises OwnerUnreachable without Redis."""
        try:
            self._address = await self._layer.new_channel()
            self._reader = asyncio.create_task(self._read())
            if node_id is not None:
                await self._layer.group_add(node_group(node_id), self._address)
                await self._layer.group_add(node_group(EVERY_NODE), self._address)
        except (RedisError, OSError) as problem:
            redis_outage.seen(problem)
            # The layer keeps messages for an address until its reader ends.
            await self.close()
            raise OwnerUnreachable("No other process can be reached: Redis is away") from problem

    async def close(self) -> None:
        """Answer what was asked before, stop reading and give up open requests."""
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_ANSWERS_SECONDS)
        tasks = [task for task in (self._reader, *self._running) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:  # which unsubscribe from the layer; a Redis that hangs is not waited for
            await asyncio.wait(tasks, timeout=CLOSING_SECONDS)

    async def request(self, node_id: str, session_id: str, command: Command, timeout_seconds: float) -> Reply:
        """Ask a node about a session it owns; raises OwnerUnreachable after the time-out."""
        request_id = uuid.uuid4().hex
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._answers[request_id] = answer
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._layer.group_send(
                    node_group(node_id),
                    {
                        "type": "node.ask",
                        "session": session_id,
                        "command": dump(command),
                        "request": request_id,
                        "answer_to": self._address,
                    },
                )
                return await answer
        except TimeoutError:
            raise OwnerUnreachable(f"Node {node_id} did not answer in {timeout_seconds:g} s") from None
        except (RedisError, OSError) as problem:
            redis_outage.seen(problem)
            raise OwnerUnreachable(f"Node {node_id} cannot be reached: Redis is away") from problem
        finally:
            self._answers.pop(request_id, None)

    async def _read(self) -> None:
        while True:
            message = await self._layer.receive(self._address)
            for each in message["messages"] if message["type"] == TOGETHER else (message,):
                self._take(each)

    def _take(self, message: dict[str, Any]) -> None:
        receiver = self._receivers.get(message["type"])
        if receiver is not None:
            self._hand_over(receiver, message)
        elif message["type"] == "node.answer":
            self._take_answer(message)
        elif self._answerer is not None:
            task = asyncio.create_task(self._serve(message, self._answerer))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _hand_over(self, receiver: Receiver, message: dict[str, Any]) -> None:
        try:
            receiver(message)
        except Exception:
            logger.exception("A message of type %s from another node failed", message["type"])

    def _take_answer(self, message: dict[str, Any]) -> None:
        waiting = self._answers.get(message["request"])
        if waiting is not None and not waiting.done():
            waiting.set_result(load_reply(message["reply"]))

    async def _serve(self, message: dict[str, Any], answerer: Answerer) -> None:
        try:
            reply = await answerer(message["session"], load_command(message["command"]))
        except Exception as error:  # noqa: BLE001 - the asker must hear of it, whatever it was
            logger.exception("A command from another process failed")
            reply = Reply(ok=False, code="INTERNAL_ERROR", message=str(error))
        with contextlib.suppress(Exception):
            await self._layer.send(
                message["answer_to"],
                {"type": "node.answer", "request": message["request"], "reply": dump(reply)},
            )


def node_group(node_id: str) -> str:
    """Return the name under which a node, or EVERY_NODE, is addressed on the layer."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in node_id)
    return f"node.{safe}"[:99]


async def is_listened_to(node_id: str) -> bool:
    """Say whether a process takes what is addressed to a node: Redis knows at once when that process died.

    The layer does not tell; where it is not on Redis, or Redis does not answer, everybody counts as listening.
    """
    layer: Any = get_channel_layer()
    prefix = getattr(layer, "prefix", None)
    if prefix is None:
        return True
    try:
        counted = await redis_client().pubsub_numsub(f"{prefix}__group__{node_group(node_id)}")
    except (RedisError, OSError):
        return True
    return any(number for _, number in counted)
