"""App servers, which show the id of their session with a user (rest §4.1)."""

from rest_framework.request import Request

from accounts.api.authentication import BearerAuthentication, TokenRefused
from accounts.api.views import client_address
from accounts.limits import take
from accounts.models import User
from apps_registry.rules import is_package_name
from sessions_app.models import AppRun
from sessions_app.protocol.session_ids import find_user_id
from sessions_app.selectors import find_app_session


class AppSessionAuthentication(BearerAuthentication):
    """`Bearer <app session id>`, as the older SDKs send it, for the app that the address names as `package`.

    Such an id can be guessed, so it is good only while that app runs for that user, and guesses are counted (P-63).
    """

    kind = "session"

    def authenticate(self, request: Request) -> tuple[User, AppRun]:
        """Return whose session it is, and the app's run in it; raise TokenRefused, TooManyRequests."""
        package: str = request.parser_context["kwargs"]["package"]
        email = find_user_id(self.token_of(request), package) if is_package_name(package) else None
        run = find_app_session(email, package) if email and email.isprintable() else None
        if run is None:
            take("session_guess", client_address(request))
            raise TokenRefused("Invalid session", "No session of this app with this id runs now.")
        return run.session.user, run
