"""What a search asks for, in words that neither database speaks yet.

A search is read in up to three ways, from the strictest to the most generous, and answered in the
first that finds anything. Each way says what is found, and in which order: a place is a set of words
to be looked for in the first columns of the index, where the title comes first.
"""

from enum import Enum
from typing import NamedTuple

from .words import FUNCTION_WORDS, asked

# The columns of the index, from the one that counts most.
COLUMNS = ("title_words", "names_words", "headings_words", "text_words")
TITLE, NAMES, HEADINGS, TEXT = range(1, len(COLUMNS) + 1)
# From so many letters, in all and in the last word, the last word also stands for the words that begin
# with it: “child” finds “Children's Health”, “x-ray” finds “X-Rays”, but “flu” does not find “Fluoride”
# and “hepatitis c” not “Hepatitis Carriers”. So typing on never finds more than there was before.
TELLING_SEARCH = 4
TELLING_BEGINNING = 3


class Reading(Enum):
    """How literally a search is taken."""

    WORDS = "all the words"
    BEGINNING = "all the words, the last of which may go on"
    ANY = "any of the words, the last of which may go on"


class Place(NamedTuple):
    """Where words are looked for: in the first `columns` columns, taken as the reading says."""

    columns: int
    reading: Reading


class Query(NamedTuple):
    """A search in one language: all its words, and those that say something about the subject."""

    language: str
    words: tuple[str, ...]
    telling: tuple[str, ...]

    @property
    def readings(self) -> list[Reading]:
        """The ways to read the search, the strictest first."""
        return list(Reading) if len(self.telling) > 1 else [Reading.WORDS, Reading.BEGINNING]

    @property
    def tells_beginnings(self) -> bool:
        """Whether the last word is long enough to stand for the words that begin with it."""
        return (
            len(self.telling[-1]) >= TELLING_BEGINNING
            and sum(map(len, self.telling)) >= TELLING_SEARCH
        )

    @property
    def lines(self) -> list[str]:
        """Titles and names that are just this, the more literal first."""
        return [f"\n{' '.join(words)}\n" for words in (self.words, self.telling)]

    @property
    def start(self) -> str:
        """How a title begins that begins with this."""
        return f"\n{' '.join(self.words)}"

    def found_in(self, reading: Reading) -> Place:
        """The place that has to hold the words for a topic to be found."""
        goes_on = reading is Reading.WORDS and self.tells_beginnings
        return Place(TEXT, Reading.BEGINNING if goes_on else reading)

    def order(self, reading: Reading) -> list[Place]:
        """The places in the order in which results are shown; what is in none of them comes last."""
        places = [Place(TITLE, reading), Place(NAMES, reading), Place(HEADINGS, reading)]
        if reading is Reading.WORDS and self.tells_beginnings:
            places.insert(2, Place(NAMES, Reading.BEGINNING))
            places += [Place(HEADINGS, Reading.BEGINNING), Place(TEXT, Reading.WORDS)]
        return places


def reading_and_count(answer: str | None) -> tuple[Reading, int]:
    """What a database answered as the place of the first reading that finds anything, and the count."""
    if answer is None:
        return Reading.WORDS, 0
    place, count = answer.split()
    return list(Reading)[int(place)], int(count)


def query(language: str, text: str) -> Query:
    """What a text asks for; without words when there is nothing in it to look for."""
    words = asked(text)
    telling = [word for word in words if word not in FUNCTION_WORDS.get(language, ())]
    return Query(language, tuple(words), tuple(dict.fromkeys(telling or words)))
