"""Fills a migrated PostgreSQL database as full as a busy cloud's, by statements that need no row in Python."""

from typing import Any

from django.db import connection, models

from accounts.models import AuditEntry, Membership, Organization, User
from accounts.rules import Role
from apps_registry.models import ApiKey, App, Installation, Permission
from sessions_app.models import AppHour, AppRun, SessionTransition, SocketMessage, UserSession, WebhookCall

DEVELOPER = "developer@bench.example"
PACKAGE = "com.example.bench.app1"
ORGANIZATIONS, APPS, USERS, SESSIONS = 2_000, 10_000, 20_000, 100_000
# So many sessions are live; people have at most one.
LIVE = 5_000
RUNS_EACH, MOVES_EACH, KEYS_EACH, PERMISSIONS_EACH = 3, 15, 2, 3
AUDITED, INSTALLED, HOURS = 200_000, 100_000, 200_000
MESSAGES, CALLS = 1_000_000, 300_000
# INSPECTOR_MESSAGES, as it is set unless an operator says otherwise.
MOST_KEPT = 5_000
DAYS = 25

_PACKAGE = "'com.example.bench.app' || "
_SOME_APP = f"{_PACKAGE}((n::bigint * 7919) % {APPS} + 1)"
# The first app is the one everybody uses.
_POPULAR_APP = f"CASE WHEN n % 3 = 0 THEN '{PACKAGE}' ELSE {_SOME_APP} END"
_SESSION = "md5('session' || {number})::uuid"
_PAST = f"now() - (n::float / {{rows}} * interval '{DAYS} days')"


def fill_database() -> None:
    """Make everybody and everything, and let the database look at what it has."""
    _fill(Organization, ORGANIZATIONS, pk=True, name="'Organization ' || n", slug="'organization-' || n")
    _fill(User, USERS, pk=True, email="'user' || n || '@bench.example'", name="'User ' || n")
    User.objects.filter(pk=1).update(email=DEVELOPER, is_staff=True, is_superuser=True)
    _fill(Membership, ORGANIZATIONS, user="n", organization="n", role=f"'{Role.OWNER}'")
    _fill_catalogue()
    _fill_sessions()
    _fill(
        AuditEntry,
        AUDITED,
        actor=f"n % {USERS} + 1",
        actor_label=f"'user' || (n % {USERS} + 1) || '@bench.example'",
        action="(ARRAY['app.updated','key.made','key.revoked','member.added'])[n % 4 + 1]",
        target_type="'apps_registry.app'",
        target_id=f"(n % {APPS} + 1)::text",
        target_label=_SOME_APP,
        organization=f"n % {ORGANIZATIONS} + 1",
        at=_PAST.format(rows=AUDITED),
    )
    _fill_inspector()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill_catalogue() -> None:
    _fill(
        App,
        APPS,
        pk=True,
        package_name=f"{_PACKAGE}n",
        name="'App ' || n",
        public_url="'http://127.0.0.1:7010'",
        app_type="(ARRAY['standard','background'])[n % 2 + 1]",
        store_status="(ARRAY['DEVELOPMENT','SUBMITTED','REJECTED','PUBLISHED'])[n % 4 + 1]",
        # Two thousand apps of the one who looks: nobody has more.
        organization=f"CASE WHEN n <= 2000 THEN 1 ELSE n % {ORGANIZATIONS} + 1 END",
    )
    _fill(
        Permission,
        APPS * PERMISSIONS_EACH,
        app=f"n % {APPS} + 1",
        type=_nth("MICROPHONE", "LOCATION", "CALENDAR"),
    )
    _fill(
        ApiKey,
        APPS * KEYS_EACH,
        app=f"n % {APPS} + 1",
        prefix="left(md5(n::text), 8)",
        digest="md5(n::text) || md5((-n)::text)",
        revoked_at="CASE WHEN n % 3 = 0 THEN now() END",
    )
    _fill(
        Installation,
        INSTALLED,
        user=f"n % {USERS} + 1",
        app=f"CASE WHEN n <= {USERS} THEN 1 ELSE (n / {USERS} * 1009 + n) % {APPS - 1} + 2 END",
        is_running="n % 5 = 0",
    )


def _fill_sessions() -> None:
    _fill(
        UserSession,
        SESSIONS,
        id=_SESSION.format(number="n"),
        user=f"n % {USERS} + 1",
        state=f"CASE WHEN n <= {LIVE} THEN 'ACTIVE' ELSE 'DISPOSED' END",
        owner=f"CASE WHEN n <= {LIVE} THEN 'node-' || n % 4 ELSE '' END",
        started_at=_PAST.format(rows=SESSIONS),
        connected_at=_PAST.format(rows=SESSIONS),
        disposed_at=f"CASE WHEN n > {LIVE} THEN {_PAST.format(rows=SESSIONS)} END",
    )
    _fill(
        AppRun,
        SESSIONS * RUNS_EACH,
        session=_SESSION.format(number=f"((n - 1) / {RUNS_EACH} + 1)"),
        package_name=f"CASE WHEN n % {RUNS_EACH} = 0 THEN '{PACKAGE}' ELSE {_PACKAGE}(n % 9000 + 2) END",
        state=f"CASE WHEN n <= {LIVE * RUNS_EACH} THEN 'running' ELSE 'stopped' END",
    )
    _fill(
        SessionTransition,
        SESSIONS * MOVES_EACH,
        session=_SESSION.format(number=f"((n - 1) / {MOVES_EACH} + 1)"),
        package_name=f"CASE WHEN n % 5 = 0 THEN '' ELSE {_POPULAR_APP} END",
        from_state="'connecting'",
        to_state="'running'",
        cause="'attached'",
        at=_PAST.format(rows=SESSIONS * MOVES_EACH),
    )
    _fill(
        AppHour,
        HOURS,
        package_name=f"{_PACKAGE}(n % 400 + 1)",
        hour="date_trunc('hour', now()) - (n / 400) * interval '1 hour'",
        starts="n % 50",
        latencies="'[0,0,5,10,20,30,10,5,2,1,0,0,0,0,0,0,0,0]'",
    )


def _fill_inspector() -> None:
    """Note messages and calls of the last day; whoever looks has as many of the first app as are kept of anybody."""
    mine = f"n % {MESSAGES // MOST_KEPT} = 0"
    about: dict[str, Any] = {
        "app": f"CASE WHEN {mine} THEN 1 ELSE n % {APPS} + 1 END",
        "user": f"CASE WHEN {mine} THEN 1 ELSE n % {USERS} + 1 END",
        "session_id": "md5(n::text)",
        "at": "now() - n * interval '0.08 seconds'",
        "problem": "CASE WHEN n % 50 = 0 THEN 'TIMED_OUT' ELSE '' END",
    }
    _fill(
        SocketMessage,
        MESSAGES,
        **about,
        direction="(ARRAY['in','out'])[n % 2 + 1]",
        type="(ARRAY['data_stream','display_event','settings','subscription_update'])[n % 4 + 1]",
        size="200",
        payload="repeat('x', 200)",
    )
    _fill(
        WebhookCall,
        CALLS,
        **about,
        kind="(ARRAY['session_request','stop_request'])[n % 2 + 1]",
        status="200",
        total_ms="n % 300",
        url="'http://127.0.0.1:7010/webhook'",
        request_body="repeat('x', 300)",
    )


def _nth(*texts: str) -> str:
    return f"(ARRAY[{','.join(repr(text) for text in texts)}])[n / {APPS} % {len(texts)} + 1]"


def _fill(model: type[models.Model], rows: int, *, pk: bool = False, **columns: str) -> None:
    """Insert so many rows; `columns` are SQL over `n`, counted from 1, and every other column has its default.

    With `pk` the key is `n` itself.
    """
    names, values, defaults = [], [], []
    for field in model._meta.concrete_fields:
        if field.name in columns:
            value = columns[field.name]
        elif field.primary_key:
            if not pk:
                continue
            value = "n"
        else:
            value = "%s"
            defaults.append(_default(field))
        names.append(connection.ops.quote_name(str(field.column)))
        values.append(value)
    table = connection.ops.quote_name(model._meta.db_table)
    selected = f"SELECT {', '.join(values)} FROM generate_series(1, {rows}) AS n"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(_escape(f"INSERT INTO {table} ({', '.join(names)}) {selected}"), defaults)
        if pk:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, rows]
            )


def _default(field: "models.Field[Any, Any]") -> Any:
    value = field.pre_save(field.model(), add=True)
    return field.get_db_prep_save(value, connection)


def _escape(statement: str) -> str:
    """Double the percent signs of arithmetic, which would be taken for parameters."""
    return statement.replace("%", "%%").replace("%%s", "%s")
