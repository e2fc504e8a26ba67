"""The database before anything else runs: reachable, and with every table of this version."""

from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from mentra_site.supervisor.errors import StartFailed


def prepare_database() -> None:
    """Apply the migrations that are missing; blocking, and leaves no connection open in its thread."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise StartFailed(
            f"the database cannot be used ({reason}); correct DATABASE_URL or start it."
        ) from error
    finally:
        connections.close_all()
