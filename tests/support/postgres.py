"""Databases of a PostgreSQL server that is already there; POSTGRES_TEST_URL says where."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import ConnectionInfo

POSTGRES = os.environ.get("POSTGRES_TEST_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def fresh_database() -> Iterator[tuple[ConnectionInfo, str]]:
    """Make an empty database, drop it at the end; yield the server and the database's name.

    Raises psycopg.OperationalError when no server answers.
    """
    name = f"mentra_test_{uuid.uuid4().hex[:12]}"
    server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=2)
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield server.info, name
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(server: ConnectionInfo, name: str) -> str:
    """Return the DATABASE_URL of a database of that server."""
    password = f":{server.password}" if server.password else ""
    return f"postgresql://{server.user}{password}@{server.host}:{server.port}/{name}"
