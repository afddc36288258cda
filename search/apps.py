from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models may be imported only now. post_migrate also follows the flush of a test database.
        from topics import publishing  # noqa: PLC0415

        from . import entries, sqlite  # noqa: PLC0415

        post_migrate.connect(sqlite.install_triggers, sender=self)
        publishing.listeners.append(entries.index)
