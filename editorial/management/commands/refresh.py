"""Bring live pages up to date with changed links, organisations and categories."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from topics.refresh import run_pending


class Command(BaseCommand):
    help = (
        "Bring live pages up to date with links, organizations and categories changed in the admin."
    )

    def handle(self, *args: object, **options: object) -> None:
        jobs, pages = run_pending()
        done = ngettext("%(jobs)d job done", "%(jobs)d jobs done", jobs) % {"jobs": jobs}
        changed = ngettext("%(pages)d page changed", "%(pages)d pages changed", pages)
        self.stdout.write(f"{done}, {changed % {'pages': pages}}.")
