"""Remove the demonstration topics."""

from django.core.management.base import BaseCommand

from interchange import demonstration


class Command(BaseCommand):
    help = "Remove the demonstration topics that nobody edited, and all that only they used."

    def handle(self, *args, **options) -> None:
        removed, kept = demonstration.remove()
        self.stdout.write(f"{removed} topics of the demonstration were removed.")
        for sentence in kept:
            self.stdout.write(sentence)
