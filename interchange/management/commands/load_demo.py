"""Load the demonstration topics."""

from django.core.management.base import BaseCommand, CommandError

from interchange import demonstration
from interchange.sync import Busy


class Command(BaseCommand):
    help = "Load the demonstration: topics on leukemia and what it links to, in both languages."

    def handle(self, *args, **options) -> None:
        try:
            report = demonstration.load()
        except Busy as error:
            raise CommandError(str(error)) from error
        if not (report.created or report.updated):
            self.stdout.write("The demonstration is loaded already; nothing was changed.")
            return
        self.stdout.write(f"The demonstration is loaded: {report.created} pages made, ", ending="")
        self.stdout.write(f"{report.updated} renewed. python manage.py remove_demo removes it.")
        for refusal in report.refusals:
            self.stdout.write(f"Left out: {refusal.reason}")
