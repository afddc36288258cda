"""Let go live what was scheduled and is due."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.audit import note_act
from topics.editions.scheduling import publish_due
from topics.models import ScheduledEdition


class Command(BaseCommand):
    help = (
        "Let scheduled editions that are due go live. Run it every minute, on as many machines as "
        "you like. What fails stays scheduled and makes the exit status 1."
    )

    def handle(self, *args: object, **options: object) -> None:
        live = failed = 0
        for due in publish_due(note=_note):
            topic = str(due.scheduled.topic_language)
            if due.edition:
                live += 1
                sentence = _("%(topic)s: edition %(number)d is live.")
                self.stdout.write(sentence % {"topic": topic, "number": due.edition.number})
            else:
                failed += 1
                self.stderr.write(f"{topic}: {due.scheduled.why_not_live}")
        if failed:
            sentence = ngettext(
                "%(count)d scheduled edition did not go live; it is tried again at the next run.",
                "%(count)d scheduled editions did not go live; they are tried again at the next run.",
                failed,
            )
            raise CommandError(sentence % {"count": failed})


def _note(scheduled: ScheduledEdition) -> None:
    edition = f"edition {scheduled.edition.number}" if scheduled.edition else ""
    note_act("went live", scheduled.topic_language, by=scheduled.created_by, detail=edition)
