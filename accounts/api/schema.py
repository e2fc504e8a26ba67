"""What the description of the API says of tokens, wrapped answers and refusals."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers

Serializer = type[serializers.Serializer[Any]]


class _BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes one kind of bearer token."""

    about = ""

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": self.about}


class CoreScheme(_BearerScheme):  # type: ignore[no-untyped-call]
    """The token of a phone."""

    target_class = "accounts.api.authentication.CoreAuthentication"
    match_subclasses = True
    name = "core"
    about = "The core token of a person, as their phone has it."


class ErrorSerializer(serializers.Serializer[Any]):
    """Why a request was refused."""

    error = serializers.CharField(help_text="A plain sentence.")


class TokenErrorSerializer(serializers.Serializer[Any]):
    """Why a token was refused."""

    error = serializers.CharField(help_text="A short text that clients compare.")
    message = serializers.CharField(help_text="A plain sentence.")


class FailureSerializer(serializers.Serializer[Any]):
    """Why a request was refused, where clients look at `success`."""

    success = serializers.BooleanField(default=False)
    message = serializers.CharField()


@cache
def wrapped(data: Serializer, *, many: bool = False) -> Serializer:
    """Return the serializer of `{"success": true, "data": …}` around `data`."""
    name = data.__name__.removesuffix("Serializer")
    fields = {"success": serializers.BooleanField(default=True), "data": data(many=many)}
    kind = "List" if many else ""
    return type(f"{name}{kind}AnswerSerializer", (serializers.Serializer,), fields)


def refusals(*codes: int, body: Serializer = ErrorSerializer) -> dict[int, Any]:
    """Return the documented refusals of an operation; 401 always has the body of a refused token."""
    return {code: TokenErrorSerializer if code == 401 else body for code in sorted(codes)}  # noqa: PLR2004
