from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Reports and records")
    default_auto_field = "django.db.models.BigAutoField"
