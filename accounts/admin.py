"""What operators see and do about people. Writes through services; decides nothing."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.forms import UserCreationForm as AdminUserCreationForm

from accounts.audit import record
from accounts.errors import InvalidCoreToken
from accounts.models import CliKey, Membership, Organization, RevokedToken, User
from accounts.recorded_admin import RecordedAdmin
from accounts.services import announce_lock_out, restore_token, revoke_cli_key, revoke_token
from accounts.tokens import CoreClaims, read_core_token


class MembershipInline(TabularInline):  # type: ignore[type-arg]
    """Who belongs where, on the pages of users and organizations."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user", "organization")


class UserCreationForm(AdminUserCreationForm):
    """Asks for an address instead of a user name; a password is optional."""

    class Meta:
        model = User
        fields = ("email", "name")


class UserEditForm(UserChangeForm):
    """Edits a user; the password has its own page."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Users by e-mail address."""

    noun = "user"
    form = UserEditForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (MembershipInline,)
    list_display = ("email", "name", "is_staff", "is_active", "created_at", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("created_at", "last_login")
    autocomplete_fields = ("default_organization",)
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "default_organization")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Phone", {"fields": ("settings",)}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")},
        ),
    )

    def record_of(self, row: User) -> dict[str, Any]:
        """Return who the person is, what they may do and where they belong."""
        names = ("email", "name", "is_active", "is_staff", "is_superuser")
        memberships = row.memberships.select_related("organization").order_by("organization__slug")
        return {
            **{name: getattr(row, name) for name in names},
            "groups": [group.name for group in row.groups.order_by("name")],
            "permissions": sorted(row.user_permissions.values_list("codename", flat=True)),
            "organizations": {membership.organization.slug: membership.role for membership in memberships},
        }

    def note(self, row: User, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Write one entry; somebody who was deactivated is told to leave."""
        super().note(row, verb, before, after)
        if before.get("is_active") and not row.is_active:
            announce_lock_out(user=row)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set somebody's password, which is recorded without it."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and isinstance(answer, HttpResponseRedirect):
            record("user.password_set", User.objects.get(pk=id))
        return answer


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Organizations and their members."""

    noun = "organization"
    inlines = (MembershipInline,)
    list_display = ("name", "slug", "member_count", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("created_at",)
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return Organization.objects.annotate(member_total=Count("memberships"))

    def record_of(self, row: Organization) -> dict[str, Any]:
        """Return the name and who belongs there."""
        memberships = row.memberships.select_related("user").order_by("user__email")
        members = {membership.user.email: membership.role for membership in memberships}
        return {"name": row.name, "slug": row.slug, "members": members}

    def organization_of(self, row: Organization) -> Organization:
        return row

    @admin.display(description="members", ordering="member_total")
    def member_count(self, organization: Organization) -> int:
        """Return how many people belong to the organization."""
        total: int = organization.member_total  # type: ignore[attr-defined]
        return total


class RevocationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes a whole core token, as found on a lost phone or in a log."""

    token = forms.CharField(widget=forms.Textarea, help_text="The core token that must stop working.")

    class Meta:
        model = RevokedToken
        fields: tuple[str, ...] = ()

    def clean_token(self) -> CoreClaims:
        """Return what the token says; a token that is refused anyway needs no revocation."""
        try:
            return read_core_token(self.cleaned_data["token"].strip())
        except InvalidCoreToken as error:
            raise forms.ValidationError(f"{error.message}: it is refused already.") from error


@admin.register(RevokedToken)
class RevokedTokenAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Withdrawn core tokens; deleting one makes its token work again."""

    form = RevocationForm
    list_display = ("jti", "revoked_at", "expires_at")
    search_fields = ("jti",)

    def has_change_permission(self, request: HttpRequest, obj: RevokedToken | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RevokedToken, form: Any, change: bool) -> None:
        claims: CoreClaims = form.cleaned_data["token"]
        row = revoke_token(token_id=claims.token_id, expires_at=claims.expires_at)
        obj.__dict__.update(row.__dict__)

    def delete_model(self, request: HttpRequest, obj: RevokedToken) -> None:
        restore_token(token=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[RevokedToken]) -> None:
        for token in queryset:
            restore_token(token=token)


@admin.register(CliKey)
class CliKeyAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Keys of command lines, to look at and to revoke; people make them in the console."""

    fields = readonly_fields = (
        *("name", "user", "key_id", "created_at", "expires_at", "last_used_at", "revoked_at"),
    )
    list_display = ("name", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("name", "key_id", "user__email")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CliKey | None = None) -> bool:
        return False

    @admin.action(permissions=["change"], description="Revoke: the selected keys stop working now")
    def revoke(self, request: HttpRequest, queryset: QuerySet[CliKey]) -> None:
        """Revoke each selected key that still works."""
        revoked = sum(revoke_cli_key(key=key) for key in queryset)
        self.message_user(request, f"Keys revoked: {revoked}.", messages.SUCCESS)
