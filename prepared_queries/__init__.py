"""Queries of the ORM that are compiled once, for the few paths where a node asks the same thing all the time.

Django builds the SQL of a query anew at each use, which takes about ten times as long as SQLite takes to answer.
Models, fields and look-ups stay those of the ORM; only the compiled text is kept. Knows no model of ours.
"""

from prepared_queries.blanks import blank, blank_of
from prepared_queries.reading import PreparedExists, PreparedRows
from prepared_queries.writing import PreparedUpdate, insert_rows, put_row

__all__ = [
    "PreparedExists",
    "PreparedRows",
    "PreparedUpdate",
    "blank",
    "blank_of",
    "insert_rows",
    "put_row",
]
