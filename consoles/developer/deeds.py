"""What a form of the console sets off: one service call, told as done or refused, and a question before what hurts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.errors import AccountError, NotAllowed
from apps_registry.errors import RegistryError


def attempt(request: HttpRequest, deed: Callable[[], object], done: str) -> bool:
    """Run `deed` and show `done`, or why it was refused; return whether it was done.

    Raises PermissionDenied for what the visitor's role does not allow.
    """
    try:
        deed()
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except (AccountError, RegistryError) as error:
        messages.error(request, error.message)
        return False
    messages.success(request, done)
    return True


def ask(request: HttpRequest, site: AdminSite, title: str, **facts: Any) -> TemplateResponse:
    """Ask before something that cannot be undone; facts: `text`, `button`, `back`, and `hidden` fields by name."""
    return TemplateResponse(
        request, "console/question.html", {**site.each_context(request), "title": title, **facts}
    )
