from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class InterchangeConfig(AppConfig):
    name = "interchange"
    verbose_name = gettext_lazy("Exchange of data")
    default_auto_field = "django.db.models.BigAutoField"
