"""Load the demonstration topics."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interchange import demonstration
from interchange.sync import Busy
from topics.models import HealthTopic


class Command(BaseCommand):
    help = "Load the demonstration: topics on leukemia and what it links to, in both languages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is any topic already"
        )

    def handle(self, *args, **options) -> None:
        if options["if_empty"] and HealthTopic.objects.exists():
            return
        try:
            report = demonstration.load()
        except Busy as error:
            raise CommandError(str(error)) from error
        if not (report.created or report.updated):
            self.stdout.write(
                "Its topics, or others in their place, are here already; nothing changed."
            )
            return
        self.stdout.write(f"The demonstration is loaded: {report.created} pages made, ", ending="")
        self.stdout.write(f"{report.updated} renewed. python manage.py remove_demo removes it.")
        for refusal in report.refusals:
            self.stdout.write(f"Left out: {refusal.reason}")
