"""Tables of the catalogue. Knows people; never heard of sessions or sockets."""

from apps_registry.models.api_key import ApiKey
from apps_registry.models.app import App, HardwareRequirement, Permission
from apps_registry.models.app_version import AppVersion
from apps_registry.models.installation import AppSettingValues, Installation
from apps_registry.models.onboarding import Onboarding
from apps_registry.models.picture import Picture
from apps_registry.models.review_step import ReviewStep
from apps_registry.models.server_health import ServerHealth
from apps_registry.models.sharing import AppTester, ShareLink
from apps_registry.models.storage import AppStorage
from apps_registry.models.url_check import UrlCheck
from apps_registry.models.webview_token import WebviewToken

__all__ = [
    "ApiKey",
    "App",
    "AppSettingValues",
    "AppStorage",
    "AppVersion",
    "HardwareRequirement",
    "Installation",
    "Onboarding",
    "Permission",
    "Picture",
    "ReviewStep",
    "ServerHealth",
    "ShareLink",
    "AppTester",
    "UrlCheck",
    "WebviewToken",
]
