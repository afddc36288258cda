"""What is to go live by itself, at a date and time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .edition import Edition
from .public import ADDRESS_TAKEN
from .topic import TopicLanguage

# So long the command that runs every minute may take before anybody is worried.
LATE = timedelta(minutes=5)
# How `trouble` begins where the address is in use by something else; the address follows.
TAKEN = "address taken"
# What `trouble` says of a translation whose original did not go live.
ORIGINAL_WAITS = "original waits"
# And of one whose original will not go live, because somebody called it off or withdrew the page.
ORIGINAL_GONE = "original called off"


def is_late(due_at: datetime) -> bool:
    """Whether what waits for this moment should have gone live long enough ago."""
    return due_at < timezone.now() - LATE


class ScheduledEdition(models.Model):
    """The text of a topic in one language as it was when somebody set a date for it.

    It becomes an edition only when it goes live (docs/adr/0008). The row stays afterwards and says
    what became of it.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        LIVE = "live", _("Went live")
        CANCELLED = "cancelled", _("Called off")
        REPLACED = "replaced", _("Replaced: another date was set")
        OVERTAKEN = "overtaken", _("Called off: another edition was published meanwhile")
        WITHDRAWN = "withdrawn", _("Called off: the page was withdrawn meanwhile")

    topic_language = models.ForeignKey(
        TopicLanguage,
        on_delete=models.CASCADE,
        related_name="scheduled",
        verbose_name=_("topic"),
    )
    document = models.TextField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    note = models.TextField(_("reason"), blank=True)
    due_at = models.DateTimeField(_("goes live"))
    made_from = models.ForeignKey(
        Edition,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The other language's edition that was live then, of which this is a translation.",
    )
    together_with = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The scheduled edition of the other language of which this is a translation.",
    )
    created_at = models.DateTimeField(_("scheduled"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("scheduled by"),
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edition = models.ForeignKey(
        Edition, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    # In the words of the machine, which the command writes; `why_not_live` has those for people.
    trouble = models.TextField(_("why it did not go live so far"), blank=True)

    class Meta:
        verbose_name = _("scheduled edition")
        verbose_name_plural = _("scheduled editions")
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language"],
                condition=Q(outcome="waiting"),
                name="one_edition_waits_a_topic_language",
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", ended_at__isnull=True)
                | (~Q(outcome="waiting") & Q(ended_at__isnull=False)),
                name="what_waits_has_not_ended",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(outcome="live"),
                name="only_what_went_live_is_an_edition",
            ),
        ]
        indexes = [models.Index(fields=["outcome", "due_at"])]

    @classmethod
    def overdue(cls) -> Q:
        """The condition for rows that should have gone live, although the command runs every minute."""
        return Q(outcome=cls.Outcome.WAITING, due_at__lt=timezone.now() - LATE)

    @property
    def why_not_live(self) -> str:
        """Why it did not go live so far, in the active language; empty where nothing hindered it."""
        if self.trouble == ORIGINAL_WAITS:
            return str(_("The original, with which it goes live, did not go live yet."))
        if self.trouble == ORIGINAL_GONE:
            return str(
                _(
                    "The original, with which it was to go live, was called off or withdrawn. "
                    "Set a date for the original again, publish this by hand, or call it off."
                )
            )
        kind, _colon, address = self.trouble.partition(": ")
        return ADDRESS_TAKEN % {"address": address} if kind == TAKEN else self.trouble

    @property
    def is_overdue(self) -> bool:
        """Whether it should have gone live by now."""
        return self.outcome == self.Outcome.WAITING and is_late(self.due_at)

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.due_at:%Y-%m-%d %H:%M}"
