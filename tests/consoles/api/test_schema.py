"""The description of the API is valid, complete and readable."""

from io import StringIO

from django.core.management import call_command
from django.test import Client


def test_the_description_is_valid_and_nothing_in_it_is_guessed() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_anybody_may_read_it(client: Client) -> None:
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Open Glasses Cloud"


def test_the_page_to_read_it_on_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/reference/").content.decode()
    script = client.get("/api/reference/?script=").content.decode()

    assert "<script>" not in page
    assert "http://" not in page + script
    assert "https://" not in page + script
    assert "/api/schema/" in script
