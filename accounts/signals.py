"""What higher layers may want to hear about people; sent after the transaction committed."""

from django.dispatch import Signal

# user: User; changes: dict of camelCase name -> value (None: back to the default). Only what really changed.
user_settings_changed = Signal()
