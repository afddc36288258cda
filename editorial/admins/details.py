"""The details of an act in the reader's language.

They are kept in English, because the record is kept for years and read by all; what they name, such
as a reason or a title, stays as it was written.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from editorial.models import Act
from editorial.states import minute
from resources.models import Language
from topics.models import Origin, Review

_KIND = re.compile(
    r"(?P<kind>[a-z ]+): (?P<name>.*?)(?: \((?P<parts>[^()]*(?:\([^()]*\)[^()]*)*)\))?"
)
_OF_LANGUAGE = re.compile(r"(.+) \((English|Spanish)\)")


def told(act: Act) -> str:
    """The details of an act in the active language; what somebody typed, such as a reason, as it is."""
    if act.what == Act.What.CHANGED and act.topic:
        return _parts(act.detail)
    for pattern, say in SAID.get(act.what, ()):
        if found := re.fullmatch(pattern, act.detail, re.DOTALL):
            return say(*found.groups())
    return act.detail


def _edition(number: str) -> str:
    return _("edition %(number)s") % {"number": number}


def _review(number: str, result: str) -> str:
    return f"{_edition(number)}: {Review.Result(result).label}"


def _save() -> str:
    return _("an earlier save")


def _due(moment: str) -> str:
    try:
        return _("for %(when)s") % {"when": minute(datetime.fromisoformat(moment))}
    except ValueError:
        # No moment, or one without a time zone.
        return f"due {moment}"


def _about(page: str, language: str) -> str:
    return f"{_('about page')}: {page} ({Language(language).label})"


def _imported(origin: str, file: str) -> str:
    return f"{Origin(origin).label}: {file}"


def _of_row(detail: str) -> str:
    """What Django's forms did to a row: its kind, what it is called, and the parts that changed."""
    found = _KIND.fullmatch(detail)
    kind = _kinds().get(found["kind"]) if found else None
    if kind is None:
        return detail
    return f"{kind}: {found['name']}" + (f" ({_parts(found['parts'])})" if found["parts"] else "")


def _parts(words: str) -> str:
    return ", ".join(map(_part, words.split(", ")))


def _part(words: str) -> str:
    """The label of a field, with the language behind it or, of roles, their names."""
    label, colon, roles = words.partition(": ")
    if colon:
        return f"{_label(label)}: {' + '.join(map(_, roles.split(' + ')))}"
    if of_language := _OF_LANGUAGE.fullmatch(words):
        named = _(of_language[2])
        # English writes the names of languages with a capital, Spanish does not.
        named = named if (get_language() or "").startswith("en") else named.lower()
        return f"{_label(of_language[1])} ({named})"
    return _label(words)


def _label(words: str) -> str:
    """The label of a field, which may be the name of a column with a capital."""
    translated = _(words)
    return capfirst(_(words[:1].lower() + words[1:])) if translated == words else translated


# The forms of the details of each kind of act, and who says them. Kinds that are not named here
# have names in them, or words that somebody typed, which may look like any of these forms.
_OF_EDITION = (r"edition (\d+)", _edition)
_OF_ROW = (r"(.+)", _of_row)
SAID: dict[str, Sequence[tuple[str, Callable[..., str]]]] = {
    Act.What.PUBLISHED: [_OF_EDITION, (r"about page: (.+) \((en|es)\)", _about)],
    Act.What.WENT_LIVE: [_OF_EDITION],
    # Older rows do not tell the result.
    Act.What.REVIEWED: [
        (rf"edition (\d+): ({'|'.join(Review.Result.values)})", _review),
        _OF_EDITION,
    ],
    Act.What.RESTORED: [_OF_EDITION, (r"save \d+", _save)],
    Act.What.SCHEDULED: [(r"due (\S+)", _due)],
    Act.What.IMPORTED: [(rf"({'|'.join(Origin.values)}): (.+)", _imported)],
    Act.What.ADDED: [_OF_ROW],
    Act.What.CHANGED: [_OF_ROW],
    Act.What.DELETED: [_OF_ROW],
}


@cache
def _kinds() -> dict[str, Any]:
    """What every kind of row is called, by its English name."""
    with override("en"):
        return {
            str(model._meta.verbose_name): model._meta.verbose_name
            for model in admin.site._registry
        }
