"""Bring the search index in line with what is live, or say where it is not."""

from django.core.management.base import BaseCommand, CommandError

from search.entries import drift, rebuild


class Command(BaseCommand):
    help = "Derive the search index from the live editions anew. Readers and editors can go on."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit status 1 when the index differs from what is live",
        )

    def handle(self, *, check: bool, **options: object) -> None:
        if not check:
            self.stdout.write(f"The search index was rebuilt; {rebuild()} topics were out of line.")
            return
        found = drift()
        if found:
            languages = ", ".join(found.languages) or "none"
            raise CommandError(
                f"{len(found.topics)} topics are out of line, languages with another index: "
                f"{languages}. Run rebuild_search."
            )
        self.stdout.write("The search index says what is live.")
