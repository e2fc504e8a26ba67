"""To-do list: lists and sentences, the page with its visitors, and wearers through the wire."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import httpx2
import pytest
from fastapi import FastAPI

from examples.todo_list.items import MOST_ITEMS, Item, Items, ListFull
from examples.todo_list.web import build_web, watch
from examples.todo_list.wishes import Add, Done, find_item, understand
from mentra_sdk.webview import Visitors
from tests.examples.wearing import Wearer, accept, read_example
from tests.mentra_sdk.fake_cloud import API_KEY, FakeCloud, transcription

FOLDER = "todo_list"
PACKAGE = "com.example.todo"
ADA, BOB = "ada@example.com", "bob@example.com"


@pytest.fixture
def items() -> Iterator[Items]:
    lists = Items(":memory:")
    yield lists
    lists.close()


def test_each_user_has_a_list_of_their_own(items: Items) -> None:
    milk = items.add(ADA, "  Milk\n and bread ")
    items.add(BOB, "Call Ada")
    assert items.all(ADA) == [Item(milk.id, "Milk and bread", False)]
    assert not items.tick(BOB, milk.id, is_done=True)
    assert not items.remove(BOB, milk.id)
    eggs = items.add(ADA, "Eggs")
    assert items.tick(ADA, milk.id, is_done=True)
    assert items.all(ADA) == [eggs, Item(milk.id, "Milk and bread", True)]
    assert items.remove(ADA, milk.id)
    assert items.all(ADA) == [eggs]


def test_a_list_has_an_end_and_an_item_a_text(items: Items) -> None:
    with pytest.raises(ValueError, match="not empty"):
        items.add(ADA, " \n")
    for number in range(MOST_ITEMS):
        items.add(ADA, f"Number {number}")
    with pytest.raises(ListFull, match="100 items"):
        items.add(ADA, "One more")


@pytest.mark.parametrize(
    ("speech", "wish"),
    [
        ("Add milk to my to-do list.", Add("Milk")),
        ("please remember to call Bob", Add("Call Bob")),
        ("Remind me to buy bread!", Add("Buy bread")),
        ("Done with the milk.", Done("the milk")),
        ("tick off bread", Done("bread")),
        ("The milk is done for", None),
        ("What a nice day", None),
        ("add", None),
        ("", None),
    ],
)
def test_sentences_are_understood_or_left_alone(speech: str, wish: Add | Done | None) -> None:
    assert understand(speech) == wish


def test_an_item_is_found_by_its_words() -> None:
    listed = [Item(1, "Buy milk", True), Item(2, "Buy the bread", False), Item(3, "Call Bob", False)]
    assert find_item(listed, "buying my bread") == listed[1]
    assert find_item(listed, "the milk") is None
    assert find_item([], "milk") is None


@pytest.fixture
async def web(items: Items) -> AsyncIterator[FastAPI]:
    visitors = Visitors(package_name=PACKAGE, api_key=API_KEY, cloud_url="http://127.0.0.1:9")
    building = build_web(items, visitors, package_name=PACKAGE, api_key=API_KEY)
    async with building.router.lifespan_context(building):
        yield building


@pytest.fixture
async def browser(web: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=web), base_url="http://todo.example"
    ) as client:
        yield client


def proof(web: FastAPI, user: str = ADA) -> dict[str, str]:
    visitors: Visitors = web.state.visitors
    return {"aos_frontend_token": visitors.frontend_token(user)}


async def test_the_page_opens_for_whom_the_phone_vouches(web: FastAPI, browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/")).status_code == 401
    assert (await browser.get("/api/items")).status_code == 401
    assert (await browser.get("/", params={"aos_frontend_token": f"{ADA}:00"})).status_code == 401
    answer = await browser.get("/", params=proof(web))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = await browser.get("/")
    assert page.status_code == 200
    assert "To-do list" in page.text
    assert (await browser.get("/api/items")).json() == []


async def test_another_visitor_takes_the_place_of_the_one_before(
    web: FastAPI, browser: httpx2.AsyncClient
) -> None:
    for user, text in ((ADA, "Milk"), (BOB, "Bread")):
        await browser.get("/", params=proof(web, user))
        assert (await browser.post("/api/items", json={"text": text})).status_code == 201
    assert [item["text"] for item in (await browser.get("/api/items")).json()] == ["Bread"]


async def test_a_cloud_that_does_not_answer_is_not_taken_for_a_stranger(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/", params={"aos_temp_token": "ab" * 32})
    assert answer.status_code == 503
    assert "does not answer" in answer.text


async def test_items_are_added_ticked_off_and_forgotten(web: FastAPI, browser: httpx2.AsyncClient) -> None:
    await browser.get("/", params=proof(web))
    made = (await browser.post("/api/items", json={"text": "Milk"})).json()
    path = f"/api/items/{made['id']}"
    assert (await browser.put(path, json={"is_done": True})).status_code == 204
    assert (await browser.get("/api/items")).json() == [{"id": made["id"], "text": "Milk", "is_done": True}]
    assert (await browser.delete(path)).status_code == 204
    assert (await browser.delete(path)).status_code == 404
    assert (await browser.put(path, json={"is_done": True})).status_code == 404
    assert (await browser.post("/api/items", json={"text": "  "})).status_code == 422


async def test_the_page_is_told_of_changes(items: Items) -> None:
    async with aclosing(watch(ADA, items)) as news:
        assert await anext(news) == []
        items.add(BOB, "Not Ada's")
        milk = items.add(ADA, "Milk")
        assert await anext(news) == [milk]


async def test_an_assistant_adds_and_reads(web: FastAPI, browser: httpx2.AsyncClient, items: Items) -> None:
    async def ask(tool: str, **parameters: str) -> tuple[int, str]:
        call = {"toolId": tool, "toolParameters": parameters, "userId": ADA}
        answer = await browser.post("/glasses/tool", json=call)
        return answer.status_code, answer.json().get("reply") or answer.json()["message"]

    assert await ask("list_items") == (200, "Nothing.")
    assert await ask("add_item", text="Milk") == (200, "Added: Milk")
    assert await ask("list_items") == (200, "Milk")
    assert await ask("add_item", text=" ") == (400, "an item is not empty")
    assert await ask("burn") == (404, "There is no tool burn")
    assert [item.text for item in items.all(ADA)] == ["Milk"]


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    details = read_example(FOLDER)
    assert [tool["id"] for tool in details["tools"]] == ["add_item", "list_items"]
    assert details["public_url"].endswith("/glasses")


async def start(cloud: FakeCloud, browser: httpx2.AsyncClient, user: str) -> Wearer:
    answer = await browser.post("/glasses/webhook", json=cloud.session_request(user))
    assert answer.status_code == 200
    return await accept(await cloud.next_socket(), cloud, FOLDER, PACKAGE, user)


@pytest.fixture
async def wearer(fake_cloud: FakeCloud, browser: httpx2.AsyncClient, items: Items) -> Wearer:
    items.add(ADA, "Milk")
    items.add(ADA, "Bread")
    return await start(fake_cloud, browser, ADA)


async def say(wearer: Wearer, text: str, *, final: bool = True) -> None:
    await wearer.socket.send_event("transcription:auto", transcription(text, isFinal=final))


async def test_the_button_walks_through_the_list_and_ticks_off(wearer: Wearer, items: Items) -> None:
    assert await wearer.read() == "▸ Milk\n· Bread"
    await wearer.press()
    assert await wearer.read() == "· Milk\n▸ Bread"
    await wearer.press("long")
    assert await wearer.read() == "Done: Bread\n▸ Milk"
    assert [item.text for item in items.all(ADA) if item.is_done] == ["Bread"]


async def test_what_is_said_and_what_the_page_does_are_seen(
    wearer: Wearer, items: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wearer.read()
    await say(wearer, "add eggs", final=False)
    await say(wearer, "Nice weather.")
    await say(wearer, "Add eggs.")
    assert await wearer.read() == "Added: Eggs\n▸ Milk\n· Bread\n· Eggs"
    await say(wearer, "Done with the car")
    assert (await wearer.read()).startswith("Not on the list: the car\n")
    monkeypatch.setattr("examples.todo_list.app.NOTICE_SECONDS", 0.01)
    await say(wearer, "Done with milk")
    assert await wearer.read() == "Done: Milk\n▸ Bread\n· Eggs"
    assert await wearer.read() == "▸ Bread\n· Eggs"
    for item in items.all(ADA):
        items.remove(ADA, item.id)
    assert (await wearer.read()).startswith("Nothing to do.")
    await wearer.press()
    items.add(ADA, "Rest")
    assert await wearer.read() == "▸ Rest"


async def test_the_list_is_there_again_after_a_blip(wearer: Wearer, items: Items) -> None:
    await wearer.until(lambda text: text == "▸ Milk\n· Bread")
    await wearer.blip()
    await wearer.until(lambda text: text == "▸ Milk\n· Bread")
    items.add(ADA, "Eggs")
    assert await wearer.until(lambda text: "Eggs" in text)


async def test_two_wearers_see_each_their_own(
    wearer: Wearer, fake_cloud: FakeCloud, browser: httpx2.AsyncClient, items: Items
) -> None:
    bob = await start(fake_cloud, browser, BOB)
    assert (await bob.read()).startswith("Nothing to do.")
    await say(bob, "Remember to call Ada")
    assert await bob.read() == "Added: Call Ada\n▸ Call Ada"
    assert [item.text for item in items.all(ADA)] == ["Milk", "Bread"]
