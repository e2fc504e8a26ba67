"""The base of the endpoints that act for a developer."""

from collections.abc import Sequence
from typing import Any

from rest_framework import status
from rest_framework.response import Response

from accounts.api.authentication import BearerAuthentication, ConsoleAuthentication
from accounts.api.views import ApiView


class ConsoleView(ApiView):
    """An endpoint for a console's token, or for the kind of token it is mounted with.

    Answers are `{"success": true, "data": …}`; the legacy API mounts the same endpoints with `bare` answers.
    """

    authentication_classes: Sequence[type[BearerAuthentication]] = (ConsoleAuthentication,)
    bare = False

    def answer(self, data: Any, code: int = status.HTTP_200_OK) -> Response:
        """Return `data` wrapped as this mount wraps it."""
        return Response(data if self.bare else {"success": True, "data": data}, code)
