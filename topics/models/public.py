"""What the public side reads besides editions: addresses, lists of live names, the site's words."""

from functools import reduce
from operator import or_
from secrets import token_hex

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from resources.models import ADDRESS_MAX_LENGTH, TITLE_MAX_LENGTH, Language

from .topic import TopicGroup, TopicLanguage, validate_slug


class Page(models.Model):
    """An about page, such as the disclaimer: the working copy in both languages."""

    key = models.SlugField(_("key"), unique=True)
    slug = models.CharField(_("address"), max_length=200, unique=True, validators=[validate_slug])
    position = models.PositiveIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("about page")
        verbose_name_plural = _("about pages")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.title_en or self.title_es or self.key


class PageWriter(models.Model):
    """That a person wrote in one language of an about page since what is live now."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="writers")
    language = models.CharField(_("language"), max_length=10, choices=Language)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("writer of an about page")
        verbose_name_plural = _("writers of about pages")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language", "by"], name="a_writer_once_a_page_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.language} {self.by_id}"


class PageEdition(models.Model):
    """An about page as published in one language; the highest number is live. Insert-only."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(_("language"), max_length=10, choices=Language)
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("published"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("edition of an about page")
        verbose_name_plural = _("editions of about pages")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language", "number"], name="a_page_edition_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} #{self.number}"


def _exactly_one(*names: str) -> models.Q:
    """The condition that one of the columns has a value and the others have none."""
    return reduce(
        or_, (models.Q(**{f"{name}__isnull": name != one for name in names}) for one in names)
    )


# Why nothing can be published at an address, which is `address`.
ADDRESS_TAKEN = _("The address “%(address)s” is in use by something else. Choose another one.")


class Address(models.Model):
    """One public address and what answers there. Never deleted once it was public.

    Topics, groups and pages share one namespace per language, as on MedlinePlus.
    """

    language = models.CharField(_("language"), max_length=10, choices=Language)
    slug = models.CharField(_("address"), max_length=200, validators=[validate_slug])
    topic_language = models.OneToOneField(
        TopicLanguage, null=True, on_delete=models.PROTECT, related_name="address"
    )
    group = models.ForeignKey(
        TopicGroup, null=True, on_delete=models.PROTECT, related_name="addresses"
    )
    page = models.ForeignKey(Page, null=True, on_delete=models.PROTECT, related_name="addresses")
    redirect_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="redirected_from"
    )
    gone_reason = models.TextField(_("why nothing is here any more"), null=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="an_address_once_a_language"),
            models.UniqueConstraint(fields=["language", "group"], name="one_address_a_group"),
            models.UniqueConstraint(fields=["language", "page"], name="one_address_a_page"),
            models.CheckConstraint(
                condition=_exactly_one(
                    "topic_language", "group", "page", "redirect_to", "gone_reason"
                ),
                name="an_address_has_exactly_one_target",
            ),
        ]

    def __str__(self) -> str:
        return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[self.language]}{self.slug}.html"


class LiveName(models.Model):
    """One line of the A–Z lists: a live topic's title or another name. A projection of editions."""

    class Kind(models.TextChoices):
        TITLE = "title", _("Title")
        ALSO_CALLED = "also-called", _("Also called")
        SEE_REFERENCE = "see-reference", _("See reference")

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="live_names"
    )
    language = models.CharField(max_length=10, choices=Language)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=300)
    letter = models.CharField(max_length=3)
    sort_key = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("live name")
        verbose_name_plural = _("live names")
        indexes = [models.Index(fields=["language", "letter", "sort_key"])]

    def __str__(self) -> str:
        return self.name


class LiveMembership(models.Model):
    """That a live topic stands in a group. A projection of editions."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="live_memberships"
    )
    group = models.ForeignKey(TopicGroup, on_delete=models.PROTECT, related_name="live_memberships")

    class Meta:
        verbose_name = _("live membership")
        verbose_name_plural = _("live memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["topic_language", "group"], name="a_live_group_once_a_topic_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_language_id} {self.group_id}"


class LivePicture(models.Model):
    """That a live page shows a picture, so that everybody may see its files. A projection of editions."""

    topic_language = models.OneToOneField(
        TopicLanguage, on_delete=models.CASCADE, related_name="live_picture"
    )
    name = models.CharField(max_length=100, db_index=True)

    class Meta:
        verbose_name = _("live picture")
        verbose_name_plural = _("live pictures")

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """Who runs this site and what every page says of it: one row."""

    name = models.CharField(_("name of the site"), max_length=100, blank=True)
    tagline = models.CharField(_("what the site is, in a line"), max_length=200, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("As a citation names it.")
    )
    place = models.CharField(
        _("place"), max_length=100, blank=True, help_text=_("City and state, for citations.")
    )
    disclaimer = models.TextField(_("disclaimer at the foot of every page"), blank=True)
    source_credit = models.TextField(
        _("source credit"),
        blank=True,
        help_text=_("Shown on topics that were imported and not written here."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=300,
        blank=True,
        help_text=_("A mail address or a web address where readers can write."),
    )
    emergency_number = models.CharField(_("emergency number"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation_only")
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_es or ""


def new_mark() -> str:
    """A text that no row has had before."""
    return token_hex(16)


class Generation(models.Model):
    """One row whose number rises with everything that can change a public page.

    `frame` holds, as JSON, what every page needs and nothing but an editor changes: the
    installation's words and the information categories. It is rewritten in the transaction that
    changes them, so that a page reads number and frame with one primary-key query.

    The two marks let a process know that what it read before is still true: `frame_mark` changes
    with the frame, `names_mark` with the title, address or state of any topic or group. They are
    random, because a number could come back with other content when a backup is restored.
    """

    number = models.BigIntegerField(default=1)
    frame = models.TextField(default="{}")
    frame_mark = models.CharField(max_length=32, default=new_mark)
    names_mark = models.CharField(max_length=32, default=new_mark)

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_generation_only")]

    def __str__(self) -> str:
        return str(self.number)


class LiveTongue(models.Model):
    """Material on a live topic in a language that the site does not speak. A projection of editions."""

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="live_tongues"
    )
    language = models.CharField(max_length=10, choices=Language)
    slug = models.CharField(max_length=TITLE_MAX_LENGTH)
    name = models.CharField(max_length=TITLE_MAX_LENGTH)
    vernacular_name = models.CharField(max_length=TITLE_MAX_LENGTH, blank=True)
    url = models.CharField(max_length=ADDRESS_MAX_LENGTH)

    class Meta:
        verbose_name = _("material in a further language")
        verbose_name_plural = _("material in further languages")
        indexes = [models.Index(fields=["language", "slug"])]

    def __str__(self) -> str:
        return self.name
