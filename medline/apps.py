from django.apps import AppConfig


class MedlineConfig(AppConfig):
    name = "medline"

    def ready(self):
        # Models may be imported only now.
        from topics import site  # noqa: PLC0415

        from .pagecache import cdn  # noqa: PLC0415

        site.listeners.append(cdn.purge_after_commit)
