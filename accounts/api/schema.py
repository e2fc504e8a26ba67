"""How endpoints describe themselves: tokens, wrapped answers, and the refusals that all of them have in common."""

import re
from collections.abc import Mapping
from functools import cache
from inspect import getdoc
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from accounts.api.authentication import BearerAuthentication
from accounts.api.refusals import Wording, flagged_error, unsuccessful, without_success

Serializer = type[serializers.Serializer[Any]]


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
    message = serializers.CharField(help_text="A plain sentence.")


class UnsuccessfulSerializer(serializers.Serializer[Any]):
    """Why a request about the page of an app was refused."""

    success = serializers.BooleanField(default=False)
    error = serializers.CharField(help_text="A plain sentence.")


class FlaggedErrorSerializer(serializers.Serializer[Any]):
    """Why a request about tools was refused."""

    error = serializers.BooleanField(default=True)
    message = serializers.CharField(help_text="A plain sentence.")
    code = serializers.CharField(
        required=False, help_text="Of a call that failed: TIMEOUT, UNREACHABLE or BAD_ANSWER."
    )


class DoneSerializer(serializers.Serializer[Any]):
    """It is done."""

    success = serializers.BooleanField(default=True)


REASONS: Mapping[int, str] = {
    200: "Done.",
    201: "Made.",
    400: "The request says something that cannot be.",
    401: "There is no token, or it does not hold.",
    403: "The role of whoever asks does not reach this far.",
    404: "There is no such thing, or it is a stranger's.",
    409: "Something else is in the way.",
    413: "The body is too large.",
    415: "The body is of a type that is not read here.",
    429: "Too often: wait as long as Retry-After says.",
    502: "What the cloud asked for this did not answer.",
    504: "What the cloud asked for this did not answer in time.",
    503: "The phone's session is not there.",
    507: "There is no room for more.",
}
_OF_EVERY_BODY = (400, 413, 415)
_WORDED: Mapping[Wording, Serializer] = {
    flagged_error: FlaggedErrorSerializer,
    without_success: FailureSerializer,
    unsuccessful: UnsuccessfulSerializer,
}


def without_aliases(endpoints: list[tuple[str, ...]], **kwargs: Any) -> list[tuple[str, ...]]:
    """Return what is described: each endpoint once, below /api."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/")]


@cache
def wrapped(data: Serializer, *, many: bool = False, stamped: bool = False) -> Serializer:
    """Return the serializer of `{"success": true, "data": …}` around `data`; `stamped` with a `timestamp`."""
    name = data.__name__.removesuffix("Serializer")
    fields: dict[str, Any] = {"success": serializers.BooleanField(default=True), "data": data(many=many)}
    kind = "List" if many else ""
    if stamped:
        fields["timestamp"] = serializers.DateTimeField()
        kind += "Stamped"
    made: Any = type(f"{name}{kind}AnswerSerializer", (serializers.Serializer,), fields)
    made.bare = data(many=True) if many else data
    return made  # type: ignore[no-any-return]


def refusals(*codes: int) -> dict[int, Any]:
    """Return, for the description of an operation, that it may be refused with one of `codes`."""
    return dict.fromkeys(codes, ErrorSerializer)


class Description(AutoSchema):
    """Describes an operation by its method's docstring, and adds the refusals nobody needs to write down."""

    def get_operation_id(self) -> str:
        """Return a name that is unique because path and method are."""
        words = re.findall(r"[A-Za-z0-9]+", self.path.removeprefix("/api"))
        return "_".join((*words, self.method.lower()))

    def get_summary(self) -> str:
        """Return the first sentence of the docstring."""
        return self._said()[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]
        """Return what follows in the docstring."""
        return "\n".join(self._said()[1:]).strip()

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the tokens taken, by kind; `{}` where none is needed."""
        taken = [one for one in self.view.get_authenticators() if isinstance(one, BearerAuthentication)]
        auths: list[dict[str, Any]] = [{one.kind: []} for one in taken]
        return [*auths, {}] if any(one.optional for one in taken) else auths

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with all its refusals, in order and with a reason each."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        answers = operation["responses"]
        for code in _OF_EVERY_BODY if "requestBody" in operation else ():
            answers.setdefault(str(code), self._refusal(ErrorSerializer, code))
        if self.view.get_authenticators():
            answers.setdefault("401", self._refusal(TokenErrorSerializer, 401))
        for code, answer in answers.items():
            answer["description"] = answer.get("description") or REASONS.get(int(code), "")
        operation["responses"] = dict(sorted(answers.items()))
        return operation

    def _refusal(self, body: Serializer, code: int) -> dict[str, Any]:
        answer: dict[str, Any] = self._get_response_for_code(body, str(code))
        return answer

    def _get_response_for_code(self, serializer: Any, status_code: str, *args: Any, **kwargs: Any) -> Any:
        if serializer is ErrorSerializer:
            serializer = _WORDED.get(getattr(self.view, "wording", None), serializer)  # type: ignore[arg-type]
        if getattr(self.view, "bare", False):
            serializer = getattr(serializer, "bare", serializer)
        return super()._get_response_for_code(serializer, status_code, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _said(self) -> list[str]:
        method = getattr(self.view, self.method.lower(), None)
        return (getdoc(method) or "").splitlines() or [""]
