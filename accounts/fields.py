"""Model fields of people. Knows nothing of the models that use them."""

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.rules import normalize_email

if TYPE_CHECKING:
    EmailField = models.EmailField[str, str]
else:
    EmailField = models.EmailField


class LowerCaseEmailField(EmailField):
    """An e-mail address that is stripped and lower-cased wherever it enters: forms, saves and look-ups."""

    def to_python(self, value: Any) -> Any:
        return _normalized(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return _normalized(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = _normalized(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


def _normalized(value: Any) -> Any:
    return normalize_email(value) if isinstance(value, str) else value
