"""Export the live site as health-topic XML."""

from contextlib import nullcontext

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from interchange.export import NAMINGS, NotWritten, export_groups, export_topics, whole_file, zipped


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
        now, names = timezone.localtime(), {"addresses": options["addresses"]}
        packed = zipped if options["zip"] else lambda file, _now: nullcontext(file)
        try:
            with translation.override("en"):
                with whole_file(options["output"]) as file, packed(file, now) as out:
                    verbatim = not options["no_verbatim"]
                    count = export_topics(out, generated=now, verbatim=verbatim, **names)
                if options["groups"]:
                    with whole_file(options["groups"]) as out:
                        export_groups(out, generated=now, **names)
        except NotWritten as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{count:,} topics written.")
