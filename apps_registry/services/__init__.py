"""Writes of the catalogue, one module per thing written. Each is one transaction."""

from apps_registry.services.api_keys import (
    create_api_key,
    remove_api_key,
    rename_api_key,
    replace_api_keys,
    revoke_all_keys,
    revoke_api_key,
    roll_api_key,
)
from apps_registry.services.apps import (
    AppChanges,
    AppDetails,
    note_permissions_changed,
    register_app,
    remove_app,
    restore_version,
    update_app,
)
from apps_registry.services.config_files import exported_config, import_config, preview_config
from apps_registry.services.installations import (
    install_app,
    mark_running,
    note_failed_start,
    uninstall_app,
)
from apps_registry.services.leaving import remove_apps_of_one
from apps_registry.services.moving import move_app
from apps_registry.services.onboarding import complete_onboarding
from apps_registry.services.pictures import (
    add_preview,
    forget_orphaned_pictures,
    keep_upload,
    order_previews,
    remove_preview,
    remove_upload,
    set_icon,
)
from apps_registry.services.recording import app_record
from apps_registry.services.registering import note_url_check, register_with_key
from apps_registry.services.review import (
    approve_app,
    lacks_of,
    publish_app,
    reject_app,
    set_verification,
    submit_app,
    unpublish_app,
    withdraw_app,
)
from apps_registry.services.server_health import note_server_health
from apps_registry.services.settings import save_settings
from apps_registry.services.storage import forget_text, forget_texts, store_texts
from apps_registry.services.testers import (
    accept_share_link,
    invite_tester,
    make_share_link,
    remove_tester,
    revoke_share_link,
    share_url,
)
from apps_registry.services.versions import app_config, check_version
from apps_registry.services.webhook_secrets import rotate_webhook_secret
from apps_registry.services.webview_links import make_webview_link
from apps_registry.services.webview_tokens import (
    forget_webview_tokens,
    is_store,
    make_webview_token,
    spend_webview_token,
)

__all__ = [
    "forget_text",
    "forget_texts",
    "forget_webview_tokens",
    "is_store",
    "make_webview_link",
    "make_webview_token",
    "spend_webview_token",
    "store_texts",
    "AppChanges",
    "AppDetails",
    "accept_share_link",
    "add_preview",
    "app_config",
    "app_record",
    "approve_app",
    "check_version",
    "create_api_key",
    "exported_config",
    "forget_orphaned_pictures",
    "import_config",
    "install_app",
    "invite_tester",
    "keep_upload",
    "lacks_of",
    "make_share_link",
    "mark_running",
    "move_app",
    "note_failed_start",
    "note_permissions_changed",
    "note_server_health",
    "note_url_check",
    "order_previews",
    "preview_config",
    "publish_app",
    "register_app",
    "register_with_key",
    "reject_app",
    "remove_api_key",
    "complete_onboarding",
    "remove_app",
    "remove_apps_of_one",
    "remove_preview",
    "remove_tester",
    "remove_upload",
    "rename_api_key",
    "replace_api_keys",
    "restore_version",
    "revoke_all_keys",
    "revoke_api_key",
    "revoke_share_link",
    "roll_api_key",
    "rotate_webhook_secret",
    "save_settings",
    "set_icon",
    "set_verification",
    "share_url",
    "submit_app",
    "uninstall_app",
    "unpublish_app",
    "update_app",
    "withdraw_app",
]
