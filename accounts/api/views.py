"""The base of every REST endpoint."""

from contextlib import ExitStack
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.acting import acting_as
from accounts.adapter import Entrance
from accounts.api.refusals import Wording, plain_error
from accounts.models import User


class ApiView(APIView):
    """An endpoint; whoever its token speaks for acts during the request. `wording` wraps the text of refusals."""

    wording: ClassVar[Wording] = staticmethod(plain_error)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Serve the request."""
        with ExitStack() as self._acting:
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Learn who asks, and let them act until the request is answered."""
        super().perform_authentication(request)
        self._acting.enter_context(acting_as(request.user))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let nobody on the way keep the answer: it is one person's, and may hold a key."""
        answered = super().finalize_response(request, response, *args, **kwargs)
        answered.headers.setdefault("Cache-Control", "no-store")
        return answered


def asking_user(request: Request) -> User:
    """Return the person an authenticated request speaks for."""
    if not isinstance(request.user, User):
        raise TypeError("This endpoint is not for everybody: it needs an authentication class.")
    return request.user


def client_address(request: Request) -> str:
    """Return from where a request comes, as the proxies we trust saw it, else as we see it."""
    try:
        return str(Entrance().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return str(request.META.get("REMOTE_ADDR", ""))


def read_body(shape: type[Serializer[Any]], request: Request, **context: Any) -> dict[str, Any]:
    """Return what the body says, by the names of our own; raise ValidationError."""
    body = shape(data=request.data, context=context)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
