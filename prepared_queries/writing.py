"""Writing with statements compiled once for each set of columns."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery

from prepared_queries.blanks import blank_of, filled

Statement = tuple[str, tuple[Any, ...]]
_VALUE = "new_"


class PreparedUpdate:
    """An update of the rows of a query with blanks; `always` are columns set by an expression each time."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Any]"], **always: Any) -> None:
        self._build = build
        self._always = always
        self._statements: dict[tuple[str, ...], Statement] = {}

    def __call__(self, columns: dict[str, Any], **values: Any) -> int:
        """Set `columns` of the rows for these values of the blanks; return how many rows there were."""
        database = connections[DEFAULT_DB_ALIAS]
        form = (database.vendor, *columns)
        statement = self._statements.get(form)
        if statement is None:
            statement = self._statements[form] = self._compile(columns, database)
        values.update((_VALUE + column, value) for column, value in columns.items())
        return _run(statement, values, database)

    def _compile(self, columns: dict[str, Any], database: BaseDatabaseWrapper) -> Statement:
        rows = self._build()
        query: Any = rows.query.chain(UpdateQuery)
        new = {column: blank_of(rows.model, column, _VALUE + column) for column in columns}
        query.add_update_values({**self._always, **new})
        query.clear_ordering(force=True)
        sql, parameters = query.get_compiler(connection=database).as_sql()
        return sql, tuple(parameters)


def insert_rows(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Store new rows, all with the same columns; those that are not named get the default of their field."""
    _insert(model, rows, ())


def put_row(model: type[models.Model], unique: Sequence[str], columns: dict[str, Any]) -> None:
    """Store a new row, or change `columns` of the one that is alike in those of them named in `unique`."""
    _insert(model, [columns], tuple(unique))


def _insert(model: type[models.Model], rows: Sequence[dict[str, Any]], unique: tuple[str, ...]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    form = _compile_insert(database.vendor, model, tuple(rows[0]), unique, len(rows))
    values = {}
    for number, row in enumerate(rows):
        for field in form.defaults:
            values[f"{number} {field.name}"] = field.get_default()
        for column, value in row.items():
            values[f"{number} {column}"] = value
    _run(form.statement, values, database)


class _Insert(NamedTuple):
    """A compiled INSERT and the fields whose default is made anew for each row."""

    statement: Statement
    defaults: "tuple[models.Field[Any, Any], ...]"


@lru_cache(maxsize=256)
def _compile_insert(
    vendor: str, model: type[models.Model], columns: tuple[str, ...], unique: tuple[str, ...], rows: int
) -> _Insert:
    del vendor  # only tells the statements of different databases apart
    meta = model._meta  # noqa: SLF001 - the documented way to a model's fields
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    named = [meta.get_field(column) for column in columns]
    changed = [field for field in named if field.name not in unique]
    query = InsertQuery(
        model,
        on_conflict=OnConflict.UPDATE if unique else None,
        update_fields=changed if unique else (),
        unique_fields=[meta.get_field(column) for column in unique],
    )
    # Defaults that are the same for all rows are part of the statement.
    open_fields = [field for field in fields if field in named or callable(field.default)]
    fixed = {field.attname: field.get_default() for field in fields if field not in open_fields}
    drafts: list[Any] = [
        SimpleNamespace(
            **fixed,
            **{field.attname: blank_of(model, field.name, f"{number} {field.name}") for field in open_fields},
        )
        for number in range(rows)
    ]
    query.insert_values(fields, drafts, raw=True)
    sql, parameters = query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()[0]
    return _Insert((sql, tuple(parameters)), tuple(field for field in open_fields if field not in named))


def _run(statement: Statement, values: dict[str, Any], database: BaseDatabaseWrapper) -> int:
    sql, parameters = statement
    with database.cursor() as cursor:
        cursor.execute(sql, filled(parameters, values, database))
        return int(cursor.rowcount)
