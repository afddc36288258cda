"""The numbers of two texts in different languages: which of one have no counterpart in the other.

What counts as a number:

* Digits. English groups thousands with commas and marks decimals with a point. In Spanish both
  habits are in use, so “1.000” and “1,000” may each mean a thousand or one; a number is matched
  when one of its readings is. Blanks may group thousands in both.
* Words from two to ninety-nine and a hundred, and what multiplies (“3 million”, “3 mil millones”).
* Words that can mean more than a number (one, first, second, both, half, un, primer, ambos) count
  where the other language has that number, and are never missed themselves.
* Ordinals in digits (3rd, 3.er, 3.ª) are the number.
* Both ends of a range (5–10) and both sides of a slash (120/80) are numbers of their own.
* Digits grown together with letters (COVID-19, B12, H1N1) are names and left out.

Two numbers match when a value of each is the same and their units do not contradict each other; a
unit known on one side only contradicts nothing. Weights, lengths, volumes and temperatures may be
converted: exactly within a system, within 3 % (a temperature: one degree Celsius) between systems.
How often and in which order numbers occur does not matter, so two doses that changed places within
a section are not found.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from .units import contradict, measure, same_measure, unit_behind

_BLANK = "\u00a0\u202f\u2009 "
_FRACTION = {"en": r"(?:\.\d+)?", "es": r"(?:[.,]\d+)?"}


def _digits(language: str) -> str:
    """The pattern of a number in digits: grouped by commas, points (Spanish) or blanks, or plain."""
    fraction = _FRACTION[language]
    groups = [(",", r"(?:\.\d+)?"), (f"[{_BLANK}]", fraction)]
    if language == "es":
        groups.insert(0, (r"\.", r"(?:,\d+)?"))
    grouped = [rf"\d{{1,3}}(?:{mark}\d{{3}}(?!\d))+{rest}" for mark, rest in groups]
    return "|".join([*grouped, rf"\d+{fraction}"])


_TO_TWENTY = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés "
    "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
}
_JOINED = {"en": "-", "es": " y "}
# Value -> words that may mean it.
_SOFT = {
    "en": {
        1: "one once first single another a an",
        2: "twice both second couple pair half double",
        3: "third thirds",
        4: "fourth quarter quarters",
        5: "fifth",
        6: "sixth",
        7: "seventh",
        8: "eighth",
        9: "ninth",
        10: "tenth",
        12: "dozen",
    },
    "es": {
        1: "un uno una primer primero primera primeros primeras solo sola único única otro otra",
        2: "ambos ambas segundo segunda par pareja doble medio media mitad",
        3: "tercer tercero tercera tercio tercios",
        4: "cuarto cuarta cuartos",
        5: "quinto quinta",
        6: "sexto sexta",
        7: "séptimo séptima",
        8: "octavo octava",
        9: "noveno novena",
        10: "décimo décima",
        12: "docena",
    },
}
_TIMES = {
    "en": {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9},
    "es": {"mil millones": 10**9, "mil": 10**3, "millón": 10**6, "millones": 10**6},
}
_HALVES = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_FULL_HOUR = re.compile(r"(?<=\d):00\b")
_LETTER_BEFORE = re.compile(r"[^\W\d_][-‑]?\Z")
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th|s)\b|\.?(?:er|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na)\b|\.?[ºª°]"
)
_LETTER = re.compile(r"[^\W\d_]")


def _hard_words(language: str) -> dict[str, int]:
    """The words from two to a hundred."""
    small = _TO_TWENTY[language].split()
    words = dict(zip(small, range(1, len(small) + 1), strict=True))
    for value, ten in enumerate(_TENS[language].split(), start=2):
        words[ten] = value * 10
        if ten not in small or language == "en":
            joined = enumerate(small[:9], start=1)
            words |= {f"{ten}{_JOINED[language]}{one}": value * 10 + n for n, one in joined}
    return words


_HARD = {language: _hard_words(language) for language in _FRACTION}
_SOFT_WORDS = {
    language: {word: value for value, words in groups.items() for word in words.split()}
    for language, groups in _SOFT.items()
}


def _any_of(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMBER = {
    language: re.compile(
        rf"(?<![\w.,])(?P<word>{_any_of([*_HARD[language], *_SOFT_WORDS[language]])})(?!\w)"
        rf"|(?P<digits>{_digits(language)})",
        re.IGNORECASE,
    )
    for language in _FRACTION
}
_MULTIPLIER = {
    language: re.compile(rf"[\s-]({_any_of(list(times))})(?!\w)", re.IGNORECASE)
    for language, times in _TIMES.items()
}


class Quantity(NamedTuple):
    """A number as written, what it may mean, and its unit where one is known.

    `soft` is a word that need not have been meant as a number.
    """

    text: str
    values: frozenset[Fraction]
    unit: str | None
    soft: bool


def quantities(text: str, language: str) -> Iterator[Quantity]:
    """The numbers of a plain text, in order."""
    for sign, written in _HALVES.items():
        text = text.replace(sign, f" {written}")
    text = _FULL_HOUR.sub("", text)
    for found in _NUMBER[language].finditer(text):
        end = found.end()
        if found["word"]:
            word = found["word"].casefold()
            soft = word in _SOFT_WORDS[language]
            values = {_SOFT_WORDS[language].get(word) or _HARD[language][word]}
        else:
            soft = False
            values = _readings(found["digits"], language)
            if _LETTER_BEFORE.search(text[max(0, found.start() - 2) : found.start()]):
                continue
        if multiplier := _MULTIPLIER[language].match(text, end):
            times = _TIMES[language][" ".join(multiplier[1].casefold().split())]
            values, end, soft = {value * times for value in values}, multiplier.end(), False
        unit, end = unit_behind(text, end)
        if unit is None and found["digits"] and end == found.end():
            ordinal = _ORDINAL.match(text, end)
            end = ordinal.end() if ordinal else end
            if _LETTER.match(text, end):
                continue
        yield Quantity(
            text[found.start() : end].strip(), frozenset(map(Fraction, values)), unit, soft
        )


def _readings(digits: str, language: str) -> set[Fraction]:
    """What a number in digits may mean."""
    digits = re.sub(rf"[{_BLANK}]", "", digits)
    if language == "en":
        return {Fraction(digits.replace(",", ""))}
    marks = [character for character in digits if character in ".,"]
    if not marks:
        return {Fraction(digits)}
    head, _mark, tail = digits.rpartition(marks[-1])
    decimal = Fraction(f"{re.sub('[.,]', '', head)}.{tail}")
    grouped = Fraction(re.sub("[.,]", "", digits))
    if len(set(marks)) > 1:
        return {decimal}
    if len(marks) > 1:
        return {grouped}
    return {decimal, grouped} if len(tail) == 3 and not head.startswith("0") else {decimal}


def match(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may say the same."""
    if one.values & other.values and not contradict(one.unit, other.unit):
        return True
    return any(
        same_measure(measure(a, one.unit), measure(b, other.unit))
        for a in one.values
        for b in other.values
    )


def unmatched(mine: Sequence[Quantity], theirs: Sequence[Quantity]) -> list[Quantity]:
    """Those of `mine` that count by themselves and have no counterpart, each once."""
    missed = [
        quantity
        for quantity in mine
        if not quantity.soft and not any(match(quantity, other) for other in theirs)
    ]
    return list({(quantity.values, quantity.unit): quantity for quantity in missed}.values())
