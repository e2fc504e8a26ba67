"""The editor of what the assistant may ask an app to do."""

from apps_registry.rules.tools import tools_problems
from consoles.developer.editors import Editor

TOOLS_EDITOR = Editor(
    page="tools",
    title="Tools",
    read=lambda app: app.tools,
    changes=lambda document: {"tools": document},
    find_problems=tools_problems,
    facts=lambda app: {},
)
