"""What higher layers want to hear about inspectors; sent after the transaction committed."""

from django.dispatch import Signal

recording_changed = Signal()  # user: User, app: App, is_recorded: bool
