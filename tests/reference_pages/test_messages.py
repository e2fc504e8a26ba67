"""The pages of messages say what the classes say: every field with its name on the wire, every sample."""

import msgspec
import pytest

from reference_pages.fields import fields_table
from reference_pages.messages import (
    SAMPLES,
    Direction,
    direction_page,
    directions,
    objects_page,
    samples,
    section_of,
)
from sessions_app.protocol import app_to_cloud, cloud_to_app


@pytest.mark.parametrize("direction", directions(), ids=lambda direction: direction.name)
def test_a_page_has_every_message_with_every_field_and_its_sample(direction: Direction) -> None:
    page = direction_page(direction)
    for name, message_class in direction.classes.items():
        part = page.split(f"{{ #{name} }}", 1)[1].split("\n## ", 1)[0]
        fields = [field.encode_name for field in msgspec.structs.fields(message_class)]
        assert [field for field in fields if f"| `{field}` |" not in part] == []
        assert "```json" in part, f"{name} has no sample"
    shown = page.count("```json")
    assert shown == len(list((SAMPLES / direction.name).glob("*.json")))


def test_types_are_told_in_the_words_of_json() -> None:
    table = fields_table(app_to_cloud.DisplayEvent, "objects.md")
    assert '| `type` | `"display_event"` | yes |' in table
    assert "| `durationMs` | number |  |" in table
    assert "[TextWall](objects.md#textwall) or [DoubleTextWall](objects.md#doubletextwall)" in table


def test_every_object_that_is_linked_is_described() -> None:
    pages = "".join(direction_page(each) for each in directions()) + objects_page()
    for part in pages.split("](")[1:]:
        target = part.split(")", 1)[0]
        assert f"{{ #{target.partition('#')[2]} }}" in pages, target


def test_further_samples_are_folded() -> None:
    shown = samples("app_to_cloud", "tpa_connection_init")
    assert shown.startswith("```json")
    assert '??? example "Another one"\n\n    ```json' in shown


def test_sections_are_those_the_code_names() -> None:
    assert section_of(cloud_to_app.AppStopped) == "app-socket §8.2"
    assert section_of(app_to_cloud) == "app-socket §3, §4, §5.1, §7"
    assert section_of(app_to_cloud.Ping) == ""
