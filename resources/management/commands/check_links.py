"""Look whether the links still answer."""

import signal
import sys

from django.core.management.base import BaseCommand, CommandParser

from resources.linkcheck import telling
from resources.linkcheck.running import check_links


class Command(BaseCommand):
    help = (
        "Look whether links still answer. Exit status: 0 done, 1 no site answers, 143 broken off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name, options in telling.OPTIONS.items():
            parser.add_argument(name, **options)

    def handle(self, *args: object, **options: object) -> None:
        # A scheduler ends programs with this signal; what was found is then written first.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        wanted = telling.wanted(older_than=options["older_than"], host=options["host"])
        if options["dry_run"]:
            self.stdout.write(telling.in_turn(wanted))
            return
        counter = telling.Counter(sys.stderr)
        try:
            report = check_links(wanted, limit=options["limit"], progress=counter)
        finally:
            counter.close()
        self.stdout.write("\n".join(telling.lines(report)))
        if report.offline:
            sys.exit(1)
