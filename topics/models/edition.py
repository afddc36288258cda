"""What was published: editions never change, events are only added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from resources.models import ADDRESS_MAX_LENGTH, validate_address

from .topic import TopicLanguage


class Origin(models.TextChoices):
    """Where an edition came from."""

    HUMAN = "human", _("Editor")
    IMPORT = "import", _("Import")
    MACHINE = "machine", _("Machine")
    REFRESH = "refresh", _("Refresh of a shared link")
    DEMONSTRATION = "demo", _("Demonstration")


class Draft(models.Model):
    """A snapshot of the working copy at one save, kept for undo and as the base of merges."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="drafts"
    )
    document = models.TextField()
    created_at = models.DateTimeField(_("saved"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["topic_language", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.created_at:%Y-%m-%d %H:%M}"


class Edition(models.Model):
    """One topic in one language as published: numbered, complete evidence, insert-only.

    A database trigger refuses every UPDATE, and every DELETE but that of a demonstration.
    """

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.PROTECT, related_name="editions"
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    slug = models.CharField(_("address"), max_length=200)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(
        max_length=64,
        editable=False,
        help_text="Of the words that a translator translates (editions.descent).",
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    created_at = models.DateTimeField(_("published"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )
    note = models.TextField(_("reason"), blank=True)
    made_from = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made from the edition"),
        help_text=_("The other language's edition that this one translates."),
    )
    content_changed_at = models.DateTimeField(
        _("content last changed"),
        help_text="As created_at, but a refresh of a shared link keeps its predecessor's.",
    )

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "number"], name="an_edition_number_once"
            )
        ]
        indexes = [models.Index(fields=["-content_changed_at"])]

    def __str__(self) -> str:
        return f"{self.title} #{self.number}"


class PublicationEvent(models.Model):
    """That a topic, in one language, went live, was scheduled or was withdrawn; append-only.

    What is scheduled is no edition yet, so those two kinds have none.

    `sent_to` says where readers of a withdrawn page were sent from then on, as a path of that day;
    empty: nowhere, they were told the reason. None where nothing was withdrawn, and where it was
    before this was recorded. Of such a withdrawal, a correction first notes it in an event of its own.
    """

    class Kind(models.TextChoices):
        LIVE = "live", _("Went live")
        SCHEDULED = "scheduled", _("Scheduled")
        CANCELLED = "cancelled", _("Called off")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NOTED = "noted", _("Noted how it was")
        CORRECTED = "corrected", _("Withdrawal corrected")

    # After these, readers see something else at the address.
    PUBLIC = (Kind.LIVE, Kind.WITHDRAWN, Kind.CORRECTED)

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    sent_to = models.CharField(_("where readers were sent"), max_length=255, null=True)

    class Meta:
        verbose_name = _("publication event")
        verbose_name_plural = _("publication events")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class AddressChange(models.Model):
    """That an address was replaced by another one wherever it stood; what a refresh job does."""

    old = models.CharField(_("old address"), max_length=ADDRESS_MAX_LENGTH)
    new = models.CharField(
        _("new address"), max_length=ADDRESS_MAX_LENGTH, validators=[validate_address]
    )
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("replaced address")
        verbose_name_plural = _("replaced addresses")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old=models.F("new")), name="a_replaced_address_differs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class RefreshJob(models.Model):
    """That a shared thing changed and the live pages which embed it have to be brought up to date."""

    class Kind(models.TextChoices):
        RESOURCE = "resource", _("Link")
        ORGANIZATION = "organization", _("Organization")
        CATEGORY = "category", _("Information category")
        ADDRESS = "address", _("Address replaced everywhere")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("asked for"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    last_done = models.BigIntegerField(
        default=0, help_text="The highest TopicLanguage key done: where to resume."
    )
    changed = models.PositiveIntegerField(_("pages changed"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("refresh job")
        verbose_name_plural = _("refresh jobs")
        indexes = [models.Index(fields=["finished_at", "id"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.object_id}"
