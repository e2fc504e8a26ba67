"""Whether somebody wants the tour on their start page: a wish of theirs at this browser, kept in a cookie."""

from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "tour_hidden_for"
YEAR_SECONDS = 365 * 24 * 3600


def is_hidden(request: HttpRequest, user: User) -> bool:
    """Say whether `user` has hidden the tour here."""
    return request.COOKIES.get(COOKIE) == str(user.pk)


def hide(answer: HttpResponse, user: User) -> None:
    """Remember that `user` has seen enough of it."""
    answer.set_cookie(COOKIE, str(user.pk), max_age=YEAR_SECONDS, httponly=True, samesite="Lax")


def show_again(answer: HttpResponse) -> None:
    """Forget that."""
    answer.delete_cookie(COOKIE, samesite="Lax")
