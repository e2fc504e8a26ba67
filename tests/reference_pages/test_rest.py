"""The pages of REST have every endpoint of the description, and every object they speak of."""

import re

import pytest

from reference_pages.rest import Description, describe, group_page, groups, rest_index


@pytest.fixture(scope="module")
def description() -> Description:
    return describe()


def test_every_endpoint_is_on_the_page_of_its_group(description: Description) -> None:
    pages = {group: group_page(description, group) for group in groups(description)}
    operations = [
        (operation["tags"][0], f"## `{method.upper()} {path}`")
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(operations) > 150
    assert [heading for group, heading in operations if heading not in pages[group]] == []


def test_objects_lead_to_their_place_on_the_page(description: Description) -> None:
    for group in groups(description):
        page = group_page(description, group)
        missing = {target for target in re.findall(r"\]\(#(\w+)\)", page) if f"{{ #{target} }}" not in page}
        assert missing == set(), group


def test_an_endpoint_tells_parameters_statuses_and_tokens(description: Description) -> None:
    part = group_page(description, "apps").split("## `POST /api/apps/{package}/start`")[1].split("\n## ")[0]
    assert "Token: `sdk` or `core`" in part
    assert "| `package` | path |" in part
    assert "| `504` |" in part


def test_the_index_leads_to_every_group(description: Description) -> None:
    index = rest_index(description)
    assert [group for group in groups(description) if f"[{group}]({group}.md)" not in index] == []
    assert "| `upload` |" in index
