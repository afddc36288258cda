"""Send the mails that remind of reviews."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.reviewing.reminders import send_reminders


class Command(BaseCommand):
    help = (
        "Remind people by mail of the reviews they own: one mail a person every REMINDER_DAYS days. "
        "Run it once a day or more often, on as many machines as you like. What cannot be sent is "
        "told; a mail that failed makes the exit status 1 and is tried again at the next run."
    )

    def handle(self, *args: object, **options: object) -> None:
        if not settings.CAN_MAIL:
            raise CommandError(_("EMAIL_URL is not set, so no mail can be sent."))
        failed = 0
        for outcome in send_reminders(localdate()):
            pages = ngettext("%(count)d page due", "%(count)d pages due", outcome.topics)
            line = f"{outcome.person}: {pages % {'count': outcome.topics}}"
            failed += outcome.failed
            if outcome.trouble:
                not_sent = _("not sent: %(why)s") % {"why": outcome.trouble}
                self.stderr.write(f"{line}; {not_sent}")
            else:
                self.stdout.write(line)
        if failed:
            raise CommandError(_("Some mails could not be sent; they are tried again."))
