"""That somebody who knows the subject looked at what is public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .edition import Edition
from .topic import TopicLanguage


class Review(models.Model):
    """One review of a live edition: who, in which role, when, what was checked, with what result.

    Append-only by a database trigger, so that it stays evidence.
    """

    class Result(models.TextChoices):
        """What the reviewer found. Only the first makes the page count as reviewed."""

        KEEP = "keep", _("It can stay as it is")
        CHANGE = "change", _("It has to be changed")

    class Check(models.TextChoices):
        """What a reviewer can have looked at."""

        FACTS = "facts", _("The facts are right and current")
        NUMBERS = "numbers", _("Numbers and doses")
        PLAIN = "plain", _("It is easy to understand")
        LINKS = "links", _("The links fit and work")
        TRANSLATION = "translation", _("It says the same in both languages")

    topic_language = models.ForeignKey(
        TopicLanguage,
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name=_("topic in one language"),
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("edition")
    )
    day = models.DateField(_("day of the review"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    role = models.CharField(_("role"), max_length=100)
    checked = models.JSONField(_("what was checked"), default=list)
    result = models.CharField(_("result"), max_length=10, choices=Result)
    note = models.TextField(_("note"), blank=True)
    next_review = models.DateField(_("next review due"), null=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-day", "-pk"]
        # Nobody changes or deletes what was found.
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(result="change", next_review=None)
                | Q(result="keep", next_review__gt=models.F("day")),
                name="what_can_stay_is_due_again_later",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.day}"

    @property
    def checks(self) -> list[str]:
        """What was checked, in words."""
        return [str(label) for key, label in self.Check.choices if key in self.checked]
