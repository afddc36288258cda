"""The parts of a topic's working copy: sections, names, groups, related topics and links."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from resources.models import ADDRESS_MAX_LENGTH, TITLE_MAX_LENGTH, Resource, validate_address

from .topic import HealthTopic, TopicGroup, TopicLanguage


class TopicSection(models.Model):
    """One section of the summary in both languages side by side.

    A language that lacks the section has no position in it, so reordering English leaves Spanish
    alone. A section without a level is the lead: the text before the first heading.
    """

    topic = models.ForeignKey(HealthTopic, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField(_("position"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(
        _("level"),
        null=True,
        blank=True,
        choices=[(2, _("Heading 2")), (3, _("Heading 3")), (4, _("Heading 4"))],
    )
    heading = models.TextField(_("heading"), blank=True)
    body = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.heading_en or self.heading_es or ""


class TopicName(models.Model):
    """Another name of the topic: shown under the title, or only a way in from the A–Z list."""

    class Kind(models.TextChoices):
        ALSO_CALLED = "also-called", _("Also called")
        SEE_REFERENCE = "see-reference", _("See reference")

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="names"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=TITLE_MAX_LENGTH)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["kind", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a topic, in one language, stands in a group."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="memberships"
    )
    group = models.ForeignKey(
        TopicGroup, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("group")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    recorded = models.JSONField(
        null=True,
        editable=False,
        help_text="Number, name and address of the group as the source's record gives them.",
    )

    class Meta:
        verbose_name = _("group of a topic")
        verbose_name_plural = _("groups of a topic")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "group"], name="a_group_once_a_topic_language"
            )
        ]

    def __str__(self) -> str:
        return str(self.group)


class RelatedTopic(models.Model):
    """A pointer to another topic: by row once it is here, by number or address until then."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="related"
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    number = models.BigIntegerField(_("number"), null=True, db_index=True, editable=False)
    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH, blank=True, editable=False)
    url = models.CharField(
        _("address"),
        max_length=ADDRESS_MAX_LENGTH,
        blank=True,
        validators=[validate_address],
        editable=False,
    )
    target = models.ForeignKey(
        TopicLanguage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="pointed_at_by",
        verbose_name=_("topic"),
    )

    class Meta:
        verbose_name = _("related topic")
        verbose_name_plural = _("related topics")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target__isnull=False)
                | models.Q(number__isnull=False)
                | ~models.Q(url=""),
                name="related_topic_points_somewhere",
            )
        ]

    def __str__(self) -> str:
        return str(self.target) if self.target_id else self.title


class TextAddress(models.Model):
    """That the texts of a working copy lead readers to an address outside (docs/adr/0016).

    Derived from the texts whenever they are stored; never edited by itself.
    """

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="text_addresses"
    )
    digest = models.CharField(max_length=64, editable=False)
    address = models.CharField(_("address"), max_length=ADDRESS_MAX_LENGTH, editable=False)

    class Meta:
        verbose_name = _("address in a text")
        verbose_name_plural = _("addresses in texts")
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "topic_language"], name="an_address_once_in_a_text"
            )
        ]

    def __str__(self) -> str:
        return self.address


class Placement(models.Model):
    """That a link stands on the page of a topic in one language, and in which sections.

    The `own_…` fields hold what this page says differently from the shared link; None means
    “as the link says”, an empty value means “nothing”.
    """

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="placements"
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="placements", verbose_name=_("link")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    categories = models.JSONField(
        _("sections"), default=list, help_text=_("Keys of the information categories, in order.")
    )
    own_title = models.CharField(
        _("title on this page"), max_length=TITLE_MAX_LENGTH, null=True, blank=True
    )
    own_url = models.CharField(
        _("address on this page"),
        max_length=ADDRESS_MAX_LENGTH,
        null=True,
        blank=True,
        validators=[validate_address],
    )
    own_mapped_url = models.CharField(
        _("address in the other language, on this page"),
        max_length=ADDRESS_MAX_LENGTH,
        null=True,
        blank=True,
    )
    own_organizations = models.JSONField(_("organizations on this page"), null=True, blank=True)
    own_descriptions = models.JSONField(_("descriptions on this page"), null=True, blank=True)

    class Meta:
        verbose_name = _("link on a topic page")
        verbose_name_plural = _("links on a topic page")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.own_title or str(self.resource)


class OtherLanguage(models.Model):
    """A pointer to material on the topic in a further language, such as Somali."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="other_languages"
    )
    name = models.CharField(_("language"), max_length=TITLE_MAX_LENGTH)
    vernacular_name = models.CharField(
        _("its own name"), max_length=TITLE_MAX_LENGTH, null=True, blank=True
    )
    url = models.CharField(
        _("address"),
        max_length=ADDRESS_MAX_LENGTH,
        null=True,
        blank=True,
        validators=[validate_address],
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("other language")
        verbose_name_plural = _("other languages")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
