"""Who may bring a photo: whoever has the token that came with the request for it."""

from rest_framework.request import Request

from accounts.api.authentication import EXPIRED, BearerAuthentication, CoreAuthentication, TokenRefused
from accounts.models import User
from sessions_app.media.awaiting import Kind, find_awaited
from sessions_app.models import AwaitedPhoto

NOT_AWAITED = "The token is not one of ours, or its time is over."


class UploadAuthentication(BearerAuthentication):
    """The token of one awaited photo, which `request.auth` then is."""

    kind = "upload"
    kinds: tuple[Kind, ...] = ()

    def authenticate(self, request: Request) -> tuple[User, AwaitedPhoto]:
        """Return whose photo is awaited, and the photo; raise TokenRefused."""
        awaited = find_awaited(self.token_of(request), *self.kinds)
        if awaited is None or not awaited.user.is_active:
            raise TokenRefused(EXPIRED, NOT_AWAITED)
        return awaited.user, awaited


class GlassesUploadAuthentication(UploadAuthentication):
    """For photos the glasses take for an app on the phone."""

    kinds = (Kind.GLASSES,)


class PhoneUploadAuthentication(UploadAuthentication):
    """For photos the phone takes itself."""

    kinds = (Kind.PHONE,)


class CoreOrUploadAuthentication(CoreAuthentication):
    """A core token, or that of the photo of a button until it was brought; `request.auth` then is that photo."""

    def authenticate(self, request: Request) -> tuple[User | None, AwaitedPhoto | None] | None:
        """Return whom the token speaks for, and the photo it is good for if it is only that."""
        awaited = find_awaited(self.token_of(request), Kind.BUTTON)
        if awaited is not None and awaited.settled_at is None and awaited.user.is_active:
            return awaited.user, awaited
        return super().authenticate(request)
