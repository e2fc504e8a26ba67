"""Reading with queries compiled once."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import ModelIterable

from prepared_queries.blanks import filled

RowT = TypeVar("RowT")


class _Compiled(NamedTuple):
    """SQL with its parameters, what turns columns into values, and a function that makes the row."""

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...]
    make: Callable[[list[Any]], Any]


class PreparedRows(Generic[RowT]):
    """A query with blanks, over model instances (no annotations) or a `values_list`."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, RowT]"]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def first(self, **values: Any) -> RowT | None:
        """Return the first row for these values of the blanks, or None."""
        database = connections[DEFAULT_DB_ALIAS]
        compiled = self._for(database)
        with database.cursor() as cursor:
            cursor.execute(compiled.sql, filled(compiled.parameters, values, database))
            row = cursor.fetchone()
        return None if row is None else _read(compiled, row, database)

    def all(self, **values: Any) -> list[RowT]:
        """Return every row for these values of the blanks."""
        database = connections[DEFAULT_DB_ALIAS]
        compiled = self._for(database)
        with database.cursor() as cursor:
            cursor.execute(compiled.sql, filled(compiled.parameters, values, database))
            rows = cursor.fetchall()
        return [_read(compiled, row, database) for row in rows]

    def _for(self, database: BaseDatabaseWrapper) -> _Compiled:
        compiled = self._compiled.get(database.vendor)
        if compiled is None:
            compiled = self._compiled[database.vendor] = _compile(self._build(), database)
        return compiled


class PreparedExists:
    """A query with blanks that is only asked whether it finds anything."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Any]"]) -> None:
        self._rows: PreparedRows[Any] = PreparedRows(lambda: build().order_by().values_list("pk")[:1])

    def __call__(self, **values: Any) -> bool:
        """Say whether there is a row for these values of the blanks."""
        return self._rows.first(**values) is not None


def _compile(rows: "models.QuerySet[Any, Any]", database: BaseDatabaseWrapper) -> _Compiled:
    compiler = rows.query.get_compiler(connection=database)
    sql, parameters = compiler.as_sql()
    columns = [column for column, _, _ in compiler.select]
    converters = tuple(
        (place, converter, expression)
        for place, (found, expression) in compiler.get_converters(columns).items()
        for converter in found
    )
    return _Compiled(sql, tuple(parameters), converters, _maker(rows))


def _maker(rows: "models.QuerySet[Any, Any]") -> Callable[[list[Any]], Any]:
    if issubclass(rows._iterable_class, ModelIterable):  # noqa: SLF001 - tells instances from values
        model = rows.model
        names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - documented
        return lambda row: model.from_db(DEFAULT_DB_ALIAS, names, row)
    if getattr(rows, "_fields", None) and rows._iterable_class.__name__ == "FlatValuesListIterable":  # noqa: SLF001
        return lambda row: row[0]
    return tuple


def _read(compiled: _Compiled, row: Any, database: BaseDatabaseWrapper) -> Any:
    values = list(row)
    for place, convert, expression in compiled.converters:
        values[place] = convert(values[place], expression, database)
    return compiled.make(values)
