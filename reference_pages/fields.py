"""Fields of a message class as a table: name on the wire, type in the words of JSON, default."""

import msgspec
from msgspec import inspect

from reference_pages.markdown import code, table

_PLAIN: list[tuple[type, str]] = [
    (inspect.AnyType, "any"),
    (inspect.RawType, "any, passed on as it is"),
    (inspect.NoneType, "null"),
    (inspect.BoolType, "boolean"),
    (inspect.IntType, "integer"),
    (inspect.FloatType, "number"),
    (inspect.StrType, "string"),
    (inspect.DictType, "object"),
]


def fields_table(struct: type[msgspec.Struct], objects_page: str) -> str:
    """Return the table; nested objects link to their place in `objects_page`, which may be the page itself."""
    rows = [
        (
            code(field.encode_name),
            _type(inspect.type_info(field.type), objects_page),
            "yes" if field.required else "",
        )
        for field in msgspec.structs.fields(struct)
    ]
    config = struct.__struct_config__
    if config.tag_field is not None:
        rows.insert(0, (code(config.tag_field), code(f'"{config.tag}"'), "yes"))
    return table(("Field", "Type", "Required"), rows) if rows else "No fields.\n\n"


def _type(of: inspect.Type, page: str) -> str:
    match of:
        case inspect.UnionType(types=types):
            names = dict.fromkeys(_type(each, page) for each in types if not _is_absence(each))
            if "number" in names:
                names.pop("integer", None)
            return " or ".join(names)
        case inspect.Metadata(type=inner):
            return _type(inner, page)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return f"list of {_type(item, page)}"
        case inspect.StructType(cls=cls):
            return f"[{cls.__name__}]({page}#{cls.__name__.lower()})"
        case inspect.LiteralType(values=values):
            return " or ".join(code(f'"{value}"') for value in values)
    return next((words for kind, words in _PLAIN if isinstance(of, kind)), type(of).__name__)


def _is_absence(of: inspect.Type) -> bool:
    return isinstance(of, inspect.NoneType) or (
        isinstance(of, inspect.CustomType) and of.cls is msgspec.UnsetType
    )
