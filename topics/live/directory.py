"""The titles and addresses of everything here, to which the pages of topics refer.

A page refers to dozens of topics, and asking for them took as long as making the page. So a process
holds all of them, some hundred bytes a topic, and reads them anew when the row of the generation
says so by another mark (docs/adr/0014).
"""

from typing import NamedTuple

from django.conf import settings

from topics import statements
from topics.models import Address, TopicLanguage

from . import path_of


class Target(NamedTuple):
    """A topic or group as it is now. A topic that is not live has no title."""

    key: int
    language: str
    title: str | None
    slug: str
    path: str
    withdrawn: bool


class Directory(NamedTuple):
    """Topics by number and by the address they came from, groups by language and key."""

    mark: str | None
    by_number: dict[int, Target]
    by_address: dict[str, Target]
    groups: dict[tuple[str, int], Target]


_held = Directory(None, {}, {}, {})


def names_mark() -> str | None:
    """What changes with the title, address, other name or state of any topic or group."""
    return next((mark for (mark,) in statements.rows(statements.NAMES_MARK)), None)


def directory(mark: str | None = None) -> Directory:
    """What is here, at least as new as the mark that came with a document; without one, as of now.

    Costs no query while nothing was renamed, published or withdrawn, and three at most.
    """
    global _held
    if mark is None:
        mark = names_mark()
    held = _held
    if held.mark != mark or mark is None:
        # Read after the mark, so what is held may be newer than its mark, and never older.
        held = _held = _read(mark)
    return held


def _read(mark: str | None) -> Directory:
    topics = TopicLanguage.objects.filter(number__isnull=False).values_list(
        "number",
        "language",
        "live_edition__title",
        "address__slug",
        "withdrawn_at",
        "upstream_url",
    )
    by_number = {}
    by_address = {}
    for number, language, title, slug, withdrawn_at, address in topics.iterator():
        path = path_of(language, slug) if slug else ""
        withdrawn = withdrawn_at is not None
        target = Target(number, language, title if slug else None, slug or "", path, withdrawn)
        by_number[number] = target
        if address:
            by_address[address] = target
    return Directory(mark, by_number, by_address, _groups())


def _groups() -> dict[tuple[str, int], Target]:
    languages = tuple(settings.PUBLIC_LANGUAGE_PREFIXES)
    addresses = Address.objects.filter(group__isnull=False).values_list(
        "language", "slug", "group", *(f"group__name_{language}" for language in languages)
    )
    return {
        (language, key): Target(
            key, language, names[languages.index(language)], slug, path_of(language, slug), False
        )
        for language, slug, key, *names in addresses
        if names[languages.index(language)]
    }
