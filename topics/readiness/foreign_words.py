"""Paragraphs that were left in the other language.

A paragraph is taken for English when English function words (the, of, with…) are at least a sixth
of its words and more than twice as many as Spanish ones, and the other way round. Words that both
languages have (a, no, me, he, son, once, sin, as) say nothing. Names are cut out beforehand: runs
of capitalised words with the small words between them (National Institute of Diabetes and Digestive
and Kidney Diseases), and what stands in quotation marks.

Limits: three words at least, two of them function words; so a single foreign word, a bare list of
names and a sentence inside a longer paragraph of the right language are not found.
"""

import re

FUNCTION_WORDS = {
    "en": frozenset(
        "the of and to in is are that for with you your it its be this have from or can may not by "
        "on at they which their them there these those when if will who what how why does did was were "
        "been being about other such than should could would might must into through during after "
        "before between because while where any each more most some many also but we our us his "
        "her she".split()
    ),
    "es": frozenset(
        "el la los las de del que y en un una unos unas es por para se su sus al lo como más o u "
        "pero puede pueden usted ustedes si sí este esta estos estas esto está están ser sobre "
        "también cuando donde cuál cuáles qué cómo quién entre hasta desde muy le les ya porque "
        "durante después antes hay fue han cada otro otra otros otras nos con son".split()
    ),
}
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = r"of|and|the|for|on|in|to|at|by|de|del|la|las|el|los|y|e|para|con|en|&"
_CAPITAL = r"[A-ZÁÉÍÓÚÑ][\w’'.-]*"
_NAME = re.compile(rf"{_CAPITAL}(?:,?\s+(?:(?:{_SMALL})\s+)*{_CAPITAL})+")
_QUOTED = re.compile(r"[“\"«][^”\"»]{1,80}[”\"»]")
SHORTEST = 3


def says_something(text: str) -> bool:
    """Whether a plain text has words enough beside names and numbers to be in one language."""
    return len(_words(text)) >= SHORTEST


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_NAME.sub(" ", _QUOTED.sub(" ", text)))]


def is_foreign(text: str, language: str) -> bool:
    """Whether a plain text is not in the language it should be in but in the other one."""
    words = _words(text)
    if len(words) < SHORTEST:
        return False
    own, foreign = (
        sum(word in FUNCTION_WORDS[code] for word in words)
        for code in (language, "es" if language == "en" else "en")
    )
    return foreign >= 2 and foreign > 2 * own and foreign * 6 >= len(words)
