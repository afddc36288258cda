"""What a reader sends, and the signed ticket that a form carries in the place of a cookie.

Public pages set no cookies, so there is no CSRF token: the form does nothing in anybody's name. What
has to be kept out are programs. A ticket says when the form was shown and can be used once; with the
field that only programs fill in and the limits of limits.py that keeps out all but those written for
this very site.
"""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import ProblemReport
from topics.pages.numbers import number

LONGEST_WORDS = 2_000
# Faster than anybody reads the form; later than anybody leaves one open.
SECONDS_AT_LEAST = 3
SECONDS_AT_MOST = 24 * 3600
# What a browser never fills in, because it is hidden; its name is one that programs like.
TRAP = "website"

_SALT = "editorial.reports"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One showing of the form: its number and when that was, in seconds since 1970."""

    number: str
    shown_at: float

    @classmethod
    def new(cls) -> "Ticket":
        return cls(secrets.token_hex(16), time.time())

    @classmethod
    def read(cls, signed: str) -> "Ticket | None":
        """The ticket of a form that was shown here not too long ago, else None."""
        try:
            number, shown_at = signing.loads(signed, salt=_SALT, max_age=SECONDS_AT_MOST)
        except (signing.BadSignature, TypeError, ValueError):
            return None
        return cls(number, shown_at)

    def signed(self) -> str:
        """What stands in the form."""
        return signing.dumps([self.number, self.shown_at], salt=_SALT)

    @property
    def is_hasty(self) -> bool:
        """Whether the form is back before anybody could have filled it in."""
        return time.time() - self.shown_at < SECONDS_AT_LEAST


@dataclass(frozen=True, slots=True)
class Sent:
    """What stood in a form that was sent."""

    kind: str = ""
    words: str = ""
    trap: str = ""

    @classmethod
    def from_post(cls, post: Mapping[str, str]) -> "Sent":
        words = post.get("words", "").replace("\r\n", "\n").replace("\r", "\n")
        return cls(post.get("kind", ""), _CONTROL.sub("", words).strip(), post.get(TRAP, ""))

    def errors(self) -> dict[str, str]:
        """What is wrong with it, as a sentence by field."""
        errors = {}
        if self.kind not in ProblemReport.Kind.values:
            errors["kind"] = _("Choose what the problem is.")
        if not self.words:
            errors["words"] = _("Describe the problem in a few words.")
        elif (over := len(self.words) - LONGEST_WORDS) > 0:
            errors["words"] = ngettext(
                "The description is %(count)s character too long. Shorten it.",
                "The description is %(count)s characters too long. Shorten it.",
                over,
            ) % {"count": number(over)}
        if self.trap:
            errors[TRAP] = _("Leave the field “Web site” empty.")
        return errors
