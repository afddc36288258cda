"""The one gate through which the public reads: live editions, their addresses, names and groups.

No page or feed asks the models for texts or lists that the public sees. Every function here
costs one query (`find` at most three), whatever the size of the site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from topics import statements
from topics.models import Address, Edition, LiveName, PageEdition, TopicLanguage

from . import documents


class Category(NamedTuple):
    """A section of links: its key, its place among the others, and whether it is ever displayed."""

    key: str
    names: dict[str, str]
    family: str
    position: int
    shown: bool


@dataclass(frozen=True, eq=False)
class Frame:
    """What every page needs and only an editor changes. The same frame is the same object."""

    installation: dict[str, str]
    categories: dict[str, Category]
    pages: list[dict[str, str]]

    def site_name(self, language: str) -> str:
        """The name of the site; the other language's where it has none, at last its host."""
        names = (
            self.installation.get(f"name_{x}") for x in (language, *languages_beside(language))
        )
        return next(filter(None, names), urlsplit(settings.SITE_URL).netloc)


class Found(NamedTuple):
    """What answers at an address, as columns; `others` are the addresses of the same in other languages.

    `taken_from` is the origin of the last edition that came from a file, whoever edited it since.
    What comes after `others` is known only where no topic is live.
    """

    frame: Frame | None
    mark: str | None
    document: str | None
    taken_from: str | None
    content_changed_at: datetime | None
    last_reviewed: date | None
    next_review: date | None
    others: dict[str, str]
    withdrawn: bool = False
    withdrawn_reason: str | None = None
    group: int | None = None
    group_name: str | None = None
    page: int | None = None
    redirect_language: str | None = None
    redirect_slug: str | None = None
    gone_reason: str | None = None


class ListedName(NamedTuple):
    """One line of an A–Z list: a name, and the topic to which it leads."""

    name: str
    kind: str
    title: str
    slug: str

    @property
    def is_title(self) -> bool:
        return self.kind == LiveName.Kind.TITLE


class ListedTopic(NamedTuple):
    """A live topic in a list."""

    title: str
    slug: str
    content_changed_at: datetime | None = None


class LivePage(NamedTuple):
    """An about page in one language as published last."""

    title: str
    body: str
    created_at: datetime


def path_of(language: str, slug: str) -> str:
    """The public path of a topic, group or page."""
    return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}{slug}.html"


def languages_beside(language: str) -> list[str]:
    """The public languages apart from the one given."""
    return [code for code in settings.PUBLIC_LANGUAGE_PREFIXES if code != language]


# --- What every page shows --------------------------------------------------------------------------


# The frame read last, by its mark.
_held: tuple[str | None, Frame] = (None, Frame({}, {}, []))


def read_frame() -> Frame:
    """The site's own words, the categories and the about pages."""
    rows = statements.rows(statements.FRAME)
    return _frame(rows[0][0], rows[0][2]) if rows else _frame(None, None)


def _frame(mark: str | None, text: str | None) -> Frame:
    """The frame of a mark; without its text, the one that is held."""
    global _held
    held, frame = _held
    if mark != held:
        frame = _parsed_frame(loads(text or "{}"))
        _held = (mark, frame)
    return frame


def _parsed_frame(data: dict[str, Any]) -> Frame:
    categories = {
        category["key"]: Category(
            key=category["key"],
            names={
                language: category[f"name_{language}"]
                for language in settings.PUBLIC_LANGUAGE_PREFIXES
            },
            family=category["family"],
            position=category["position"],
            shown=category["shown"],
        )
        for category in data.get("categories", ())
    }
    return Frame(data.get("installation", {}), categories, data.get("pages", []))


# --- One page ---------------------------------------------------------------------------------------


def find(language: str, slug: str) -> Found | None:
    """What answers at an address, or None. A live topic comes with its whole document, in one query.

    Anything else costs a second one.
    """
    address, found = _find(language, slug)
    if address is None or found.document:
        return found
    rows = statements.rows(statements.INSTEAD[language], [address])
    if rows and not rows[0][0]:
        _is_live, *columns = rows[0]
        here, slugs = columns[: len(_INSTEAD)], columns[len(_INSTEAD) :]
        others = found.others | _others(language, slugs)
        return found._replace(others=others, **dict(zip(_INSTEAD, here, strict=True)))
    # It went live, or was taken away, between the two.
    _address, found = _find(language, slug)
    return found if found and found.document else None


_INSTEAD = Found._fields[Found._fields.index("withdrawn") :]


def _find(language: str, slug: str) -> tuple[int | None, Found | None]:
    """Key of an address, and the live topic there: without a document where there is none."""
    held_mark, frame = _held
    held = documents.get(language, slug)
    known = (held_mark, held.key, held.key, language, slug)
    row = statements.rows(statements.FIND[language], known)[0]
    frame_mark, mark, text, address, key, document, taken_from, changed, *row = row
    reviewed, next_review, *slugs = row
    if key and document is None:
        document, taken_from = held.text, held.taken_from
    elif key:
        documents.keep(language, slug, documents.Held(key, document, taken_from))
    if frame_mark != held_mark:
        frame = _frame(frame_mark, text)
    if address is None:
        return None, None
    return address, Found(
        frame,
        mark,
        document,
        taken_from,
        statements.moment(changed),
        statements.day(reviewed),
        statements.day(next_review),
        _others(language, slugs),
    )


def _others(language: str, slugs: Sequence[str | None]) -> dict[str, str]:
    """Addresses by language, from one column for each of the other languages."""
    beside = zip(languages_beside(language), slugs, strict=True)
    return {code: slug for code, slug in beside if slug}


def live_elsewhere(language: str, slug: str) -> tuple[str, ListedTopic, str | None] | None:
    """What has this address in a language other than the one given.

    That language, the live topic, and the address at which the topic is live in the language given.
    """
    here = Address.objects.filter(
        language=language,
        topic_language__topic=OuterRef("topic_language__topic"),
        topic_language__live_edition__isnull=False,
    )
    row = (
        Address.objects.filter(
            language__in=languages_beside(language),
            slug=slug,
            topic_language__live_edition__isnull=False,
        )
        .values_list(
            "language", "topic_language__live_edition__title", "slug", Subquery(here.values("slug"))
        )
        .first()
    )
    return row and (row[0], ListedTopic(row[1], row[2]), row[3])


def last_titles(language: str, slug: str) -> dict[str, str]:
    """The title, by language, of the last edition of the topic that has or had this address."""
    here = Address.objects.filter(
        language=language, slug=slug, topic_language__topic=OuterRef("topic")
    )
    last = Edition.objects.filter(topic_language=OuterRef("pk")).order_by("-number")
    rows = TopicLanguage.objects.filter(Exists(here)).values_list(
        "language", Subquery(last.values("title")[:1])
    )
    return {code: title for code, title in rows if title}


def page(language: str, key: int) -> LivePage | None:
    """An about page as it is live in a language."""
    row = (
        PageEdition.objects.filter(page=key, language=language)
        .order_by("-number")
        .values_list("title", "body", "created_at")
        .first()
    )
    return row and LivePage(*row)


# --- Lists ------------------------------------------------------------------------------------------


def names(language: str, letter: str) -> list[ListedName]:
    """The names on one page of the A–Z list."""
    return _listed(LiveName.objects.filter(language=language, letter=letter))


def has_names(language: str, letter: str) -> bool:
    """Whether anything stands on one page of the A–Z list."""
    return LiveName.objects.filter(language=language, letter=letter).exists()


def titles(language: str) -> list[ListedName]:
    """The titles of all live topics in a language."""
    return _listed(LiveName.objects.filter(language=language, kind=LiveName.Kind.TITLE))


def _listed(rows: QuerySet[LiveName]) -> list[ListedName]:
    # Sorted here and not by the database, whose collations differ in what they ignore.
    columns = rows.values_list(
        "sort_key",
        "name",
        "kind",
        "topic_language__live_edition__title",
        "topic_language__address__slug",
    )
    return [ListedName(*row[1:]) for row in sorted(columns)]


def letters() -> dict[str, set[str]]:
    """The pages of the A–Z list that have names on them, for each language."""
    used: dict[str, set[str]] = {language: set() for language in settings.PUBLIC_LANGUAGE_PREFIXES}
    for language, letter in LiveName.objects.values_list("language", "letter").distinct():
        used[language].add(letter)
    return used


def recent(language: str, count: int) -> list[ListedTopic]:
    """The live topics whose content changed last."""
    rows = newest(language).values_list(
        "live_edition__title", "address__slug", "live_edition__content_changed_at"
    )
    return [ListedTopic(*row) for row in rows[:count]]


def newest(language: str) -> QuerySet[TopicLanguage]:
    """All live topics in a language, those whose content changed last first."""
    return TopicLanguage.objects.filter(language=language, live_edition__isnull=False).order_by(
        "-live_edition__content_changed_at", "-live_edition"
    )
