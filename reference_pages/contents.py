"""All pages that are made from the code, by their path in the site."""

from reference_pages.codes import codes_page, streams_page
from reference_pages.examples import example_pages
from reference_pages.messages import direction_page, directions, objects_page
from reference_pages.python_sdk import sdk_pages
from reference_pages.rest import describe, group_page, groups, rest_index
from reference_pages.settings import settings_page


def made_pages() -> dict[str, str]:
    """Return each page as Markdown; Django is set up."""
    described = describe()
    return {
        "reference/settings.md": settings_page(),
        "reference/protocol/codes.md": codes_page(),
        "reference/protocol/subscriptions.md": streams_page(),
        "reference/protocol/objects.md": objects_page(),
        **{f"reference/protocol/{each.name}.md": direction_page(each) for each in directions()},
        "reference/rest/index.md": rest_index(described),
        **{f"reference/rest/{group}.md": group_page(described, group) for group in groups(described)},
        **{f"examples/{name}": text for name, text in example_pages().items()},
        **{f"reference/python/{name}": text for name, text in sdk_pages().items()},
    }
