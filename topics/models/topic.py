"""The topic, its languages and the groups it belongs to: the edit side."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager, _TaggableManager
from taggit.models import ItemBase, TagBase

from resources.models import (
    ADDRESS_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    Language,
    address_digest,
    validate_address,
)

# Numbers below belong to whoever the content came from (MedlinePlus has reached 7,808); topics
# and groups made here get base + primary key, so that no number is ever given twice.
# The XML format needs no more than 32 bits.
LOCAL_NUMBER_BASE = 1_500_000_000

validate_slug = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]*(?:/[a-z0-9_-]+)*\Z",
    _("An address may hold only small letters without accents, digits, hyphens and underscores."),
)


class TopicGroup(models.Model):
    """A shelf of topics, such as “Cancers”; one row serves both languages."""

    class Family(models.TextChoices):
        BODY = "body", _("Body Location/Systems")
        DISORDERS = "disorders", _("Disorders and Conditions")
        DIAGNOSIS = "diagnosis", _("Diagnosis and Therapy")
        DEMOGRAPHIC = "demographic", _("Demographic Groups")
        WELLNESS = "wellness", _("Health and Wellness")

    number = models.BigIntegerField(
        _("number"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("The number that the XML format gives the group."),
    )
    name = models.CharField(_("name"), max_length=TITLE_MAX_LENGTH, blank=True)
    slug = models.CharField(_("address"), max_length=200, unique=True, validators=[validate_slug])
    family = models.CharField(
        _("family"),
        max_length=20,
        choices=Family,
        blank=True,
        help_text=_("The heading under which the group stands on the page of all groups."),
    )

    class Meta:
        verbose_name = _("topic group")
        verbose_name_plural = _("topic groups")

    def __str__(self) -> str:
        return self.name_en or self.name_es or self.slug


class TopicTag(TagBase):
    """An editor's own word for a set of topics; `name` is the neutral key, never shown in public."""

    label_en = models.CharField(_("English label"), max_length=100, blank=True)
    label_es = models.CharField(_("Spanish label"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")


class OneTagAWord(_TaggableManager):
    """Words that differ in nothing but capitals are one tag, also “Ácido” and “ácido”.

    The package leaves that to the database, and SQLite compares only letters without accents so.
    """

    def _to_tag_model_instances(self, tags, tag_kwargs):
        words = {tag.name.casefold(): tag for tag in TopicTag.objects.order_by("-pk")}
        known = [
            words.setdefault(tag.casefold(), tag) if isinstance(tag, str) else tag for tag in tags
        ]
        return super()._to_tag_model_instances(known, tag_kwargs)


class TaggedTopic(ItemBase):
    """That a topic bears a tag."""

    tag = models.ForeignKey(TopicTag, on_delete=models.CASCADE, related_name="tagged_topics")
    content_object = models.ForeignKey("HealthTopic", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("tagged topic")
        verbose_name_plural = _("tagged topics")
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="a_tag_once_a_topic")
        ]


class HealthTopic(models.Model):
    """One subject, such as “Anemia”, in as many languages as it has a TopicLanguage for."""

    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH, blank=True)
    meta_description = models.TextField(
        _("description for search engines"),
        blank=True,
        help_text=_("One or two sentences, at most about 160 characters."),
    )
    attribution = models.TextField(
        _("attribution"),
        blank=True,
        help_text=_("The closing line that names the source of the summary."),
    )
    image = models.CharField(
        _("picture"), max_length=100, blank=True, help_text="Name of its files: a digest."
    )
    image_width = models.PositiveIntegerField(null=True)
    image_height = models.PositiveIntegerField(null=True)
    image_alt = models.CharField(
        _("text for people who cannot see the picture"), max_length=TITLE_MAX_LENGTH, blank=True
    )
    image_decorative = models.BooleanField(
        _("the picture is decoration"),
        default=False,
        help_text=_("It tells nothing that the text does not, so nobody has to be told of it."),
    )
    image_credit = models.CharField(
        _("credit of the picture"),
        max_length=TITLE_MAX_LENGTH,
        blank=True,
        help_text=_("Who made it or owns it, as the page shall say."),
    )
    image_license = models.CharField(
        _("license of the picture"),
        max_length=TITLE_MAX_LENGTH,
        blank=True,
        help_text=_(
            "On what terms it may be shown, such as “Public domain”, which is “Dominio público” in "
            "Spanish, or “CC BY 4.0”."
        ),
    )
    source_language = models.CharField(
        _("written first in"), max_length=10, choices=Language, default=Language.ENGLISH
    )
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Guards the fields that both languages share."
    )
    tags = TaggableManager(
        through=TaggedTopic, manager=OneTagAWord, blank=True, verbose_name=_("tags")
    )
    owners = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="topics_owned",
        verbose_name=_("owners"),
        help_text=_(
            "Where somebody is named, only they may change this topic, as far as their roles allow; "
            "others may read it. Empty: everybody whose role allows it."
        ),
    )

    class Meta:
        verbose_name = _("health topic")
        verbose_name_plural = _("health topics")
        permissions = [("limit_healthtopic", "Can limit topics to owners, and change limited ones")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(image="", image_width=None, image_height=None)
                | models.Q(~models.Q(image=""), image_width__gt=0, image_height__gt=0),
                name="a_picture_has_a_size",
            ),
            models.CheckConstraint(
                condition=models.Q(image_decorative=False)
                | (
                    (models.Q(image_alt_en="") | models.Q(image_alt_en=None))
                    & (models.Q(image_alt_es="") | models.Q(image_alt_es=None))
                ),
                name="a_decorative_picture_has_no_text",
            ),
        ]

    def __str__(self) -> str:
        return self.title_en or self.title_es or ""


class TopicLanguage(models.Model):
    """Everything of a topic that belongs to one language, and the pointer to what is live."""

    topic = models.ForeignKey(
        HealthTopic, on_delete=models.CASCADE, related_name="languages", verbose_name=_("topic")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    slug = models.CharField(
        _("address"),
        max_length=200,
        validators=[validate_slug],
        help_text=_("The last part of the page's address, without “.html”."),
    )
    number = models.BigIntegerField(_("number"), null=True, unique=True, editable=False)
    upstream_url = models.CharField(
        _("address at the source"),
        max_length=ADDRESS_MAX_LENGTH,
        blank=True,
        validators=[validate_address],
        editable=False,
    )
    upstream_digest = models.CharField(
        max_length=64, null=True, db_index=True, editable=False, help_text="Of upstream_url."
    )
    date_created = models.DateField(_("first day public"), null=True, blank=True)
    has_summary = models.BooleanField(default=True, editable=False)
    institute_name = models.CharField(
        _("primary institute"), max_length=TITLE_MAX_LENGTH, blank=True
    )
    institute_url = models.CharField(
        _("address of the institute"),
        max_length=ADDRESS_MAX_LENGTH,
        null=True,
        blank=True,
        validators=[validate_address],
    )
    reading_level = models.FloatField(
        _("reading level"),
        null=True,
        editable=False,
        help_text="Of the working copy's summary: Flesch–Kincaid grade, in Spanish Szigriszt-Pazos.",
    )
    mesh_headings = models.JSONField(default=list, blank=True, editable=False)
    mapped = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="The other language's topic as the source's record names it.",
    )
    groups = models.ManyToManyField(TopicGroup, through="Membership", verbose_name=_("groups"))
    version = models.PositiveIntegerField(
        default=1, editable=False, help_text="Guards this language against overwriting."
    )
    changed_at = models.DateTimeField(_("last saved"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("last saved by"),
    )
    live_edition = models.ForeignKey(
        "Edition",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("live edition"),
    )
    has_changes = models.BooleanField(
        _("unpublished changes"),
        default=True,
        editable=False,
        help_text="The working copy says something that the live edition does not.",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True, editable=False)
    withdrawn_to = models.ForeignKey(
        "Address",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("where readers are sent instead"),
    )
    review_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="topics_to_review",
        verbose_name=_("owner of the review"),
    )
    review_interval_days = models.PositiveIntegerField(_("days between reviews"), default=1095)
    last_reviewed = models.DateField(_("last reviewed"), null=True, blank=True)
    next_review = models.DateField(_("next review due"), null=True, blank=True)

    class Meta:
        verbose_name = _("topic in one language")
        verbose_name_plural = _("topics, one language each")
        permissions = [
            ("publish_topiclanguage", "Can publish and withdraw topics"),
            ("change_shown_things", "Can change shared things that live pages show"),
            *((f"translate_{code}", f"Can write topics in “{code}”") for code in Language.values),
        ]
        constraints = [
            models.UniqueConstraint(fields=["topic", "language"], name="a_language_once_a_topic"),
            models.UniqueConstraint(fields=["language", "slug"], name="a_slug_once_a_language"),
            models.CheckConstraint(
                condition=models.Q(live_edition__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="live_or_withdrawn_not_both",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_to__isnull=True)
                | models.Q(withdrawn_at__isnull=False),
                name="only_a_withdrawn_page_sends_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_language_display()})"

    def save(self, *args, **kwargs):
        self.upstream_digest = address_digest(self.upstream_url)
        super().save(*args, **kwargs)
        if self.number is None:
            self.number = LOCAL_NUMBER_BASE + self.pk
            super().save(update_fields=["number"])

    @property
    def title(self) -> str:
        """The working copy's title in this language."""
        return getattr(self.topic, f"title_{self.language}") or ""

    @property
    def readers_go_to(self) -> str:
        """Where readers of the withdrawn page are sent now, as a path; empty: they are told the reason."""
        there = self.withdrawn_to
        return str((there.redirect_to or there) if there else "")

    @property
    def is_local(self) -> bool:
        """Whether the topic was made here, so that no outside number or address exists for it."""
        return self.number is None or self.number >= LOCAL_NUMBER_BASE
