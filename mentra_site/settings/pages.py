"""How the pages for people look and what they may load. No page needs another host or text evaluated as code."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

from mentra_site.settings.media import origins_of_pictures
from mentra_site.settings.operators_sidebar import OPERATORS_SIDEBAR

PRODUCT_NAME = "Open Glasses Cloud"

# The theme's font and its dark mode come from its own files; Alpine is replaced by its build for strict policies.
_LOOK: dict[str, Any] = {
    "SITE_TITLE": PRODUCT_NAME,
    "SITE_HEADER": PRODUCT_NAME,
    "SITE_SYMBOL": "eyeglasses",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("consoles/icon.svg")}
    ],
    "STYLES": [lambda request: static("consoles/console.css")],
    "SCRIPTS": [
        lambda request: static("consoles/alpine_names.js"),
        lambda request: static("consoles/plain_files.js"),
    ],
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {
        "navigation": [
            {"title": "Your account", "link": reverse_lazy("console:account")},
            {"title": "E-mail addresses", "link": reverse_lazy("account_email")},
            {"title": "Two-factor log-in", "link": reverse_lazy("mfa_index")},
        ]
    },
    "BORDER_RADIUS": "6px",
}
UNFOLD = {
    **_LOOK,
    "SITE_SUBHEADER": "Operators",
    "SITE_URL": "/admin/",
    "SIDEBAR": {"navigation": OPERATORS_SIDEBAR},
}
UNFOLD_CONSOLE = {
    **_LOOK,
    "SITE_SUBHEADER": "Developer Console",
    "SITE_URL": "/console/",
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    {"title": "Start", "icon": "rocket_launch", "link": reverse_lazy("console:index")},
                    {
                        "title": "Glasses",
                        "icon": "eyeglasses",
                        "link": reverse_lazy("console:simulator"),
                    },
                    {
                        "title": "Apps",
                        "icon": "apps",
                        "link": reverse_lazy("console:apps_registry_app_changelist"),
                    },
                    {
                        "title": "Organizations",
                        "icon": "groups",
                        "link": reverse_lazy("console:organizations"),
                    },
                    {"title": "CLI keys", "icon": "terminal", "link": reverse_lazy("console:cli_keys")},
                    {
                        "title": "Audit log",
                        "icon": "history",
                        "link": reverse_lazy("console:accounts_auditentry_changelist"),
                        "permission": "consoles.developer.audit_pages.may_manage",
                    },
                    {"title": "REST reference", "icon": "api", "link": reverse_lazy("api:reference")},
                ]
            }
        ]
    },
}

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        # The theme writes its colours into a style element and widths into style attributes.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", *origins_of_pictures()],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
