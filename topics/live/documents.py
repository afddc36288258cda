"""The documents that were asked for last, in the memory of this process.

Every publish makes all pages anew, and hardly any of their documents has changed. So the database
is told which one is here already, and sends only another one.
"""

from threading import Lock
from typing import NamedTuple

from django.conf import settings


class Held(NamedTuple):
    """A document, the key that no other one has, and the origin of what was taken from a file."""

    key: str | None
    text: str | None
    taken_from: str | None


NOTHING = Held(None, None, None)

_held: dict[tuple[str, str], Held] = {}
_changing = Lock()


def get(language: str, slug: str) -> Held:
    """The document that was last at an address."""
    return _held.get((language, slug), NOTHING)


def keep(language: str, slug: str, held: Held) -> None:
    """Have the document here from now on; of too many, the one that came first leaves."""
    with _changing:
        _held.pop((language, slug), None)
        _held[language, slug] = held
        while len(_held) > settings.DOCUMENTS_HELD:
            del _held[next(iter(_held))]
