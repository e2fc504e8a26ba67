"""The address under which a person opens an app's page, with what tells its server who they are (rest §3.1)."""

import contextlib

from django.conf import settings

from accounts.models import User
from apps_registry.errors import NoPage, NotInstalled, SigningKeyMissing
from apps_registry.rules import address_with, hash_with_key
from apps_registry.services.webview_tokens import make_webview_token
from apps_registry.user_tokens import issue_user_token
from apps_registry.webview_selectors import get_offered_app, webview_key_digest


def make_webview_link(*, user: User, package: str) -> str:
    """Return where `user` opens the page of an app they have: the proofs in it are good for minutes, one of them once.

    A cloud without a signing key leaves out the signed proof. Raises AppNotFound, NotInstalled, NoPage, NoWorkingKey
    and TooManyRequests.
    """
    app = get_offered_app(user, package)
    if not user.installations.filter(app=app).exists():
        raise NotInstalled
    if not app.webview_url:
        raise NoPage(package)
    digest = webview_key_digest(app)
    proofs = {}
    with contextlib.suppress(SigningKeyMissing):
        proofs["aos_signed_user_token"] = issue_user_token(user.email, digest)
    proofs["aos_temp_token"] = make_webview_token(user=user, package=package)
    proofs["cloudApiUrl"] = settings.PUBLIC_URL
    proofs["cloudApiUrlChecksum"] = hash_with_key(settings.PUBLIC_URL, digest)
    return address_with(app.webview_url, proofs)
