"""Programs get JSON for what is not there and for what broke; people get a page (rest §1)."""

import json
from datetime import datetime

import pytest
from django.test import Client, RequestFactory

from mentra_site.error_pages import server_error


def test_a_program_reads_what_was_not_found(client: Client) -> None:
    answer = client.get("/api/nothing/here")
    said = answer.json()

    assert answer.status_code == 404
    assert said["error"] == "Not found"
    assert said["path"] == "/api/nothing/here"
    assert datetime.fromisoformat(said["timestamp"]).tzinfo is not None


@pytest.mark.django_db
def test_a_person_reads_a_page(client: Client) -> None:
    answer = client.get("/nothing/here")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


def test_a_crash_tells_a_program_nothing_of_the_inside() -> None:
    answer = server_error(RequestFactory().get("/api/apps"))
    said = json.loads(answer.content)

    assert answer.status_code == 500
    assert sorted(said) == ["error", "message", "timestamp"]
    assert said["error"] == "Internal server error"


def test_a_crash_shows_a_person_a_page() -> None:
    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/html")
