"""What people at their desks have open, have typed and wrote; never public, and of short life."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .topic import TopicLanguage


class DeskPage(models.TextChoices):
    """A page on which one language of a topic is edited."""

    TEXT = "text", _("text")
    LINKS = "links", _("links")


class UnsavedText(models.Model):
    """What a person typed into a form and has not saved yet; hers alone."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="unsaved_texts"
    )
    page = models.CharField(_("page"), max_length=10, choices=DeskPage)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsaved_texts"
    )
    opening = models.CharField(
        max_length=40, help_text="Names one loaded form: two windows are kept apart."
    )
    posted = models.TextField(
        help_text="All fields as a browser posts them; empty once they are saved or thrown away."
    )
    kept_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "person", "page", "opening"],
                name="an_unsaved_text_once_an_opening",
            )
        ]
        indexes = [models.Index(fields=["kept_at"])]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.page} {self.kept_at:%Y-%m-%d %H:%M}"


class OpenPage(models.Model):
    """That a person has a page open in a browser, which says so as long as it is."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="open_pages"
    )
    page = models.CharField(_("page"), max_length=10, choices=DeskPage)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="open_pages"
    )
    opened_at = models.DateTimeField(_("opened"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("open page")
        verbose_name_plural = _("open pages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "person", "page"], name="an_open_page_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.page} {self.person_id}"


class TopicWriter(models.Model):
    """That a person wrote in a topic in one language since what is live now.

    Whoever changed what readers would see wrote, which a new owner or address does not.
    """

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="writers"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("last wrote"))

    class Meta:
        verbose_name = _("writer of a topic")
        verbose_name_plural = _("writers of topics")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "by"], name="a_writer_once_a_topic_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.by_id}"
