"""What is known of the addresses that links lead to: whether they answer, since when, how often.

One row per address and not per link: the same address may stand in both languages, or on one page
only, and a link that gets another address is unchecked again by itself.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .things import ADDRESS_MAX_LENGTH


class Outcome(models.TextChoices):
    """What came of one visit to an address."""

    OK = "ok", _("The page answers")
    MOVED = "moved", _("The page has moved for good")
    FRONT_PAGE = "front-page", _("Leads to the front page now; the page itself is probably gone")
    ROBOTS = "robots", _("The site asks programs not to visit this page")
    REFUSED = "refused", _("The site answers people only")
    COOKIES = "cookies", _("The site answers only those who accept cookies")
    BUSY = "busy", _("The site asked to come back later")
    NOT_PUBLIC = "not-public", _("The address is not on the public internet")
    GONE = "gone", _("The page does not exist")
    ERROR = "error", _("The site answered with an error")
    NO_HOST = "no-host", _("There is no site of this name")
    UNREACHABLE = "unreachable", _("The site does not answer")
    SLOW = "slow", _("The site took too long to answer")
    GARBLED = "garbled", _("What the site answered makes no sense")
    LOOP = "loop", _("The site sends visitors around in circles")
    MALFORMED = "malformed", _("This cannot be an address")
    CERTIFICATE = "certificate", _("Browsers warn of this site's certificate")


class LinkHost(models.Model):
    """A site that links lead to: visited by one program at a time, and not before it said."""

    name = models.CharField(_("site"), max_length=255, unique=True)
    not_before = models.DateTimeField(_("not before"), null=True)
    claim = models.CharField(max_length=32, null=True, help_text="The run that visits it now.")
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=True, claimed_until__isnull=True)
                | Q(claim__isnull=False, claimed_until__isnull=False),
                name="a_claim_ends",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LinkCheck(models.Model):
    """One address and where it stands. The key is `digest`, that of `Resource.url_digest_…`."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        OK = "ok", _("Answers")
        MOVED = "moved", _("Moved")
        WALLED = "walled", _("Could not look")
        SUSPECT = "suspect", _("In doubt")
        BROKEN = "broken", _("Broken")
        CERTIFICATE = "certificate", _("Certificate problem")

    digest = models.CharField(max_length=64, unique=True, editable=False)
    address = models.CharField(_("address"), max_length=ADDRESS_MAX_LENGTH, editable=False)
    host = models.ForeignKey(
        LinkHost, on_delete=models.PROTECT, related_name="links", verbose_name=_("site")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.UNCHECKED, db_index=True
    )
    outcome = models.CharField(_("what happened"), max_length=20, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    detail = models.CharField(_("in the words of the machine"), max_length=300, blank=True)
    final_address = models.CharField(_("new address"), max_length=ADDRESS_MAX_LENGTH, blank=True)
    looked_at = models.DateTimeField(_("last looked at"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    due_at = models.DateTimeField(_("next look"), default=timezone.now, db_index=True)
    wanted_at = models.DateTimeField(_("asked to look"), null=True)
    fine_until = models.DateField(_("fine until"), null=True)
    fine_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("seen by"),
    )

    class Meta:
        verbose_name = _("checked link")
        verbose_name_plural = _("checked links")
        indexes = [
            models.Index(fields=["host", "due_at"], name="link_check_due"),
            models.Index(
                fields=["wanted_at"], name="link_check_wanted", condition=Q(wanted_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unchecked") | Q(looked_at__isnull=False),
                name="a_known_link_was_looked_at",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["suspect", "broken", "certificate"],
                    failures__gt=0,
                    failing_since__isnull=False,
                )
                | Q(
                    state__in=["unchecked", "ok", "moved", "walled"],
                    failures=0,
                    failing_since__isnull=True,
                ),
                name="a_link_that_fails_has_failures",
            ),
            models.CheckConstraint(
                condition=~Q(state="moved")
                | (~Q(final_address="") & ~Q(final_address=F("address"))),
                name="a_moved_link_moved_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(fine_until__isnull=True, fine_by__isnull=True)
                | Q(fine_until__isnull=False, fine_by__isnull=False, state="walled"),
                name="a_person_vouches_only_where_no_program_can_look",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class LinkVisit(models.Model):
    """That a visit found something else than the one before; what stayed the same adds no row."""

    link = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("what happened"), max_length=20, choices=Outcome)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    final_address = models.CharField(_("new address"), max_length=ADDRESS_MAX_LENGTH, blank=True)

    class Meta:
        verbose_name = _("visit to a link")
        verbose_name_plural = _("visits to links")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.link_id} {self.outcome}"
