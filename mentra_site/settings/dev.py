"""One machine, embedded parts, generated secrets: what `manage.py` uses unless told otherwise."""

from mentra_site.settings.base import *
from mentra_site.settings.base import AUGMENTOS_AUTH_JWT_SECRET as GIVEN_JWT_SECRET
from mentra_site.settings.base import MENTRA_DATA_DIR, env
from mentra_site.settings.base import SECRET_KEY as GIVEN_SECRET_KEY
from mentra_site.settings.base import USER_TOKEN_PRIVATE_KEY as GIVEN_USER_TOKEN_KEY
from mentra_site.settings.secrets import embedded_secrets, embedded_user_token_key

_made = {} if GIVEN_JWT_SECRET and GIVEN_SECRET_KEY else embedded_secrets(MENTRA_DATA_DIR)
SECRET_KEY = GIVEN_SECRET_KEY or _made["DJANGO_SECRET_KEY"]
AUGMENTOS_AUTH_JWT_SECRET = GIVEN_JWT_SECRET or _made["AUGMENTOS_AUTH_JWT_SECRET"]
USER_TOKEN_PRIVATE_KEY = GIVEN_USER_TOKEN_KEY or embedded_user_token_key(MENTRA_DATA_DIR)

WEBHOOK_ALLOW_PRIVATE_NETWORKS = env.bool("WEBHOOK_ALLOW_PRIVATE_NETWORKS", default=True)
SESSIONS_ON_SHUTDOWN = env.str("SESSIONS_ON_SHUTDOWN", default="dispose")
