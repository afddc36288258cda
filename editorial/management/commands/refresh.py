"""Bring live pages up to date with changed links, organisations and categories."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from editorial.link_health.in_texts import finish_pending


class Command(BaseCommand):
    help = (
        "Bring live pages up to date with links, organizations and categories changed in the admin."
    )

    def handle(self, *args: object, **options: object) -> None:
        jobs, pages = finish_pending()
        done = ngettext("%(jobs)d job done", "%(jobs)d jobs done", jobs) % {"jobs": jobs}
        changed = ngettext("%(pages)d page changed", "%(pages)d pages changed", pages)
        self.stdout.write(f"{done}, {changed % {'pages': pages}}.")
