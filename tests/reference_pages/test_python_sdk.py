"""The pages of the Python SDK name what exists, and every capability of a session."""

import importlib
import re

import mentra_sdk.testing
from reference_pages.python_sdk import capabilities, sdk_pages


def test_every_part_exists() -> None:
    named = re.findall(r"^::: ([\w.]+)$", "".join(sdk_pages().values()), re.MULTILINE)
    assert len(named) > 20
    for name in named:
        parent, _, last = name.rpartition(".")
        assert hasattr(importlib.import_module(parent), last) or importlib.import_module(name)


def test_capabilities_go_by_their_name_in_a_session() -> None:
    found = capabilities()
    assert found["mic"] == "mentra_sdk.capabilities.microphone.Microphone"
    assert found["storage"] == "mentra_sdk.capabilities.storage.Storage"
    assert {"display", "transcription", "translation", "device", "phone", "permissions"} <= set(found)


def test_what_capabilities_give_is_described_and_what_they_hide_is_not() -> None:
    page = sdk_pages()["capabilities.md"]
    assert "::: mentra_sdk.capabilities.phone.Notifications\n" in page
    assert "storage.Ask\n" not in page
    camera = page.split("camera.Camera\n")[1].split("## session")[0]
    assert "take_photo_response" in camera.split("filters:")[1].splitlines()[0]


def test_the_testing_kit_is_described_whole() -> None:
    page = sdk_pages()["testing.md"]
    assert [name for name in mentra_sdk.testing.__all__ if f".{name}\n" not in page] == []
