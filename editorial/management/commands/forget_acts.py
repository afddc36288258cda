"""Delete what the record of acts need not keep any longer."""

from django.core.management.base import BaseCommand

from editorial.audit import forget_old_acts


class Command(BaseCommand):
    help = (
        "Delete rows of “who did what” that are older than AUDIT_DAYS at the time they were made."
    )

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{forget_old_acts()} rows deleted")
