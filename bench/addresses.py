"""Where the lists of both sites are, found on the sites themselves so that none is forgotten."""

from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import URLPattern, reverse
from django.urls.resolvers import RoutePattern

from consoles.developer.site import developer_site
from consoles.registering import register_pages

# Pages of every admin site that show nothing of ours, or end the visit.
_NO_PAGES = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
}


def addresses_of_lists(app_pk: int) -> Iterator[str]:
    """Yield the address of each list of rows (whole, searched, its second page), and of each page of a site or app."""
    register_pages()
    for site in (admin.site, developer_site):
        for model, page in site._registry.items():
            path = reverse(f"{site.name}:{model._meta.app_label}_{model._meta.model_name}_changelist")
            yield path
            yield f"{path}?p=2"
            if page.search_fields:
                yield f"{path}?q=bench"
        yield from _own_pages(site, app_pk)


def _own_pages(site: AdminSite, app_pk: int) -> Iterator[str]:
    for route in site.get_urls():
        if not isinstance(route, URLPattern) or not isinstance(route.pattern, RoutePattern):
            continue
        if route.name and route.name not in _NO_PAGES:
            named = set(route.pattern.converters)
            if named <= {"app_pk"}:
                yield reverse(f"{site.name}:{route.name}", kwargs=dict.fromkeys(named, app_pk))
