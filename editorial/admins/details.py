"""The details of an act in the reader's language.

They are kept in English, because the record is kept for years and read by all; what they name, such
as a reason or a title, stays as it was written.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from editorial.states import minute
from resources.models import Language
from topics.models import Origin

_KIND = re.compile(
    r"(?P<kind>[a-z ]+): (?P<name>.*?)(?: \((?P<parts>[^()]*(?:\([^()]*\)[^()]*)*)\))?"
)
_OF_LANGUAGE = re.compile(r"(.+) \((English|Spanish)\)")


def told(detail: str) -> str:
    """The details of an act as its row keeps them, in the active language where words for them are known."""
    for pattern, say in SAID:
        if found := re.fullmatch(pattern, detail, re.DOTALL):
            return say(*found.groups())
    return _of_row(detail)


def _due(moment: str) -> str:
    return _("for %(when)s") % {"when": minute(datetime.fromisoformat(moment))}


def _about(page: str, language: str) -> str:
    return f"{_('about page')}: {page} ({Language(language).label})"


def _imported(origin: str, file: str) -> str:
    return f"{Origin(origin).label}: {file}"


SAID: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"edition (\d+)", lambda number: _("edition %(number)s") % {"number": number}),
    (r"save \d+", lambda: _("an earlier save")),
    (r"due (\S+)", _due),
    (r"about page: (.+) \((en|es)\)", _about),
    (rf"({'|'.join(Origin.values)}): (.+)", _imported),
)


def _of_row(detail: str) -> str:
    """What Django's forms did to a row: its kind, what it is called, and the parts that changed."""
    found = _KIND.fullmatch(detail)
    kind = _kinds().get(found["kind"]) if found else None
    if kind is None:
        return detail
    parts = ", ".join(map(_part, found["parts"].split(", "))) if found["parts"] else ""
    return f"{kind}: {found['name']}" + (f" ({parts})" if parts else "")


def _part(words: str) -> str:
    """The label of a field, with the language behind it or, of roles, their names."""
    label, colon, roles = words.partition(": ")
    if colon:
        return f"{_label(label)}: {' + '.join(map(_, roles.split(' + ')))}"
    if of_language := _OF_LANGUAGE.fullmatch(words):
        return f"{_label(of_language[1])} ({_(of_language[2]).lower()})"
    return _label(words)


def _label(words: str) -> str:
    """The label of a field, which may be the name of a column with a capital."""
    translated = _(words)
    return capfirst(_(words[:1].lower() + words[1:])) if translated == words else translated


@cache
def _kinds() -> dict[str, Any]:
    """What every kind of row is called, by its English name."""
    with override("en"):
        return {
            str(model._meta.verbose_name): model._meta.verbose_name
            for model in admin.site._registry
        }
