"""REST: how requests are read and refused, who may call from other origins, what the description says."""

from typing import Any

import environ
from corsheaders.defaults import default_headers

env = environ.Env()

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.BoundedJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.parsers.AlwaysJson",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.Description",
    "EXCEPTION_HANDLER": "accounts.api.refusals.answer_refusal",
    "UNAUTHENTICATED_USER": None,
}

# What each room's own errors mean to a program; a class that is not named answers as the nearest base that is.
REST_ERRORS: dict[str, int] = {
    "accounts.errors.AccountError": 400,
    "accounts.errors.NotAllowed": 403,
    "accounts.errors.InvalidIdToken": 401,
    "accounts.errors.IdentityProviderAway": 502,
    "accounts.errors.AlreadyMember": 409,
    "accounts.errors.AlreadyInvited": 409,
    "accounts.errors.MemberGone": 404,
    "accounts.errors.DeletionNotFound": 404,
    "accounts.errors.DeletionForSomebodyElse": 403,
    "accounts.errors.DeletionNotMailed": 502,
    "accounts.errors.StillNeeded": 409,
    "accounts.errors.InvitationNotFound": 404,
    "accounts.errors.InvitationForSomebodyElse": 403,
    "accounts.errors.TooManyInvitations": 429,
    "accounts.errors.TooManyRequests": 429,
    "accounts.errors.InvitationNotMailed": 502,
    "apps_registry.errors.RegistryError": 400,
    "apps_registry.errors.PackageNameTaken": 409,
    "apps_registry.errors.EditConflict": 409,
    "apps_registry.errors.InstallRefused": 403,
    "apps_registry.errors.AppNotFound": 404,
    "apps_registry.errors.VersionNotFound": 404,
    "apps_registry.errors.NoPage": 404,
    "apps_registry.errors.NoWorkingKey": 409,
    "apps_registry.errors.NotInstalled": 403,
    "apps_registry.errors.StorageFull": 413,
    "apps_registry.errors.SigningKeyMissing": 503,
    "apps_registry.errors.WebviewTokenRefused": 401,
    "sessions_app.errors.GalleryFull": 507,
    "sessions_app.errors.IncidentFull": 413,
    "sessions_app.errors.StorageAway": 503,
    "sessions_app.errors.NoSuchTool": 404,
    "sessions_app.errors.TooManyToolCalls": 429,
}

# Who counts as an operator for REST besides the operators of /admin/.
ADMIN_EMAILS: list[str] = env.list("ADMIN_EMAILS", default=[])
ADMIN_EMAIL_DOMAINS: list[str] = env.list("ADMIN_EMAIL_DOMAINS", default=[])

# Web consoles and stores on these origins may send credentials; pages of all other origins may call without.
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_CREDENTIALS = True
CORS_URLS_REGEX = r"^/(api|auth|apps|appsettings|tpasettings)(/|$)"
CORS_ALLOW_HEADERS = (*default_headers, "x-org-id")
CORS_EXPOSE_HEADERS = ("retry-after",)

_TOKENS = {
    "core": "The core token of a person, as their phone has it.",
    "console": "A console token. A core token is as good.",
    "cli": "A key of the command line, made in the Developer Console or by `POST /api/console/cli-keys`.",
    "upload": "The token that came with the answer to a request for a photo: good for that photo, once.",
    "session": "The id of an app's session with a user, while the app runs for them.",
    "sdk": "`<package>:<API key>` of an app, or its API key alone with `packageName` in the body.",
}
_GROUPS = {
    "console": "What the Developer Console does.",
    "cli": "The same for command lines.",
    "auth": "Who somebody is: for phones that sign in and for the pages of apps. The same is at `/auth/`.",
    "store": "What people find and install.",
    "apps": "The apps of people: what they have, what runs. The same is at `/apps/`.",
    "appsettings": "Settings of apps. The same is at `/appsettings/` and `/tpasettings/`.",
    "client": "What phones ask for beside their socket.",
    "account": "A person's own account: profile, privacy, a copy of their data, its end.",
    "onboarding": "How apps are used, told once to each person.",
    "incidents": "Reports that something went wrong, with logs and pictures.",
    "error-report": "Errors that phones ran into.",
    "tools": "What apps offer to be called for.",
    "transcripts": "What was said, for the person and for apps that may hear it.",
    "audio": "Sound that apps stream to phones.",
    "tts": "Texts read aloud.",
    "streams": "Live video that apps watch, sent on to further places.",
    "photos": "Photos that phones and glasses bring.",
    "gallery": "A person's own photos.",
    "hardware": "Buttons of the glasses.",
    "user-data": "What older phones say of their user.",
    "sdk": "What app servers keep about their users, and what system apps do for them.",
    "app-communication": "Who else uses an app, for its server.",
    "public": "What anybody may know of an app.",
    "instructions": "What the operators of this cloud tell everybody.",
    "v2": "Photos that a phone takes by itself.",
    "permissions": "What an app may do, at the address older clients know.",
    "orgs": "Organizations, at the address older clients know.",
    "dev": "Apps, at the address and in the shape older clients know.",
    "admin": "For the operators of this cloud.",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "REST reference",
    "DESCRIPTION": "Everything the Developer Console, the store and the operators do, for programs.",
    "VERSION": "1",
    "TAGS": [{"name": name, "description": about} for name, about in _GROUPS.items()],
    "SCHEMA_PATH_PREFIX": "/api/",
    "PREPROCESSING_HOOKS": ["accounts.api.schema.without_aliases"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            kind: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": about}
            for kind, about in _TOKENS.items()
        }
    },
    "ENUM_NAME_OVERRIDES": {"VerificationStatusEnum": ["NONE", "COMMUNITY", "VERIFIED"]},
}
