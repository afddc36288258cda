"""How hard a summary is to read, by a formula for its language.

* English: Flesch–Kincaid grade = 0.39 · words per sentence + 11.8 · syllables per word − 15.59
  (Kincaid and others 1975): years of school in the United States. The NIH ask for 6th to 8th grade.
* Spanish: Fernández Huerta (1959) = 206.84 − 60 · syllables per word − 1.02 · words per sentence,
  the printed formula with its known misprint corrected (sentence length, not sentences), and
  Szigriszt-Pazos (1993) = 206.835 − 62.3 · syllables per word − words per sentence, whose value is
  named on the INFLESZ scale (Barrio-Cantalejo and others 2008): up to 40 very difficult, 55
  somewhat difficult, 65 normal, 80 fairly easy, above very easy. Higher is easier in both.

What is counted: paragraphs and list items of the summary. A list item is a sentence, or several if
it says several; so is the line that introduces a list. Headings, tables and the attribution are
left out. A word has letters; numbers are not counted. Shorter texts than `FEWEST_WORDS` are not
measured. Formulas measure length, not sense: they are a reason to look, and no more.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from topics.document import TopicDocument
from topics.wording import blocks

from . import syllables

FEWEST_WORDS = 50
HARDEST_GRADE = 8.0
# Upper ends of the INFLESZ bands.
INFLESZ = [
    (40, gettext_lazy("very difficult")),
    (55, gettext_lazy("somewhat difficult")),
    (65, gettext_lazy("normal")),
    (80, gettext_lazy("fairly easy")),
    (float("inf"), gettext_lazy("very easy")),
]
HARDEST_INFLESZ = 55

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Drs|Mr|Mrs|Ms|St|vs|etc|approx|Dra|Sra|Sr|ej|p|e\.g|i\.e|a\.m|p\.m|[A-Z])\.(?=\s)"
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’»)]*\s+(?=[\"“‘«(¿¡]*[A-ZÁÉÍÓÚÑ0-9])")


@dataclass(frozen=True, slots=True)
class Count:
    """What the formulas need to know of a text."""

    sentences: int
    words: int
    syllables: int


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """Flesch–Kincaid grade for English; Fernández Huerta, Szigriszt and its band for Spanish."""

    count: Count
    grade: float | None = None
    huerta: float | None = None
    szigriszt: float | None = None

    @property
    def band(self) -> str:
        """The name of the INFLESZ band."""
        return str(next(name for end, name in INFLESZ if (self.szigriszt or 0) <= end))

    @property
    def is_hard(self) -> bool:
        """Whether the public at large will find it hard."""
        if self.grade is not None:
            return self.grade > HARDEST_GRADE
        return self.szigriszt is not None and self.szigriszt <= HARDEST_INFLESZ


def sentences(text: str) -> list[str]:
    """The sentences of one block of plain text."""
    marked = _ABBREVIATION.sub(lambda found: found[0].replace(".", "\0"), text)
    return [part for part in _SENTENCE_END.split(marked) if _WORD.search(part)]


def count(document: TopicDocument) -> Count:
    """Sentences, words and syllables of a summary."""
    of: Callable[[str], int] = syllables.spanish if document.language == "es" else syllables.english
    parts = [
        sentence
        for section in document.summary or ()
        for block in blocks(section.body)
        if block.kind in ("paragraph", "item")
        for sentence in sentences(block.text)
    ]
    words = [word for part in parts for word in _WORD.findall(part)]
    return Count(len(parts), len(words), sum(of(piece) for w in words for piece in w.split("-")))


def reading_level(document: TopicDocument) -> ReadingLevel | None:
    """How hard the summary is to read; None when it is too short to tell."""
    counted = count(document)
    if counted.words < FEWEST_WORDS:
        return None
    length = counted.words / counted.sentences
    weight = counted.syllables / counted.words
    if document.language == "es":
        return ReadingLevel(
            counted,
            huerta=206.84 - 60 * weight - 1.02 * length,
            szigriszt=206.835 - 62.3 * weight - length,
        )
    return ReadingLevel(counted, grade=0.39 * length + 11.8 * weight - 15.59)
