"""The pages of REST: one for each group of endpoints, from the OpenAPI description that the cloud serves."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from reference_pages.markdown import cell, code, table

Description = Mapping[str, Any]
_REFERENCE = re.compile(r"^#/components/schemas/(.+)$")


def describe() -> Description:
    """Return the OpenAPI description of this cloud."""
    described: Description = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return described


def groups(description: Description) -> list[str]:
    """Return the names of the groups that have endpoints, in the order of the description."""
    used = {tag for _, _, operation in _operations(description) for tag in operation["tags"]}
    return [tag["name"] for tag in description["tags"] if tag["name"] in used]


def rest_index(description: Description) -> str:
    """Return the first page: what tokens there are, and every group with its endpoints."""
    schemes = description["components"]["securitySchemes"]
    about = {tag["name"]: tag["description"] for tag in description["tags"]}
    rows = [
        (f"[{group}]({group}.md)", about[group], str(sum(1 for _ in _of_group(description, group))))
        for group in groups(description)
    ]
    return "".join(
        (
            "# Endpoints\n\nMade from the OpenAPI description that every cloud serves at `/api/schema/`; "
            "`/api/reference/` shows it with forms to try it. What the endpoints are about, in words, stands in "
            "[REST](../../rest.md).\n\n",
            "## Groups\n\n",
            table(("Group", "About", "Endpoints"), rows),
            "## Tokens\n\nAll are sent as `Authorization: Bearer …`.\n\n",
            table(
                ("Kind", "What it is"), [(code(name), each["description"]) for name, each in schemes.items()]
            ),
        )
    )


def group_page(description: Description, group: str) -> str:
    """Return the page of one group."""
    about = next(tag["description"] for tag in description["tags"] if tag["name"] == group)
    parts = [f"# {group}\n\n{about}\n\n"]
    shown: dict[str, Any] = {}
    for path, method, operation in _of_group(description, group):
        parts += [f"## `{method} {path}`\n\n", *_operation(operation)]
        _collect(operation, description["components"]["schemas"], shown)
    if shown:
        parts.append("## Objects\n\n")
    for name in sorted(shown):
        parts += [f"### {name} {{ #{name.lower()} }}\n\n", _object(shown[name])]
    return "".join(parts)


def _operation(operation: Description) -> Iterable[str]:
    yield f"{operation.get('summary', '').rstrip('.')}.\n\n"
    if more := operation.get("description"):
        yield f"{more}\n\n"
    tokens = [name for each in operation.get("security", []) for name in each]
    yield f"Token: {' or '.join(map(code, tokens))}\n\n" if tokens else "Open to everybody.\n\n"
    if parameters := operation.get("parameters"):
        described = [
            (
                code(each["name"]),
                each["in"],
                _type(each.get("schema", {})),
                "yes" if each.get("required") else "",
                each.get("description", ""),
            )
            for each in parameters
        ]
        yield table(("Parameter", "In", "Type", "Required", "Meaning"), described)
    if body := operation.get("requestBody"):
        yield f"Body: {_content(body)}\n\n"
    rows = [
        (code(status), _content(answer), answer.get("description", ""))
        for status, answer in operation["responses"].items()
    ]
    yield table(("Status", "Answer", "When"), rows)


def _object(schema: Description) -> str:
    about = f"{schema['description']}\n\n" if schema.get("description") else ""
    if "enum" in schema:
        return f"{about}One of {_type(schema)}.\n\n"
    if "properties" not in schema:
        return f"{about}{_type(schema)}\n\n"
    required = schema.get("required", [])
    rows = [
        (code(name), _type(each), "yes" if name in required else "", each.get("description", ""))
        for name, each in schema["properties"].items()
    ]
    return about + table(("Field", "Type", "Required", "Meaning"), rows)


def _content(holder: Description) -> str:
    kinds = holder.get("content", {})
    types = dict.fromkeys(
        _type(each.get("schema", {}))
        if kind == "application/json"
        else f"{_type(each.get('schema', {}))} ({code(kind)})"
        for kind, each in kinds.items()
    )
    return cell(" or ".join(types))


def _type(schema: Description) -> str:
    if "$ref" in schema:
        name = _named(schema)
        return f"[{name}](#{name.lower()})"
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[several])))
    if "enum" in schema:
        return ", ".join(code(str(each)) if each != "" else "empty" for each in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = kind if isinstance(kind, str) else " or ".join(kind)
    if schema.get("format") == "date-time":
        words = "time (ISO 8601)"
    elif schema.get("format") == "binary":
        words = "file"
    return f"{words} or null" if schema.get("nullable") else words


def _named(schema: Description) -> str:
    found = _REFERENCE.match(schema["$ref"])
    if found is None:
        raise ValueError(f"{schema['$ref']} leads out of the description")
    return found[1]


def _collect(node: object, schemas: Description, shown: dict[str, Any]) -> None:
    """Add every schema that `node` refers to, and those they refer to."""
    if isinstance(node, Mapping):
        if "$ref" in node and (name := _named(node)) not in shown:
            shown[name] = schemas[name]
            _collect(schemas[name], schemas, shown)
        for each in node.values():
            _collect(each, schemas, shown)
    elif isinstance(node, list):
        for each in node:
            _collect(each, schemas, shown)


def _of_group(description: Description, group: str) -> Iterable[tuple[str, str, Description]]:
    return (each for each in _operations(description) if group in each[2]["tags"])


def _operations(description: Description) -> Iterable[tuple[str, str, Description]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation
