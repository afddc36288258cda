"""What the importer remembers: each record as it came, and each run that changed something."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from topics.models import Origin, TopicLanguage


class ImportRun(models.Model):
    """One run of the importer that had something to do. At most one is running at a time."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Broken off")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.IMPORT)
    file_name = models.CharField(_("file"), max_length=300)
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64)
    date_generated = models.CharField(_("made at the source"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("started"))
    heartbeat_at = models.DateTimeField(_("last sign of life"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    counts = models.JSONField(_("counts"), default=dict)
    refusals = models.JSONField(_("refused records"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    host = models.CharField(max_length=255, blank=True, editable=False)
    process = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="running"), name="one_import_at_a_time"
            )
        ]

    def __str__(self) -> str:
        started = date_format(timezone.localtime(self.started_at), "DATETIME_FORMAT")
        return f"{self.file_name}, {started}"


class UpstreamRecord(models.Model):
    """The record from which a topic in one language was imported: the base of the next merge.

    Texts are verbatim and inert: the exporter and the merge read them, and the admin shows them as
    text; nothing ever puts them on a page as HTML.
    The small columns stand first, so that a plan reads them without the texts.
    """

    topic_language = models.OneToOneField(
        TopicLanguage,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="upstream",
        verbose_name=_("topic"),
    )
    record_digest = models.CharField(
        max_length=64, help_text="SHA-256 of the record's canonical XML, as last taken in."
    )
    pending_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the newer record that conflicts with edits made here.",
    )
    pending_document_digest = models.CharField(
        max_length=64, blank=True, help_text="Content digest of what that newer record says."
    )
    mapped_number = models.BigIntegerField(
        null=True, help_text="Number of the other language's record, as the record names it."
    )
    document_digest = models.CharField(
        max_length=64,
        help_text="Content digest of what the record says.",
    )
    structure_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="Structure digest of what the import stored; empty when it stored nothing.",
    )
    summary_digest = models.CharField(
        max_length=64, help_text="Of the record's summary and attribution alone."
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.IMPORT)
    imported_at = models.DateTimeField(_("imported"))
    run = models.ForeignKey(
        ImportRun,
        null=True,
        on_delete=models.SET_NULL,
        related_name="records",
        verbose_name=_("import run"),
    )
    notes = models.JSONField(_("notes"), default=list)
    record = models.TextField(_("record"))
    pending_record = models.TextField(_("newer record that conflicts"), blank=True)

    class Meta:
        verbose_name = _("upstream record")
        verbose_name_plural = _("upstream records")

    def __str__(self) -> str:
        return str(self.topic_language)
