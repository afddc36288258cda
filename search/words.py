"""From text to the words by which it is found: the one rule for what is indexed and what is asked.

Words are cut and folded here and not by the database, so that SQLite and PostgreSQL see the same
ones. A stemmer or synonyms of a language would join in `forms`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# An apostrophe stands within a word: “Alzheimer's” is one.
WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_PARTS = re.compile(r"[^\W_]+")
# No word is longer; the rest of a longer one is ignored. PostgreSQL refuses words of 2,047 bytes.
LONGEST_WORD = 64

# Words that say nothing about the subject: “what is leukemia?” asks for leukemia.
FUNCTION_WORDS = {
    "en": frozenset(
        "a about am an and are as at be by can do does for from has have how i if in is it its me my "
        "of on or should that the their there this to was what whats when where which who why with you "
        "your".split()
    ),
    "es": frozenset(
        "a al como con cual cuales cuando cuanto de debo del donde e el en es esta este esto hay la "
        "las le les lo los me mi mis o para pero por porque puede puedo que quien se si sobre son su "
        "sus te tengo tiene tu u un una unas unos y".split()
    ),
}


def fold(word: str) -> str:
    """A word without case, accents and apostrophes; empty when nothing of it can be searched."""
    if word.isascii() and word.isalnum():
        return word.lower()[:LONGEST_WORD]
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return "".join(filter(str.isalnum, decomposed))[:LONGEST_WORD]


@lru_cache(maxsize=65_536)
def forms(word: str) -> tuple[str, ...]:
    """All folded words by which one word of a text is found, itself first.

    “Alzheimer's” is found as alzheimers and as alzheimer.
    """
    folded = fold(word)
    if word.isalnum():
        return (folded,) if folded else ()
    parts = [fold(part) for part in _PARTS.findall(word) if len(part) > 1]
    return tuple(dict.fromkeys(form for form in (folded, *parts) if form))


def asked(text: str) -> list[str]:
    """The words of a search, folded, in their order."""
    folded = (fold(word) for word in WORD.findall(normal(text)))
    return [word for word in folded if word]


def indexed(texts: Iterable[str]) -> str:
    """The words of some texts as a column of the index holds them.

    One line for each text, its words as `asked` would give them, so that a whole name can be
    compared; then the further forms of words.
    """
    lines = [""]
    further: list[str] = []
    for text in texts:
        found = [forms(word) for word in WORD.findall(normal(text))]
        lines.append(" ".join(one[0] for one in found if one))
        further += [form for one in found for form in one[1:]]
    return "\n".join([*lines, " ".join(further)])


def normal(text: str) -> str:
    """Text with its accents joined to their letters, as words are cut from it."""
    return unicodedata.normalize("NFC", text)
