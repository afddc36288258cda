"""The documents that were asked for last, in the memory of this process.

Every publish makes all pages anew, and hardly any of their documents has changed. So the database
is told which one is here already, and sends only another one.
"""

from threading import Lock

from django.conf import settings

_held: dict[tuple[str, str], tuple[str, str]] = {}
_changing = Lock()


def get(language: str, slug: str) -> tuple[str | None, str | None]:
    """Key and text of the document that was last at an address."""
    return _held.get((language, slug), (None, None))


def keep(language: str, slug: str, key: str, text: str) -> None:
    """Have the document here from now on; of too many, the one that came first leaves."""
    with _changing:
        _held.pop((language, slug), None)
        _held[language, slug] = (key, text)
        while len(_held) > settings.DOCUMENTS_HELD:
            del _held[next(iter(_held))]
