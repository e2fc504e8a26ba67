"""The apps of one's organizations: the list, the form of a new one, everything about an existing one."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
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
    "onboarding_instructions": "How it is used; told once to each person. Optional.",
}
ANSWERED = {"good": "Answers", "doubtful": "Doubtful", "bad": "Unreachable"}
COLOURS = {"DEVELOPMENT": "info", "SUBMITTED": "warning", "REJECTED": "danger", "PUBLISHED": "success"}
TYPE_CHOICES = [(kind.value, kind.value.capitalize()) for kind in DEVELOPERS_TYPES]


class OwnAppForm(AppForm):
    """What a developer decides about an app."""

    class Meta(AppForm.Meta):
        fields = (
            *("package_name", "name", "description", "public_url", "app_type"),
            *("onboarding_instructions", "webview_url", "logo_url", "organization"),
        )
        help_texts = HELP
        widgets: ClassVar[dict[str, Any]] = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 3})
            for name in ("description", "onboarding_instructions")
        }


class OwnApps(ChangeList):
    """The list; each row leads to the overview of its app."""

    def url_for_result(self, result: Model) -> str:
        return reverse("console:app", args=[result.pk])


@admin.register(App, site=developer_site)
class OwnAppAdmin(OwnOrganizations, AppAdmin):
    """Apps of the visitor's organizations."""

    form = OwnAppForm
    change_form_template = "console/app_change_form.html"
    inlines = ()
    list_display: tuple[str, ...] = (
        "app",
        "kind",
        "shown_status",
        "health",
        "users",
        "running",
        "organization",
    )
    list_select_related: ClassVar[tuple[str, ...]] = ("organization", "url_check")
    list_display_links = ("app",)
    list_filter = ("app_type", "store_status")
    actions: tuple[str, ...] = ()
    autocomplete_fields = ()
    warn_unsaved_form = True
    radio_fields: ClassVar[Any] = {"app_type": admin.HORIZONTAL}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("package_name", "name", "description", "onboarding_instructions"),
                    *("public_url", "app_type", "organization"),
                )
            },
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

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return OwnApps

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

    @display(description="Server", label={"good": "success", "doubtful": "warning", "bad": "danger"})
    def health(self, app: App) -> tuple[str, str] | None:
        """Return how its server answered when it was last called, or nothing for an address nobody tried."""
        check = getattr(app, "url_check", None)
        return (check.outcome, ANSWERED[check.outcome]) if check and check.url == app.public_url else None

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
