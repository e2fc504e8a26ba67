"""The public key of this cloud's user tokens, for whoever verifies them."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from apps_registry.user_tokens import public_keys

KEPT_SECONDS = 300


@require_safe
def serve_public_keys(request: HttpRequest) -> JsonResponse:
    """Answer the keys as JSON web keys; pages of all origins may read them."""
    answer = JsonResponse(public_keys())
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
