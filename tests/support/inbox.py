"""What a peer has received, with waiting by event: every client of the tests keeps one. Knows no protocol."""

import asyncio
import json
from typing import Any

Item = dict[str, Any]

# Long enough for a machine that does much else; who waits for what comes does not wait that long.
PATIENCE_SECONDS = 20.0


def matches(item: Any, wanted: Any) -> bool:
    """Say whether `item` holds all that `wanted` asks for; of dictionaries only the asked keys count."""
    if isinstance(wanted, dict):
        return isinstance(item, dict) and all(
            key in item and matches(item[key], value) for key, value in wanted.items()
        )
    return bool(item == wanted)


class Inbox:
    """Items in the order they came. `take` hands each one out once; `history` keeps all of them."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.history: list[Item] = []
        self._untaken: list[Item] = []
        self._arrival = asyncio.Event()
        self._closed = False

    def put(self, item: Item) -> None:
        self.history.append(item)
        self._untaken.append(item)
        self._arrival.set()

    def close(self) -> None:
        """No more items will come: let everyone who waits fail at once."""
        self._closed = True
        self._arrival.set()

    def seen(self, **wanted: Any) -> list[Item]:
        """List every item so far that matches, taken or not."""
        return [item for item in self.history if matches(item, wanted)]

    def untaken(self, **wanted: Any) -> list[Item]:
        """List the items so far that match and that nobody took."""
        return [item for item in self._untaken if matches(item, wanted)]

    def forget(self) -> None:
        """Drop what nobody took yet, so that the next `take` waits for something new."""
        self._untaken.clear()

    async def take(self, timeout_seconds: float = PATIENCE_SECONDS, **wanted: Any) -> Item:
        """Return the oldest untaken item that matches, waiting if need be; fail with what came instead."""
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._take(wanted)
        except TimeoutError:
            raise AssertionError(self._complaint(wanted, f"within {timeout_seconds} s")) from None

    async def none(self, for_seconds: float, **wanted: Any) -> None:
        """Fail if an untaken matching item is here or comes in the next `for_seconds`."""
        try:
            async with asyncio.timeout(for_seconds):
                item = await self._take(wanted)
        except (TimeoutError, AssertionError):
            return
        raise AssertionError(f"{self.owner} got what must not come: {json.dumps(item)[:400]}")

    async def _take(self, wanted: Item) -> Item:
        while True:
            for index, item in enumerate(self._untaken):
                if matches(item, wanted):
                    return self._untaken.pop(index)
            if self._closed:
                raise AssertionError(self._complaint(wanted, "before it was closed"))
            self._arrival.clear()
            await self._arrival.wait()

    def _complaint(self, wanted: Item, when: str) -> str:
        came = "\n".join(f"  {json.dumps(item)[:300]}" for item in self.history[-25:]) or "  nothing"
        return f"{self.owner} did not get {wanted} {when}. It got, newest last:\n{came}"
