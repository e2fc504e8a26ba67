"""The page of the list and what it asks for. FastAPI; the mini app is mounted at /glasses.

Who comes with a proof from the phone (rest §3.1) gets a cookie, and the address without the proof.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse
from pydantic import BaseModel, Field

from examples.todo_list.app import build_mini_app
from examples.todo_list.items import MOST_CHARACTERS, Item, Items, ListFull
from mentra_sdk.errors import VisitorUnknown
from mentra_sdk.webview import COOKIE_SECONDS, PROOFS, Visitors

COOKIE = "todo_visitor"
PAGE = Path(__file__).with_name("page.html")
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
STRANGER = "<!doctype html><title>To-do list</title><p>Open this page from the app on your phone."


class NewItem(BaseModel):
    """What is to be done."""

    text: str = Field(min_length=1, max_length=MOST_CHARACTERS, pattern=r"\S")


class Tick(BaseModel):
    """Whether it is done."""

    is_done: bool


def visitor(request: Request) -> str:
    """Return who asks, by the cookie."""
    visitors: Visitors = request.app.state.visitors
    user_id = visitors.read_cookie(request.cookies.get(COOKIE, ""))
    if user_id is None:
        raise HTTPException(401, "Open this page from the app on your phone.")
    return user_id


def list_of(request: Request) -> Items:
    """Return the lists."""
    items: Items = request.app.state.items
    return items


User = Annotated[str, Depends(visitor)]
Lists = Annotated[Items, Depends(list_of)]
api = APIRouter(prefix="/api")


@api.get("/items")
async def read_items(user: User, items: Lists) -> list[Item]:
    """Answer the list of whoever asks."""
    return items.all(user)


@api.post("/items", status_code=201)
async def add_item(new: NewItem, user: User, items: Lists) -> Item:
    """Add to it."""
    try:
        return items.add(user, new.text)
    except ListFull as problem:
        raise HTTPException(409, str(problem)) from problem


@api.put("/items/{item_id}", status_code=204)
async def tick_item(item_id: int, tick: Tick, user: User, items: Lists) -> None:
    """Say that something is done, or not."""
    if not items.tick(user, item_id, is_done=tick.is_done):
        raise HTTPException(404, "There is no such item.")


@api.delete("/items/{item_id}", status_code=204)
async def remove_item(item_id: int, user: User, items: Lists) -> None:
    """Forget something."""
    if not items.remove(user, item_id):
        raise HTTPException(404, "There is no such item.")


@api.get("/changes", response_class=EventSourceResponse)
async def watch(user: User, items: Lists) -> AsyncGenerator[list[Item], None]:
    """Send the list now and at each change, whether it comes from this page, another one or the glasses."""
    with items.changes(user) as changed:
        while True:
            changed.clear()
            yield items.all(user)
            await changed.wait()


async def open_page(request: Request) -> Response:
    """Show the page to a visitor who is known; take the proof of one who comes from the phone."""
    visitors: Visitors = request.app.state.visitors
    if PROOFS & request.query_params.keys():
        try:
            user_id = await visitors.find(request.query_params)
        except VisitorUnknown:
            return HTMLResponse("The cloud does not answer. Try again in a moment.", 503, HEADERS)
        if user_id is not None:
            return _let_in(request, visitors.make_cookie(user_id))
    elif visitors.read_cookie(request.cookies.get(COOKIE, "")) is not None:
        return FileResponse(PAGE, headers=HEADERS)
    return HTMLResponse(STRANGER, 401, HEADERS)


def _let_in(request: Request, cookie: str) -> Response:
    """Lead to the address without the proof, which belongs in no history."""
    answer = RedirectResponse(request.url.path, 303, HEADERS)
    is_secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, COOKIE_SECONDS, httponly=True, secure=is_secure, samesite="lax")
    return answer


def build_web(
    items: Items, visitors: Visitors, *, package_name: str, api_key: str, webhook_secret: str | None = None
) -> FastAPI:
    """Return the whole application: the page, what it asks for, and the mini app below /glasses."""
    mini_app = build_mini_app(
        items, package_name=package_name, api_key=api_key, webhook_secret=webhook_secret
    )

    @asynccontextmanager
    async def living(_web: FastAPI) -> AsyncIterator[None]:
        async with mini_app.lifespan():
            yield
        items.close()

    web = FastAPI(title="To-do list", lifespan=living)
    web.state.items, web.state.visitors = items, visitors
    web.add_api_route("/", open_page, methods=["GET"], include_in_schema=False)
    web.include_router(api)
    web.mount("/glasses", mini_app)
    return web
