"""What the runtime does when the catalogue changes. Senders commit first; a worker then tells the owners.

Nothing here waits for a node: the caller is a web request. What is lost on the way is looked up again from the
rows at the next start, subscription or handshake.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import DataExport, User
from accounts.signals import export_requested, person_leaves, user_locked_out, user_settings_changed
from apps_registry.models import ApiKey, App
from apps_registry.signals import (
    api_key_revoked,
    app_permissions_changed,
    app_removed,
    app_settings_changed,
    app_uninstalled,
    webhook_secret_rolled,
)
from sessions_app.incidents.attachments import delete_file
from sessions_app.inspection.signals import recording_changed
from sessions_app.media.gallery_files import delete_file as delete_gallery_file
from sessions_app.media.photo_store import delete_files
from sessions_app.models import GalleryItem, Incident, IncidentAttachment, Photo
from sessions_app.outbound.commands import (
    Command,
    KeyRevoked,
    PermissionsChanged,
    RecordingChanged,
    SettingsChanged,
    StopApp,
    UserSettingsChanged,
    dump,
)
from sessions_app.protocol.codes import StopReason
from sessions_app.selectors import find_live_session
from sessions_app.tasks import delete_account, dispose_session, make_export, tell_owner_of_user, tell_owners


@receiver(api_key_revoked)
def close_sockets_of_key(key: ApiKey, **_: Any) -> None:
    """Close the sockets that came in with a key which is refused from now on."""
    _tell(key.app, KeyRevoked(key.app.package_name, key.pk))


@receiver(app_uninstalled)
def stop_uninstalled_app(user: User, app: App, **_: Any) -> None:
    """Stop an app for the user who removed it."""
    _tell(app, StopApp(app.package_name, StopReason.SYSTEM_STOP), user.pk)


@receiver(app_removed)
def stop_removed_app(app: App, **_: Any) -> None:
    """Stop an app for everybody: it is gone."""
    _tell(app, StopApp(app.package_name, StopReason.SYSTEM_STOP))


@receiver(app_settings_changed)
def pass_settings_on(user: User, app: App, **_: Any) -> None:
    """Have a running app given the user's new settings."""
    _tell(app, SettingsChanged(app.package_name), user.pk)


@receiver(user_settings_changed)
def pass_user_settings_on(user: User, **_: Any) -> None:
    """Have phone and running apps given the user's new system settings."""
    command = dump(UserSettingsChanged()).decode()
    tell_owner_of_user.apply_async((user.pk, command), retry=False)


@receiver(user_locked_out)
def end_session_of(user: User, **_: Any) -> None:
    """End the live session of somebody who was logged out everywhere or deactivated."""
    session = find_live_session(user.pk)
    if session is not None:
        dispose_session.apply_async((str(session.pk), "logged out"), retry=False)


@receiver(person_leaves)
def delete_account_of(user: User, **_: Any) -> None:
    """Have a worker delete all that is held about somebody; without one, the hourly sweep does."""
    delete_account.apply_async((user.pk,), retry=False)


@receiver(export_requested)
def make_the_copy(export: DataExport, **_: Any) -> None:
    """Have a worker make a copy of somebody's data; without one, the hourly sweep does."""
    make_export.apply_async((str(export.pk),), retry=False)


@receiver(app_permissions_changed)
def judge_subscriptions_again(app: App, **_: Any) -> None:
    """Have what a running app hears follow the permissions it declares."""
    _tell(app, PermissionsChanged(app.package_name))


@receiver(webhook_secret_rolled)
def sign_with_the_new_secret(app: App, **_: Any) -> None:
    """Have owners read the app anew: they also sign calls that look nothing up."""
    _tell(app, PermissionsChanged(app.package_name))


@receiver(recording_changed)
def follow_choice_to_be_recorded(user: User, app: App, is_recorded: bool, **_: Any) -> None:
    """Begin or end to record a session that is under way."""
    _tell(app, RecordingChanged(app.package_name, is_recorded), user.pk)


@receiver(post_delete, sender=Photo)
def forget_files_of_a_person_who_is_gone(instance: Photo, origin: Any, **_: Any) -> None:
    """Delete the files of photos that went with somebody's account; else the files go first."""
    if not isinstance(origin, Photo) and getattr(origin, "model", None) is not Photo:
        transaction.on_commit(lambda: delete_files(instance))


@receiver(post_delete, sender=GalleryItem)
def forget_items_of_a_person_who_is_gone(instance: GalleryItem, origin: Any, **_: Any) -> None:
    """Delete the files of what waited for the phone of an account that is gone; else the files go first."""
    if not isinstance(origin, GalleryItem) and getattr(origin, "model", None) is not GalleryItem:
        transaction.on_commit(lambda: delete_gallery_file(instance))


@receiver(post_delete, sender=IncidentAttachment)
def forget_pictures_of_a_report_of_who_is_gone(instance: IncidentAttachment, origin: Any, **_: Any) -> None:
    """Delete the files of pictures that went with somebody's account; else the files go first."""
    if getattr(origin, "model", type(origin)) is not Incident:
        transaction.on_commit(lambda: delete_file(instance.name))


def _tell(app: App, command: Command, user_pk: int | None = None) -> None:
    # Without a second try: a broker that is away must not hold a request up.
    tell_owners.apply_async((app.package_name, dump(command).decode(), user_pk), retry=False)
