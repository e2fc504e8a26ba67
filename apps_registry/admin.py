"""What operators see and do about apps. Writes through services; decides nothing.

A key is shown in full once, when it is made; afterwards only its prefix. A webhook secret is masked always.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from unfold.admin import ModelAdmin, TabularInline

from accounts.errors import TooManyRequests
from accounts.models import User
from accounts.paging import BoundedPaginator
from apps_registry.app_form import AppForm, declared_in
from apps_registry.errors import RegistryError
from apps_registry.models import ApiKey, App, HardwareRequirement, Installation, Permission
from apps_registry.rules import key_prefix
from apps_registry.services import (
    create_api_key,
    install_app,
    register_app,
    remove_api_key,
    remove_app,
    revoke_api_key,
    rotate_webhook_secret,
    uninstall_app,
    update_app,
)

_PLAIN_KEY = "apps_registry.plain_key"


def _become(draft: Model, saved: Model) -> None:
    """Let the admin's unsaved object continue as the one a service made."""
    draft.__dict__.update(saved.__dict__)


class PermissionInline(TabularInline):  # type: ignore[type-arg]
    """Declared permissions of an app."""

    model = Permission
    extra = 0
    hide_title = True


class HardwareRequirementInline(TabularInline):  # type: ignore[type-arg]
    """Hardware an app asks for."""

    model = HardwareRequirement
    extra = 0
    hide_title = True


class ApiKeyInline(TabularInline):  # type: ignore[type-arg]
    """Keys of an app, to look at; they are made and revoked on their own pages."""

    model = ApiKey
    fields = readonly_fields = ("prefix", "name", "created_at", "last_used_at", "revoked_at")
    extra = 0
    can_delete = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: App | None = None) -> bool:
        return False


@admin.register(App)
class AppAdmin(ModelAdmin):  # type: ignore[type-arg]
    """The catalogue."""

    form = AppForm
    inlines: "ClassVar[tuple[type[TabularInline[Any, Any]], ...]]" = (
        PermissionInline,
        HardwareRequirementInline,
        ApiKeyInline,
    )
    list_display: tuple[str, ...] = (
        "package_name",
        "name",
        "app_type",
        "store_status",
        "organization",
        "is_deprecated",
    )
    list_filter: ClassVar[tuple[str, ...]] = (
        "app_type",
        "store_status",
        "verification_status",
        "is_deprecated",
    )
    list_select_related: ClassVar[tuple[str, ...]] = ("organization",)
    search_fields = ("package_name", "name", "organization__name")
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("organization", "developer")
    actions: tuple[str, ...] = ("make_api_key", "rotate_secret")

    def get_readonly_fields(self, request: HttpRequest, obj: App | None = None) -> tuple[str, ...]:
        facts = ("masked_webhook_secret", "version", "created_at", "updated_at")
        return ("package_name", *facts) if obj else ()

    @admin.display(description="webhook secret")
    def masked_webhook_secret(self, app: App) -> str:
        """Return enough of the secret to compare it with a configuration."""
        return f"{key_prefix(app.webhook_secret)}…"

    def save_model(self, request: HttpRequest, obj: App, form: Any, change: bool) -> None:
        """Leave it to `save_related`: what is saved together is one version."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lists: dict[str, Any] = declared_in(formsets)
        if not change:
            _become(form.instance, register_app(**form.cleaned_data, **lists))
        elif changes := {**form.changes(), **lists}:
            update_app(app=form.instance, **changes)

    def delete_model(self, request: HttpRequest, obj: App) -> None:
        remove_app(app=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[App]) -> None:
        for app in queryset:
            remove_app(app=app)

    @admin.action(permissions=["change"], description="Make a new API key (shown once)")
    def make_api_key(self, request: HttpRequest, queryset: QuerySet[App]) -> HttpResponse | None:
        """Make the selected app one more key."""
        return self._show_new(
            request, queryset, "API key", lambda app: create_api_key(app=app, name="admin")[1]
        )

    @admin.action(permissions=["change"], description="Rotate the webhook secret (shown once)")
    def rotate_secret(self, request: HttpRequest, queryset: QuerySet[App]) -> HttpResponse | None:
        """Give the selected app a new webhook secret."""
        return self._show_new(request, queryset, "webhook secret", lambda app: rotate_webhook_secret(app=app))

    def _show_new(
        self, request: HttpRequest, apps: QuerySet[App], kind: str, make: Callable[[App], str]
    ) -> HttpResponse | None:
        """Show what was made for one app; there is no page for the secrets of several."""
        if len(apps) != 1:
            self.message_user(request, f"Select one app to get a new {kind}.", messages.ERROR)
            return None
        try:
            secret = make(apps[0])
        except (RegistryError, TooManyRequests) as error:
            self.message_user(request, error.message, messages.ERROR)
            return None
        return _show_once(self, request, apps[0], kind, secret)


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Keys by prefix."""

    fields = ("app", "name")
    list_display = ("prefix", "app", "name", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("app",)
    search_fields = ("prefix", "name", "app__package_name")
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("app",)
    actions = ("revoke",)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or take the form; an app that has too many keys gets none."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (RegistryError, TooManyRequests) as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.path)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return ("app", "name", "prefix", "created_at", "last_used_at", "revoked_at") if obj else self.fields

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        key, plain = create_api_key(app=obj.app, name=obj.name)
        _become(obj, key)
        request.META[_PLAIN_KEY] = plain

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the key itself instead of going on: a message would keep it in a cookie."""
        return _show_once(self, request, obj.app, "API key", request.META.pop(_PLAIN_KEY))

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        remove_api_key(key=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.select_related("app__organization"):
            self.delete_model(request, key)

    @admin.action(permissions=["change"], description="Revoke: the selected keys stop working now")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Revoke each selected key that still works."""
        revoked = sum(revoke_api_key(key=key) for key in queryset.select_related("app__organization"))
        self.message_user(request, f"Keys revoked: {revoked}.", messages.SUCCESS)


@admin.register(Installation)
class InstallationAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Who has which app."""

    fields = ("user", "app")
    list_display = ("user", "app", "is_running", "installed_at", "last_active_at")
    list_filter = ("is_running",)
    list_select_related = ("user", "app")
    ordering = ("-pk",)
    paginator = BoundedPaginator
    show_full_result_count = False
    search_fields = ("user__email", "app__package_name")
    autocomplete_fields = ("user", "app")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Installation], search_term: str
    ) -> tuple[QuerySet[Installation], bool]:
        """Find people and apps first: joined to all installations they would be looked through again and again."""
        if not search_term:
            return queryset, False
        people = User.objects.filter(email__icontains=search_term)
        apps = App.objects.filter(package_name__icontains=search_term)
        return queryset.filter(Q(user__in=people) | Q(app__in=apps)), False

    def has_change_permission(self, request: HttpRequest, obj: Installation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Installation, form: Any, change: bool) -> None:
        _become(obj, install_app(user=obj.user, app=obj.app, by_operator=True))

    def delete_model(self, request: HttpRequest, obj: Installation) -> None:
        uninstall_app(user=obj.user, app=obj.app, by_operator=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Installation]) -> None:
        for installation in queryset.select_related("user", "app"):
            self.delete_model(request, installation)


def _show_once(page: ModelAdmin, request: HttpRequest, app: App, kind: str, secret: str) -> HttpResponse:  # type: ignore[type-arg]
    """Answer with a secret, which nothing keeps: a message would be a cookie."""
    context = {
        **page.admin_site.each_context(request),
        "title": f"New {kind} of {app}",
        "kind": kind,
        "secret": secret,
        "onwards": reverse(f"{page.admin_site.name}:apps_registry_app_change", args=[app.pk]),
    }
    answer = TemplateResponse(request, "admin/apps_registry/apikey/made.html", context)
    add_never_cache_headers(answer)
    return answer
