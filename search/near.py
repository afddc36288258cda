"""Which topics may have been meant by an address or a search with nothing to it: misspelt or cut off."""

import re
from difflib import get_close_matches
from functools import lru_cache
from posixpath import splitext
from typing import NamedTuple

from topics import live
from topics.alphabet import letter, slug_of, sort_key
from topics.live.directory import names_mark

from .finding import find

MOST = 6
# Longer than any slug that a title makes; comparing takes time by length.
LONGEST = 60
SIMILAR = 0.75
_NO_WORD = re.compile(r"[\W_]+")


class Near(NamedTuple):
    """A live topic that may have been meant."""

    title: str
    path: str


def near(language: str, path: str) -> list[Near]:
    """The live topics of a language whose names are like the last part of a path, the likeliest first.

    At most five queries: two for the names that begin with the same letter, and a search when there
    is more than one word.
    """
    last = splitext(path.rstrip("/").rsplit("/", 1)[-1])[0]
    words = _NO_WORD.sub(" ", last).strip()
    meant = alike(language, words)
    if " " in words:
        found = find(language, words[:LONGEST])
        # A topic with one of the words says little about an address that has several.
        if not found.any:
            meant += [Near(one.title, one.path) for one in found.results]
    return list(dict.fromkeys(meant))[:MOST]


def alike(language: str, words: str) -> list[Near]:
    """The live topics of a language with a name that is spelt nearly like these words, or begins so.

    Only names with the same first letter are compared. At most two queries.
    """
    wish = slug_of(sort_key(words[:LONGEST]))
    if not wish:
        return []
    names = _held(language, letter(wish), names_mark())
    found = get_close_matches(wish, names, n=MOST, cutoff=SIMILAR)
    found += sorted(slug for slug in names if slug.startswith(wish))[:MOST]
    return list(dict.fromkeys(Near(title, path) for path, title in map(names.get, found)))[:MOST]


@lru_cache(maxsize=64)
def _held(language: str, page: str, _mark: str | None) -> dict[str, tuple[str, str]]:
    """Path and title by slug of the names on a page of the A–Z list, held until a name changes.

    Reading them takes longer than comparing them, and nothing keeps anybody from asking often.
    """
    names: dict[str, tuple[str, str]] = {}
    for name in live.names(language, page):
        for slug in (name.slug, slug_of(sort_key(name.name))):
            names.setdefault(slug[:LONGEST], (live.path_of(language, name.slug), name.title))
    return names
