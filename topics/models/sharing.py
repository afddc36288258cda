"""Who without an account may see a draft."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .topic import TopicLanguage


def digest_of(token: str) -> str:
    """What is stored of the secret part of a private link."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """The secret part of a private link: 256 random bits, which nobody guesses."""
    return secrets.token_urlsafe(32)


class DraftLink(models.Model):
    """A private link to what is saved of a topic in one language, until it expires or is revoked.

    Only a digest of its secret part is kept, so whoever reads the database cannot open the draft.
    """

    topic_language = models.ForeignKey(
        TopicLanguage, on_delete=models.CASCADE, related_name="draft_links"
    )
    digest = models.CharField(max_length=64, unique=True)
    whom = models.CharField(_("for whom"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("private link to a draft")
        verbose_name_plural = _("private links to drafts")

    def __str__(self) -> str:
        return self.whom or f"#{self.pk}"
