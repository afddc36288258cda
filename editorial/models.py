"""What editors work on that is neither a topic nor a part of one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from resources.models import TITLE_MAX_LENGTH, Language
from topics.models import TopicLanguage


class ProblemReport(models.Model):
    """What a reader reported about a page. Nothing of it says who the reader is."""

    class Kind(models.TextChoices):
        WRONG = "wrong", _("Something is wrong or out of date")
        UNCLEAR = "unclear", _("Something is hard to understand")
        LINK = "link", _("A link does not work")
        LANGUAGE = "language", _("Something is badly translated")
        ACCESS = "access", _("I cannot read or use the page")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("New")
        HANDLED = "handled", _("Handled")
        SPAM = "spam", _("Spam")

    language = models.CharField(_("language"), max_length=10, choices=Language)
    path = models.CharField(
        _("page"), max_length=255, blank=True, help_text=_("Empty: the site as a whole.")
    )
    topic_language = models.ForeignKey(
        TopicLanguage,
        null=True,
        on_delete=models.SET_NULL,
        related_name="problem_reports",
        verbose_name=_("topic in one language"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    words = models.TextField(_("what the reader wrote"))
    sent_at = models.DateTimeField(_("sent"), db_index=True)
    form = models.CharField(
        max_length=32, unique=True, help_text="Of the form it was sent with, which counts once."
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    note = models.TextField(
        _("note"), blank=True, help_text=_("For your colleagues: what was done about it.")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("handled by"),
    )
    settled_at = models.DateTimeField(_("handled"), null=True, editable=False)

    class Meta:
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        ordering = ["-sent_at", "-pk"]
        # Readers add them, and nobody else.
        default_permissions = ("view", "change", "delete")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", settled_at=None, settled_by=None)
                | Q(~Q(state="new"), settled_at__isnull=False, settled_by__isnull=False),
                name="a_settled_report_says_when_and_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.path or '/'}"


class Preference(models.Model):
    """What a person of the desk chose for herself: the language in which the desk writes to her."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.language}"


class Reminder(models.Model):
    """The one mail that a person gets on a day about reviews that are due.

    The row is made before the mail is sent: whoever makes it sends, so that of several machines
    one does. `claimed_at` is None when sending failed and the next run may try.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_reminders"
    )
    day = models.DateField(_("day"))
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    trouble = models.TextField(_("why it was not sent"), blank=True)

    class Meta:
        verbose_name = _("review reminder")
        verbose_name_plural = _("review reminders")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="one_reminder_a_person_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Act(models.Model):
    """Who did what to which topic and language, when and from where; insert-only (topics/triggers).

    The topic is named by its key and its title at that time, so that the row outlives it; acts on
    what both languages share name no language. A row may be deleted once its day has passed, and
    never changed.
    """

    class What(models.TextChoices):
        TEXT = "text", _("Text saved")
        LINKS = "links", _("Links saved")
        STARTED = "started", _("Language begun")
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        WENT_LIVE = "went live", _("Went live as scheduled")
        CALLED_OFF = "schedule cancelled", _("Schedule called off")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CORRECTED = "withdrawal corrected", _("Withdrawal corrected")
        RESTORED = "restored", _("Restored")
        REVIEWED = "reviewed", _("Reviewed")
        LINK_MADE = "private link made", _("Private link made")
        LINK_REVOKED = "private link revoked", _("Private link revoked")
        OWNER = "owner set", _("Owner of the review set")
        TAGGED = "tag added", _("Tag added")
        REPLACED = "address replaced", _("Link replaced everywhere")
        LOOK_ASKED = "look asked", _("Another look at a link asked for")
        VOUCHED = "link vouched for", _("Link looked at and found fine")
        OWNERS = "topic owners set", _("Owners of the topic set")
        MERGED = "merged", _("Another topic merged into it")
        LED_ANEW = "related changed", _("Related topic changed by a merge")
        MOVED = "moved", _("Moved to another topic")
        LEFT = "merged away", _("Merged into another topic")
        IMPORTED = "imported", _("File imported")
        SETTLED = "conflict settled", _("Conflict with the source settled")
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        OTHER = "other", _("Something else")

    at = models.DateTimeField(_("when"), db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    what = models.CharField(_("what"), max_length=30, choices=What)
    detail = models.CharField(_("details"), max_length=500, blank=True)
    topic_key = models.BigIntegerField(null=True, db_index=True)
    topic_language_key = models.BigIntegerField(null=True, db_index=True)
    topic = models.CharField(_("topic"), max_length=TITLE_MAX_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    keep_until = models.DateField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.topic}"
