"""The apps of one's organizations: the list, the form of a new one, everything about an existing one."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.rules import Right
from accounts.selectors import default_organization, organizations_of
from apps_registry.admin import AppAdmin
from apps_registry.app_form import AppForm
from apps_registry.models import App
from apps_registry.rules.apps import DEVELOPERS_TYPES
from consoles.developer.scope import OwnOrganizations
from consoles.developer.site import developer_site

HELP = {
    "package_name": "The app's name on the wire, for ever. Turn your domain round: com.example.captions.",
    "public_url": "Where your app's server listens. Starts and stops of the app are posted to /webhook below it.",
    "webview_url": "A page of yours that the phone shows inside its app. Optional.",
    "logo_url": "A square picture of at least 512 pixels. Optional.",
    "app_type": "A standard app takes the foreground, one at a time. Background apps run beside it.",
    "description": "What people read before they install the app.",
}
COLOURS = {"DEVELOPMENT": "info", "SUBMITTED": "warning", "REJECTED": "danger", "PUBLISHED": "success"}
TYPE_CHOICES = [(kind.value, kind.value.capitalize()) for kind in DEVELOPERS_TYPES]


class OwnAppForm(AppForm):
    """What a developer decides about an app."""

    class Meta(AppForm.Meta):
        fields = (
            *("package_name", "name", "description", "public_url", "app_type"),
            *("webview_url", "logo_url", "organization"),
        )
        help_texts = HELP
        widgets: ClassVar[dict[str, Any]] = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}


@admin.register(App, site=developer_site)
class OwnAppAdmin(OwnOrganizations, AppAdmin):
    """Apps of the visitor's organizations."""

    form = OwnAppForm
    change_form_template = "console/app_change_form.html"
    inlines = ()
    list_display = ("app", "kind", "shown_status", "users", "running", "organization")
    list_display_links = ("app",)
    list_filter = ("app_type", "store_status")
    actions: tuple[str, ...] = ()
    autocomplete_fields = ()
    warn_unsaved_form = True
    radio_fields: ClassVar[Any] = {"app_type": admin.HORIZONTAL}
    fieldsets = (
        (
            None,
            {"fields": ("package_name", "name", "description", "public_url", "app_type", "organization")},
        ),
        ("Pages and pictures", {"fields": ("webview_url", "logo_url"), "classes": ("tab",)}),
    )
    about = (
        "Record",
        {"fields": ("version", "created_at", "updated_at"), "classes": ("tab",)},
    )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the form that explains each field."""
        return redirect("console:app_new")

    def get_fieldsets(self, request: HttpRequest, obj: App | None = None) -> Any:
        return (*self.fieldsets, self.about) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: App | None = None) -> tuple[str, ...]:
        # An app that exists is moved on a page of its own, which asks for a role on both sides.
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "organization") if obj else readonly

    def get_queryset(self, request: HttpRequest) -> QuerySet[App]:
        running = Count("installations", filter=Q(installations__is_running=True))
        apps: QuerySet[App] = (
            super().get_queryset(request).annotate(user_total=Count("installations"), running_total=running)
        )
        return apps

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "organization" and request.user.is_authenticated:
            options["queryset"] = organizations_of(request.user, Right.DEVELOP)
            options["initial"] = default_organization(request.user)
            options["widget"] = UnfoldAdminSelectWidget()
            return db_field.formfield(**options)  # without the buttons to make and change organizations
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "app_type":
            options["choices"] = TYPE_CHOICES
        return super().formfield_for_choice_field(db_field, request, **options)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List what goes with an app; the right to delete it covers its keys and declarations."""
        to_delete, counts, _, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @display(description="App", ordering="name", header=True)
    def app(self, app: App) -> tuple[str, str]:
        """Return name and package, one above the other."""
        return app.name, app.package_name

    @display(description="Type", ordering="app_type")
    def kind(self, app: App) -> str:
        """Return the type as people say it."""
        return app.get_app_type_display()

    @display(description="Status", ordering="store_status", label=COLOURS)
    def shown_status(self, app: App) -> tuple[str, str]:
        """Return how far the app is on its way to everybody."""
        return app.store_status, app.get_store_status_display()

    @display(description="Installed", ordering="user_total")
    def users(self, app: App) -> int:
        """Return how many people installed it."""
        total: int = app.user_total  # type: ignore[attr-defined]
        return total

    @display(description="Running", ordering="running_total")
    def running(self, app: App) -> int:
        """Return for how many people it runs or comes back at their next session."""
        total: int = app.running_total  # type: ignore[attr-defined]
        return total
