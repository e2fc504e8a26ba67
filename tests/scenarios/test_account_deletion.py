"""An account is deleted while its glasses are worn: everything ends, and nothing is left."""

import asyncio
import json

import aiohttp

from tests.support.stage import Stage


async def test_a_worn_account_ends_and_its_token_makes_no_new_one(stage: Stage) -> None:
    ada = await stage.person()
    app = await stage.raw_app(ada)
    phone = await stage.phone(ada)
    await stage.start_c(phone, ada, app)
    stored = f"{stage.cloud.url}/api/sdk/simple-storage/{ada.email}/note"
    key = {"Authorization": f"Bearer {app.package_name}:{app.record.api_key}"}
    me, own = f"{stage.cloud.url}/api/account/me", {"Authorization": f"Bearer {ada.token}"}

    async with aiohttp.ClientSession() as http:
        async with http.put(stored, json={"value": "milk"}, headers=key) as answer:
            assert answer.status == 200
        async with http.get(me, headers=own) as answer:
            assert (await answer.json())["email"] == ada.email

        said = json.loads(await asyncio.to_thread(stage.cloud.run, "delete_account", ada.email))
        assert said == {"userId": ada.email, "deleted": True}

        await phone.closed(5)
        await app.server.webhooks.take(5, type="stop_request", userId=ada.email)
        async with http.get(stored, headers=key) as answer:
            assert answer.status == 403, "nobody of this address has the app"
        for _ in range(2):
            async with http.get(me, headers=own) as answer:
                assert answer.status == 401
    assert await asyncio.to_thread(stage.cloud.list_sessions, ada.email, with_disposed=True) == []
