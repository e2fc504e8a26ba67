"""What higher layers may want to hear about people; sent after the transaction committed."""

from django.dispatch import Signal

# user: User; changes: dict of camelCase name -> value (None: back to the default). Only what really changed.
user_settings_changed = Signal()
# user: User; nothing issued to them before now lets them in, or nothing at all does.
user_locked_out = Signal()
# export: DataExport; somebody wants a copy of what is kept about them.
export_requested = Signal()
# user: User; their account is locked and all that is theirs is to be removed.
person_leaves = Signal()
