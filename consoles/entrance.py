"""The way from a site to the one log-in there is, with its rate limits and second factors."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def log_in_first(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Lead to the log-in and from there back to `site`; who is logged in and may not enter is refused."""
    home = reverse(f"{site.name}:index")
    wanted = request.GET.get("next", home)
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = home
    if site.has_permission(request):
        return HttpResponseRedirect(wanted)
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(wanted, reverse("account_login"))
