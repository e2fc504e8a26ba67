"""What follows from a person being made."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import User
from accounts.services import trust_address


@receiver(post_save, sender=User, dispatch_uid="trust_superusers")
def trust_superusers(instance: User, created: bool, **_: Any) -> None:
    """An operator made on the command line needs no mail to prove the address."""
    if created and instance.is_superuser:
        trust_address(user=instance)
