"""Every service that a developer or an operator sets off writes to the audit log, or is listed here with the reason."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Not those of the runtime's rooms: their rows are the history of a session, written by its owner.
ROOMS = ("accounts", "apps_registry")
READS = "reads only"
OWN = "a person's own doing, about themselves"
RUNTIME = "noted by the runtime, nobody decides it"
APPS = "an app's server keeps what it needs itself"
PART = "a part of services that record"
EXEMPT = {
    "accounts:get_or_create_user": "people are made by their first visit",
    "accounts:admit_user": "people are made by their first visit",
    "accounts:trust_address": PART,
    "accounts:announce_lock_out": PART,
    "accounts:choose_default_organization": OWN,
    "accounts:forget_expired_tokens": "a job of the cloud itself",
    "accounts:update_user_settings": OWN,
    "accounts:store_user_settings": OWN,
    "accounts:update_profile": OWN,
    "accounts:update_privacy": OWN,
    "accounts:forget_exports": "a job of the cloud itself",
    "accounts:confirm_deletion": PART,
    "accounts:delete_person": "writes an entry that names nobody",
    "apps_registry:remove_apps_of_one": PART,
    "apps_registry:complete_onboarding": OWN,
    "apps_registry:exported_config": READS,
    "apps_registry:import_config": PART,
    "apps_registry:lacks_of": READS,
    "apps_registry:share_url": READS,
    "apps_registry:publish_app": PART,
    "apps_registry:forget_orphaned_pictures": "a job of the cloud itself",
    "apps_registry:note_permissions_changed": PART,
    "apps_registry:mark_running": RUNTIME,
    "apps_registry:note_failed_start": RUNTIME,
    "apps_registry:app_config": READS,
    "apps_registry:app_record": READS,
    "apps_registry:check_version": READS,
    "apps_registry:keep_first_version": PART,
    "apps_registry:keep_version": PART,
    "apps_registry:note_url_check": RUNTIME,
    "apps_registry:note_server_health": "what a server answers is nobody's deed",
    "apps_registry:preview_config": READS,
    "apps_registry:register_with_key": PART,
    "apps_registry:restore_version": PART,
    "apps_registry:save_settings": OWN,
    "apps_registry:make_webview_token": OWN,
    "apps_registry:make_webview_link": OWN,
    "apps_registry:spend_webview_token": RUNTIME,
    "apps_registry:is_store": READS,
    "apps_registry:store_texts": APPS,
    "apps_registry:forget_text": APPS,
    "apps_registry:forget_texts": APPS,
    "apps_registry:forget_webview_tokens": "a job of the cloud itself",
    "sessions_app:hand_to_worker": PART,
    "sessions_app:keep_failure": RUNTIME,
    "sessions_app:forget_failures": "a job of the cloud itself",
}
MODULES = [
    path
    for room in ROOMS
    for path in sorted({*(ROOT / room).glob("services*.py"), *(ROOT / room / "services").glob("*.py")})
] + [ROOT / "sessions_app/operating.py", ROOT / "sessions_app/failed_jobs/services.py"]


def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _calls(function: ast.FunctionDef) -> set[str]:
    names = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {name.id for name in names if isinstance(name, ast.Name)}


def _records(name: str, functions: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function calls `record`, itself or by another function of its module."""
    called = _calls(functions[name])
    inside = (called & functions.keys()) - seen - {name}
    return "record" in called or any(_records(other, functions, seen | {name}) for other in inside)


def _services() -> list[tuple[str, bool]]:
    found = []
    for path in MODULES:
        functions = _functions(path)
        for name in functions:
            if not name.startswith("_"):
                found.append((f"{path.relative_to(ROOT).parts[0]}:{name}", _records(name, functions)))
    return found


@pytest.mark.parametrize(("service", "records"), _services())
def test_a_service_records_or_is_excused(service: str, records: bool) -> None:
    assert records or service in EXEMPT, f"{service} writes no audit entry (accounts.audit.record)"


def test_nobody_is_excused_who_is_gone() -> None:
    assert EXEMPT.keys() <= {service for service, _ in _services()}
