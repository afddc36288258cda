"""Form fields of the desk: text kept as typed, and lists with one entry a line."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from resources.models import TITLE_MAX_LENGTH, Language
from topics.addresses import reserved

from .texts import one_kind_of_line_end

# Between these lie all days that people of the desk mean.
FIRST_YEAR, LAST_YEAR = 1900, 2200


def whole_number(text: Any) -> int | None:
    """The number that was posted or asked for, if it is one and any database can hold it."""
    digits = str(text or "")
    return int(digits) if re.fullmatch(r"[0-9]{1,18}", digits) else None


def within_reach(day: date) -> None:
    """Raise for a day, or a moment, from which no days can be counted, or which is none elsewhere."""
    refuse_year(day.year)


def refuse_year(year: int) -> None:
    """Raise for a year that nobody at the desk means."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(
            _("Choose a day between the years %(first)d and %(last)d."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class TextField(forms.CharField):
    """Text kept as typed, line feeds apart; `rows` is the height before anything is typed.

    `html` says of which kind its HTML is, “block” or “line”: rich.js puts an editor in its place.
    """

    def __init__(self, *, rows: int = 1, html: str = "", **options: Any):
        attributes = {"rows": rows, "class": "vLargeTextField"}
        if html:
            attributes |= {"class": "vLargeTextField html", "data-rich": html}
        super().__init__(required=False, strip=False, widget=forms.Textarea(attributes), **options)

    def to_python(self, value):
        return one_kind_of_line_end(super().to_python(value))


class LinesField(TextField):
    """A list of short texts, one a line."""

    def __init__(self, *, max_length: int = TITLE_MAX_LENGTH, **options: Any):
        super().__init__(rows=3, **options)
        self.longest = max_length

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(value or ())

    def to_python(self, value):
        lines = [line.strip() for line in super().to_python(value).split("\n")]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value):
        for line in value:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(start)s…” is longer than %(most)d characters."),
                    params={"start": line[:40], "most": self.longest},
                )

    def run_validators(self, value):
        for line in value:
            super().run_validators(line)


def refuse_reserved(slug: str, *, page: bool = False) -> None:
    """Raise, with what to do, where the site itself answers at an address."""
    if not reserved(slug, page=page):
        return
    if page:
        advice = _("Choose another one, such as “about/%(last)s”.")
    elif "/" in slug:
        advice = _("Leave out the slash, as in “%(last)s”.")
    else:
        advice = _("Choose another one, such as “%(last)s-topic”.")
    last = slug.rpartition("/")[2]
    raise ValidationError(
        _("The address “%(slug)s” belongs to the site itself. %(advice)s"),
        params={"slug": slug, "advice": advice % {"last": last}},
    )


def name_languages(form: forms.BaseForm) -> None:
    """Say of every field that is there once a language which one it is, in words and for machines."""
    for name, field in form.fields.items():
        language = name.rpartition("_")[2]
        if language not in Language.values:
            continue
        label = str(field.label).removesuffix(f"[{language}]").strip()
        field.label = f"{label} ({Language(language).label})"
        if not name.startswith("url_"):
            field.widget.attrs |= {"lang": language, "spellcheck": "true"}
