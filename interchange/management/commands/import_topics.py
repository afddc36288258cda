"""Import a health-topic XML file."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interchange.progress import ProgressBar
from interchange.sync import Busy, import_file
from interchange.xml_prolog import FileRefused


class Command(BaseCommand):
    help = "Import a health-topic XML file (or a zip of one). Exit status: 0, 3 some refused, 1 none usable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FILE|URL|-", help="a file, an https: address, or - ")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, write nothing"
        )
        parser.add_argument(
            "--no-publish", action="store_true", help="leave everything unpublished"
        )

    def handle(self, *args, **options) -> None:
        bar = ProgressBar(sys.stderr)
        try:
            report = import_file(
                options["source"],
                publish=not options["no_publish"],
                dry_run=options["dry_run"],
                progress=bar,
            )
        except (FileRefused, Busy) as error:
            raise CommandError(str(error)) from error
        finally:
            bar.close()
        for line in report.lines():
            self.stdout.write(line)
        if report.exit_status:
            sys.exit(report.exit_status)
