"""Blanks: the places in a compiled query that get their value at each use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression


@dataclass(frozen=True, slots=True)
class Hole:
    """A parameter of a compiled query that has no value yet; `field` turns one into what the database takes."""

    name: str
    field: "models.Field[Any, Any]"
    for_save: bool

    def fill(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return `value` as the database takes it."""
        if self.for_save:
            return self.field.get_db_prep_save(value, connection)
        return self.field.get_db_prep_value(value, connection)


class Blank(Expression):
    """Stands in a query where a value will be."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name
        self.for_save = False

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> "Blank":
        """Note whether the value is looked for or stored."""
        resolved = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        resolved.for_save = for_save
        return resolved

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        """Compile to a place for one parameter."""
        del compiler, connection
        return "%s", [Hole(self.name, self.output_field, self.for_save)]


def blank(name: str, field: "models.Field[Any, Any]") -> Blank:
    """Return a place in a query for the value `name`, which is taken as values of `field` are."""
    return Blank(name, field)


def blank_of(model: type[models.Model], column: str, name: str = "") -> Blank:
    """Return a place for a value of a model's column; of a foreign key, for the key."""
    field = model._meta.get_field(column)  # noqa: SLF001 - the documented way to a model's fields
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    assert isinstance(field, models.Field)  # noqa: S101 - says so to the type checker
    return Blank(name or column, field)


def filled(
    parameters: Sequence[Any], values: Mapping[str, Any], connection: BaseDatabaseWrapper
) -> list[Any]:
    """Return the parameters of a compiled query with its blanks filled in; KeyError for one without a value."""
    return [each.fill(values[each.name], connection) if type(each) is Hole else each for each in parameters]
