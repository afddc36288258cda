"""Mails that remind people of the reviews they own: one mail a person, every so many days.

`send_reminders` may run at any time, on any number of machines. Whoever makes the row of a person
and a day sends that mail; the row cannot be made twice. A process that is killed between making the
row and noting that the mail went out leaves a claim, which another run takes over after an hour; so
in that one case a person may get the mail twice, and never none.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import Preference, Reminder
from editorial.states import who
from resources.models import Language
from topics.editions.reviewing import due_by
from topics.models import Installation, TopicLanguage

SOON = timedelta(days=14)
CLAIM_ENDS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person's mail: sent, or the trouble that kept it back."""

    person: str
    topics: int
    trouble: str = ""
    failed: bool = False


def send_reminders(today: date) -> Iterator[Outcome]:
    """Send what is to be sent, and say what was sent and what could not be.

    Nothing is said of people who had their mail within the last `REMINDER_DAYS` days.
    """
    waiting: dict[User | None, list[TopicLanguage]] = defaultdict(list)
    for row in due_by(today + SOON):
        waiting[row.review_owner].append(row)
    ownerless = waiting.pop(None, [])
    for person, rows in waiting.items():
        if not (person.is_active and person.is_staff):
            yield Outcome(who(person), len(rows), _("does not work here any more"))
        elif not person.email:
            yield Outcome(who(person), len(rows), _("has no mail address"))
        elif outcome := _remind(person, rows, today):
            yield outcome
    if ownerless:
        yield Outcome(_("Nobody"), len(ownerless), _("they have no owner"))


def _remind(person: User, rows: list[TopicLanguage], today: date) -> Outcome | None:
    """Send one person's mail, unless she had one lately or another process is at it."""
    since = today - timedelta(days=settings.REMINDER_DAYS)
    if Reminder.objects.filter(person=person, day__gt=since, sent_at__isnull=False).exists():
        return None
    claim = _claim(person, today)
    if claim is None:
        return None
    try:
        mail_for(person, rows, today).send()
    except (SMTPException, OSError) as error:
        # The claim is given back, so that the next run tries again.
        Reminder.objects.filter(pk=claim.pk).update(claimed_at=None, trouble=str(error))
        return Outcome(who(person), len(rows), str(error), failed=True)
    Reminder.objects.filter(pk=claim.pk).update(sent_at=timezone.now(), trouble="")
    return Outcome(who(person), len(rows))


def _claim(person: User, today: date) -> Reminder | None:
    """Today's row for a person if this process may send; None when another one has it."""
    now = timezone.now()
    row, made = Reminder.objects.get_or_create(
        person=person, day=today, defaults={"claimed_at": now}
    )
    if made:
        return row
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_ENDS)
    taken = Reminder.objects.filter(free, pk=row.pk, sent_at=None).update(claimed_at=now)
    return row if taken else None


def mail_for(person: User, rows: list[TopicLanguage], today: date) -> EmailMessage:
    """The mail, as plain text in the person's language."""
    chosen = Preference.objects.filter(user=person).values_list("language", flat=True).first()
    language = chosen or settings.LANGUAGE_CODE
    installation = Installation.objects.filter(pk=1).first()
    site = (installation and getattr(installation, f"name_{language}")) or settings.SITE_URL
    with translation.override(language):
        subject = ngettext(
            "%(site)s: %(count)d page waits for your review",
            "%(site)s: %(count)d pages wait for your review",
            len(rows),
        ) % {"site": site, "count": len(rows)}
        lines = [
            _("Hello %(name)s,") % {"name": who(person)},
            "",
            _("these pages are to be reviewed, the longest overdue first:"),
            "",
            *(line for row in rows for line in _lines(row, today)),
            _("You get this mail because you own their review. All that is due:"),
            settings.SITE_URL + reverse("admin:topics_reviews_due") + "?whose=mine",
        ]
    # A line break in a name would end the header.
    return EmailMessage(" ".join(subject.split()), "\n".join(lines), to=[person.email])


def _lines(row: TopicLanguage, today: date) -> list[str]:
    values = {
        "title": row.title or row.slug,
        "language": Language(row.language).label,
        "day": date_format(row.next_review, "DATE_FORMAT"),
    }
    if row.next_review <= today:
        line = _("- %(title)s (%(language)s), due since %(day)s") % values
    else:
        line = _("- %(title)s (%(language)s), due on %(day)s") % values
    address = reverse("admin:topics_topiclanguage_review", args=[row.pk])
    return [line, f"  {settings.SITE_URL}{address}", ""]
