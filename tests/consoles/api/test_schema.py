"""The description of the API is valid, complete and readable."""

from io import StringIO

from django.core.management import call_command
from django.test import Client


def test_the_description_is_valid_and_nothing_in_it_is_guessed() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=StringIO())


def test_anybody_may_read_it(client: Client) -> None:
    answer = client.get("/api/schema/")
    assert answer.status_code == 200
    said = answer.json()
    assert said["info"]["title"] == "REST reference"
    used = {tag for path in said["paths"].values() for one in path.values() for tag in one["tags"]}
    assert used <= {tag["name"] for tag in said["tags"]}


def test_the_page_to_read_it_on_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/reference/").content.decode()

    assert 'data-description="/api/schema/"' in page
    assert "//" not in page
    assert "<script>" not in page
