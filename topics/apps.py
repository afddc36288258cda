from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from . import triggers


class TopicsConfig(AppConfig):
    name = "topics"
    verbose_name = _("Topics and pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models may be imported only now. post_migrate also follows the flush of a test database.
        from resources.linkcheck.sources import sources  # noqa: PLC0415

        from .vocabulary import fill_vocabulary  # noqa: PLC0415
        from .working_copy.places import own_addresses  # noqa: PLC0415

        sources.append(own_addresses)
        pre_migrate.connect(triggers.remove, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(fill_vocabulary, sender=self)
