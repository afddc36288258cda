"""Links, the organisations behind them, and the sections of a page in which they stand."""

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Real addresses reach 362 characters and hold blanks, so Django's URLField does not fit.
ADDRESS_MAX_LENGTH = 2048
TITLE_MAX_LENGTH = 300


def parts_of(address: str) -> SplitResult | None:
    """Host, path and the rest of an address; None where it has none, as in “https://[x/”."""
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None


def validate_address(value: str) -> None:
    """An outside address: absolute, http(s) or another harmless scheme a link list really holds."""
    if not (re.match(r"(?i)(?:https?|ftp)://[^\s/]", value) and parts_of(value)):
        raise ValidationError(
            _("“%(value)s” is not a web address. Begin it with https:// or http://."),
            code="address",
            params={"value": value[:100]},
        )
    if re.search(r"[\x00-\x1f\x7f<>\"]", value):
        raise ValidationError(
            _(
                'This address holds a character that no address may hold: < > " or a control character.'
            ),
            code="address",
        )


def address_digest(address: str | None) -> str | None:
    """The key under which an address is unique: SHA-256 of its exact text, None for no address.

    A column of its own, because a unique constraint on a translated field also binds the bare
    column that django-modeltranslation keeps beside it.
    """
    return hashlib.sha256(address.encode()).hexdigest() if address else None


class Language(models.TextChoices):
    """The languages in which everything is published. A third one is a line here and a migration."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


def other_language(language: str) -> str:
    """The language that stands beside `language` on an edit page and in a link's pair."""
    return Language.SPANISH if language == Language.ENGLISH else Language.ENGLISH


class Organization(models.Model):
    """A body that stands behind links: an institute, an agency, a charity, a hospital."""

    class Kind(models.TextChoices):
        NIH = "nih", _("National Institutes of Health")
        FEDERAL = "federal", _("Other federal government")
        NON_GOVERNMENT = "non-government", _("Non-government")
        UNKNOWN = "unknown", _("Not yet classified")

    name = models.CharField(_("name"), max_length=TITLE_MAX_LENGTH, blank=True)
    url = models.CharField(
        _("address"), max_length=ADDRESS_MAX_LENGTH, blank=True, validators=[validate_address]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.UNKNOWN)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name_en or self.name_es or ""


class InformationCategory(models.Model):
    """A section of links on a topic page, such as “Start Here”; some are never displayed."""

    class Family(models.TextChoices):
        BASICS = "basics", _("Basics")
        LEARN_MORE = "learn-more", _("Learn More")
        SEE_PLAY_LEARN = "see-play-learn", _("See, Play and Learn")
        RESEARCH = "research", _("Research")
        RESOURCES = "resources", _("Resources")
        FOR_YOU = "for-you", _("For You")

    key = models.SlugField(_("key"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=TITLE_MAX_LENGTH, blank=True)
    family = models.CharField(_("family"), max_length=20, choices=Family, default=Family.LEARN_MORE)
    position = models.PositiveIntegerField(_("position"), default=0)
    shown = models.BooleanField(_("shown on the page"), default=True)
    recorded_names = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Per language, the names by which records call it, whatever its name here is by now.",
    )

    class Meta:
        verbose_name = _("information category")
        verbose_name_plural = _("information categories")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name_en or self.name_es or self.key


class Resource(models.Model):
    """One link that many topics may show: the English and the Spanish page are one row.

    One language may be missing, or be an address without a title (known only because the other
    language's record points at it).
    """

    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH, blank=True)
    url = models.CharField(
        _("address"), max_length=ADDRESS_MAX_LENGTH, blank=True, validators=[validate_address]
    )
    descriptions = models.JSONField(
        _("descriptions"),
        default=list,
        blank=True,
        help_text=_("Short tags in the order shown, such as NIH, PDF, Video, Easy-to-Read."),
    )
    url_digest_en = models.CharField(max_length=64, null=True, unique=True, editable=False)
    url_digest_es = models.CharField(max_length=64, null=True, unique=True, editable=False)
    organizations = models.ManyToManyField(
        Organization, through="ResourceOrganization", verbose_name=_("organizations")
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.title_en or self.title_es or self.url_en or self.url_es or ""

    def set_digests(self) -> None:
        """Bring the unique keys in line with the addresses; bulk writers call it themselves."""
        self.url_digest_en = address_digest(self.url_en)
        self.url_digest_es = address_digest(self.url_es)

    def save(self, *args, **kwargs):
        self.set_digests()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "url_digest_en", "url_digest_es"}
        super().save(*args, **kwargs)


class ResourceOrganization(models.Model):
    """That a link, in one language, is by an organisation; a page may name two and the other one."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, verbose_name=_("organization")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("organization of a link")
        verbose_name_plural = _("organizations of a link")
        ordering = ["language", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "language", "position"], name="one_organization_a_position"
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)
