"""One wearer's list on the glasses: the button walks through it and ticks off, speech adds to it."""

import asyncio

from examples.todo_list.items import Item, Items, ListFull
from examples.todo_list.wishes import Add, Done, find_item, understand
from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.captions import COLUMNS
from mentra_sdk.errors import ToolError
from mentra_sdk.events import ButtonPress, Transcription
from mentra_sdk.layouts import TextWall
from mentra_sdk.text import clip
from mentra_sdk.tools import ToolCall

USUAL_ROWS = 5
NOTICE_SECONDS = 4.0
NOTHING = 'Nothing to do.\nSay "remember to …"'


class Reminding:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession, items: Items) -> None:
        self._session = session
        self._items = items
        self._chosen = 0
        self._notice = ""
        self._changed = asyncio.Event()
        session.device.on_button_press(self._on_button_press)
        session.transcription.on(self._on_speech)

    async def run(self) -> None:
        """Draw whenever the list changed, here or on the page, and take a notice away after a while."""
        with self._items.changes(self._session.user_id) as self._changed:
            while True:
                self._changed.clear()
                self._session.display.keep(TextWall(text="\n".join(self._lines()) or NOTHING))
                try:
                    async with asyncio.timeout(NOTICE_SECONDS if self._notice else None):
                        await self._changed.wait()
                except TimeoutError:
                    self._notice = ""

    def _on_button_press(self, press: ButtonPress) -> None:
        """Short: the next item. Long: this one is done."""
        open_items = self._open_items()
        if not open_items:
            return
        if press.press_type == "long":
            self._tick(open_items[self._chosen % len(open_items)])
        else:
            self._chosen = (self._chosen + 1) % len(open_items)
        self._changed.set()

    def _on_speech(self, speech: Transcription) -> None:
        wish = understand(speech.text) if speech.is_final else None
        if isinstance(wish, Add):
            try:
                self._notice = f"Added: {self._items.add(self._session.user_id, wish.text).text}"
            except ListFull as problem:
                self._notice = str(problem)
        elif isinstance(wish, Done):
            item = find_item(self._open_items(), wish.what)
            if item is None:
                self._notice = f"Not on the list: {wish.what}"
            else:
                self._tick(item)
        if wish is not None:
            self._changed.set()

    def _tick(self, item: Item) -> None:
        self._items.tick(self._session.user_id, item.id, is_done=True)
        self._notice = f"Done: {item.text}"

    def _lines(self) -> list[str]:
        """Return the notice, if there is one, and as much of the list as fits, round the chosen item."""
        rows = self._rows() - bool(self._notice)
        open_items = self._open_items()
        self._chosen = min(self._chosen, max(len(open_items) - 1, 0))
        first = max(min(self._chosen - 1, len(open_items) - rows), 0)
        lines = [
            clip(f"{'▸' if number == self._chosen else '·'} {item.text}", COLUMNS)
            for number, item in enumerate(open_items)
        ]
        notice = [clip(self._notice, COLUMNS)] if self._notice else []
        return notice + lines[first : first + max(rows, 1)]

    def _open_items(self) -> list[Item]:
        return [item for item in self._items.all(self._session.user_id) if not item.is_done]

    def _rows(self) -> int:
        most = self._session.device.max_text_lines
        return min(USUAL_ROWS, most) if most is not None else USUAL_ROWS


def build_mini_app(
    items: Items, *, package_name: str, api_key: str, webhook_secret: str | None = None
) -> MiniAppServer:
    """Return the mini app, to be mounted in a web application."""
    app = MiniAppServer(package_name=package_name, api_key=api_key, webhook_secret=webhook_secret)

    @app.on_session
    async def remind(session: MentraSession) -> None:
        await Reminding(session, items).run()

    @app.on_tool_call
    def answer(call: ToolCall) -> str:
        """Let an assistant add to the list and read it; the user needs no glasses on for that."""
        if call.tool_id == "list_items":
            return "\n".join(item.text for item in items.all(call.user_id) if not item.is_done) or "Nothing."
        if call.tool_id != "add_item":
            raise ToolError(f"There is no tool {call.tool_id}", status=404)
        try:
            return f"Added: {items.add(call.user_id, str(call.parameters.get('text', ''))).text}"
        except (ValueError, ListFull) as problem:
            raise ToolError(str(problem)) from problem

    return app
