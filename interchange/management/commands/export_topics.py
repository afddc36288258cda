"""Export the live site as health-topic XML."""

from contextlib import nullcontext

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from interchange.export import NAMINGS, export_groups, export_topics, whole_file, zipped


class Command(BaseCommand):
    help = "Export every live topic in the health-topic XML format."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--output", required=True, metavar="FILE|-", help="where to write the topics")
        add("--zip", action="store_true", help="write a zip with the file in it")
        add("--groups", metavar="FILE", help="where to write the groups file, if anywhere")
        add(
            "--addresses", choices=NAMINGS, default="upstream", help="of the source or of this site"
        )
        add("--no-verbatim", action="store_true", help="write even untouched summaries cleaned")

    def handle(self, *args, **options) -> None:
        try:
            count = self.export(options)
        except OSError as error:
            raise CommandError(f"The export could not be written: {error}.") from error
        self.stderr.write(f"{count:,} topics written.")

    def export(self, options: dict) -> int:
        names, now = options["addresses"], timezone.localtime()
        verbatim = not options["no_verbatim"]
        with (
            translation.override("en"),
            whole_file(options["output"]) as file,
            zipped(file, now) if options["zip"] else nullcontext(file) as out,
        ):
            count = export_topics(out, generated=now, addresses=names, verbatim=verbatim)
        if options["groups"]:
            with translation.override("en"), whole_file(options["groups"]) as out:
                export_groups(out, generated=now, addresses=names)
        return count
