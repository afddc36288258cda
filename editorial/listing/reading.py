"""How hard texts are to read, as the list of topics shows it and is narrowed down by it.

The level is that of the working copy as it was saved last, so that what was made easier leaves the
list before it is published. In English a Flesch–Kincaid grade; in Spanish a number of the INFLESZ
scale, on which higher is easier (topics/readiness/reading.py).
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import admin
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.states import by_language
from resources.models import Language
from topics.models import HealthTopic, TopicLanguage
from topics.readiness.reading import HARDEST_GRADE, HARDEST_INFLESZ, INFLESZ


class Band(NamedTuple):
    """Levels above `low` up to `high`; `key` stands for them in an address."""

    key: str
    name: str
    low: float
    high: float


def _bands(ends: Sequence[tuple[float, str]]) -> list[Band]:
    lows = [float("-inf"), *(end for end, _name in ends)]
    return [
        Band(str(number), name, low, end)
        for number, ((end, name), low) in enumerate(zip(ends, lows, strict=False), start=1)
    ]


BANDS = {
    Language.ENGLISH: _bands(
        [
            (6.0, gettext_lazy("up to grade 6")),
            (8.0, gettext_lazy("grade 6 to 8")),
            (10.0, gettext_lazy("grade 8 to 10")),
            (float("inf"), gettext_lazy("above grade 10")),
        ]
    ),
    Language.SPANISH: _bands(INFLESZ),
}
_HARD = {
    Language.ENGLISH: Q(reading_level__gt=HARDEST_GRADE),
    Language.SPANISH: Q(reading_level__lte=HARDEST_INFLESZ),
}


def band_of(version: TopicLanguage) -> Band | None:
    """The band in which a text falls; None for one that is too short to tell."""
    level = version.reading_level
    if level is None:
        return None
    return next(band for band in BANDS[version.language] if band.low < level <= band.high)


class ReadingFilter(admin.SimpleListFilter):
    """Topics by how hard the text of one language is to read."""

    language = ""

    def lookups(self, request, model_admin):
        bands = [(band.key, band.name) for band in BANDS[self.language]]
        return [
            ("hard", _("hard for most people")),
            *bands,
            ("short", _("too short to tell")),
        ]

    def queryset(self, request, queryset):
        conditions = {
            "hard": _HARD[self.language],
            "short": Q(reading_level=None),
            **{band.key: _within(band) for band in BANDS[self.language]},
        }
        condition = conditions.get(self.value())
        if condition is None:
            return queryset
        fitting = TopicLanguage.objects.filter(condition, language=self.language)
        return queryset.filter(pk__in=fitting.values("topic"))


def _within(band: Band) -> Q:
    condition = Q(reading_level__isnull=False)
    if band.low != float("-inf"):
        condition &= Q(reading_level__gt=band.low)
    if band.high != float("inf"):
        condition &= Q(reading_level__lte=band.high)
    return condition


class EnglishReadingFilter(ReadingFilter):
    """Topics by the Flesch–Kincaid grade of the English working copy."""

    language = Language.ENGLISH
    title = gettext_lazy("reading level in English, as saved")
    parameter_name = "reading_en"


class SpanishReadingFilter(ReadingFilter):
    """Topics by the INFLESZ band of the Spanish working copy."""

    language = Language.SPANISH
    title = gettext_lazy("reading level in Spanish, as saved")
    parameter_name = "reading_es"


@admin.display(description=gettext_lazy("reading level"))
def reading_levels(topic: HealthTopic) -> SafeString:
    """The level of each language that a topic has."""
    versions = sorted(by_language(topic).items())
    lines = [
        (code, level_words(version))
        for code, version in versions
        if version.reading_level is not None
    ]
    return format_html_join(SafeString("<br>"), "{}: {}", lines)


def level_words(version: TopicLanguage) -> str:
    """A level in a few words, such as “6.6, grade 6 to 8” or “62.0, normal”."""
    band = band_of(version)
    return f"{number_format(round(version.reading_level, 1), 1)}, {band.name}" if band else ""
