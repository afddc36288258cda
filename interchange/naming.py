"""By which addresses and titles an export names topics and groups: the source's, or this site's."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Max, Q

from resources.models import Language, other_language
from topics import richtext
from topics.document import GroupReference, Reference, TopicDocument
from topics.live import path_of
from topics.models import (
    LOCAL_NUMBER_BASE,
    Edition,
    LiveMembership,
    Membership,
    TopicLanguage,
)

from .loading.merging import EDITED_ORIGINS
from .xml_writer import WrittenGroup


@dataclass(frozen=True, slots=True)
class Listed:
    """A live topic in one language. `edited`: somebody changed it here after the last import."""

    edition: int
    topic: int
    number: int
    language: str
    title: str
    slug: str
    upstream_url: str
    edited: bool

    @property
    def site_url(self) -> str:
        return settings.SITE_URL + path_of(self.language, self.slug)

    @property
    def url(self) -> str:
        """The address by which the source knows the topic; this site's where it was made here."""
        return self.upstream_url or self.site_url

    @property
    def made_here(self) -> bool:
        return self.number >= LOCAL_NUMBER_BASE


# A live document, and its topic as it stands here now: the number of a topic of the demonstration may
# have changed since the document went live, so nothing is looked up by the document's own number.
Naming = Callable[[TopicDocument, Listed], TopicDocument]


class Directory:
    """Everything that is live, by number, and the groups it stands in."""

    def __init__(self) -> None:
        self.by_number: dict[int, Listed] = {}
        self.by_place: dict[tuple[int, str], Listed] = {}
        self._load_topics()
        self.groups: dict[tuple[int, str], WrittenGroup] = {}
        self.recorded_groups: dict[tuple[int, str], str] = {}
        self._load_groups()

    def _load_topics(self) -> None:
        edited = _edited()
        rows = TopicLanguage.objects.filter(
            live_edition__isnull=False, address__isnull=False
        ).values_list(
            "pk",
            "live_edition",
            "topic",
            "number",
            "language",
            "live_edition__title",
            "address__slug",
            "upstream_url",
        )
        for key, *columns in rows.iterator():
            listed = Listed(*columns, edited=key in edited)
            self.by_number[listed.number] = listed
            self.by_place[listed.topic, listed.language] = listed

    def _load_groups(self) -> None:
        rows = LiveMembership.objects.values_list(
            "group",
            "topic_language__language",
            "group__number",
            "group__slug",
            *(f"group__name_{language}" for language in Language.values),
        ).distinct()
        for key, language, number, slug, *names in rows.order_by():
            name = dict(zip(Language.values, names, strict=True))[language] or ""
            url = settings.SITE_URL + path_of(language, slug)
            self.groups[key, language] = WrittenGroup(
                language, number or LOCAL_NUMBER_BASE + key, name, url
            )
        ordered = sorted(self.groups.items(), key=lambda item: (item[1].language, item[1].number))
        self.groups = dict(ordered)
        recorded = Membership.objects.filter(recorded__url__isnull=False).values_list(
            "group", "topic_language__language", "recorded__url"
        )
        for key, language, url in recorded.distinct().order_by():
            if url:
                self.recorded_groups[key, language] = url

    def shown_group(self, reference: GroupReference, language: str) -> WrittenGroup | None:
        """A group as readers of a language see it; None where it has no name or no live topic."""
        group = self.groups.get((reference.group, language))
        return group if group is not None and group.name else None

    def listed(self) -> list[Listed]:
        """All live topics in the order of real files: per language by lower-cased title."""
        return sorted(
            self.by_number.values(), key=lambda one: (one.language, one.title.lower(), one.number)
        )

    def beside(self, here: Listed) -> Listed | None:
        """The live topic in the other language."""
        return self.by_place.get((here.topic, other_language(here.language)))


def _edited() -> set[int]:
    """Keys of the topics whose newest own edition was written here and not imported."""
    rows = (
        Edition.objects.order_by()
        .values_list("topic_language")
        .annotate(
            here=Max("number", filter=Q(origin__in=EDITED_ORIGINS)),
            imported=Max("number", filter=Q(origin__in=["import", "demo"])),
        )
        .filter(here__isnull=False)
    )
    return {key for key, here, imported in rows if imported is None or here > imported}


def by_source(directory: Directory) -> Naming:
    """Name everything as the record named it; what was made or renamed here by its name here."""

    def named(reference: Reference) -> Reference | None:
        here = directory.by_number.get(reference.number)
        made_here = (reference.number or 0) >= LOCAL_NUMBER_BASE
        recorded = reference.title and reference.url
        if here is not None and (here.edited or made_here or not recorded):
            return replace(reference, title=here.title, url=here.url)
        return None if made_here or not reference.title else reference

    def group(reference: GroupReference, here: Listed) -> GroupReference | None:
        if reference.url is not None or not (here.edited or here.made_here):
            return reference
        # One that an editor gave is called as readers see it, and left out where they do not.
        shown = directory.shown_group(reference, here.language)
        recorded = directory.recorded_groups.get((reference.group, here.language))
        return shown and replace(reference, name=shown.name, url=recorded or shown.url)

    def body_address(address: str, number: int | None) -> str | None:
        here = directory.by_number.get(number)
        return here.url if here is not None and (here.made_here or not address) else address or None

    def name(document: TopicDocument, here: Listed) -> TopicDocument:
        beside = directory.beside(here)
        mapped = document.mapped and named(document.mapped)
        if mapped is None and beside is not None and (here.made_here or beside.made_here):
            mapped = Reference(beside.number, beside.title, beside.url, beside.language)
        return replace(
            document.map_bodies(lambda body: richtext.rewrite_links(body, body_address, keep=True)),
            number=here.number,
            url=document.url or here.site_url,
            groups=tuple(filter(None, (group(given, here) for given in document.groups))),
            mapped=mapped,
            related=tuple(r for r in map(named, document.related) if r is not None),
        )

    return name


def by_site(directory: Directory) -> Naming:
    """Name everything that is live here by its title and address here."""

    def named(reference: Reference) -> Reference | None:
        here = directory.by_number.get(reference.number)
        if here is not None:
            return replace(reference, title=here.title, url=here.site_url)
        made_here = (reference.number or 0) >= LOCAL_NUMBER_BASE
        return None if made_here or not reference.title else reference

    def group(reference: GroupReference, language: str) -> GroupReference | None:
        shown = directory.shown_group(reference, language)
        return shown and replace(reference, number=shown.number, name=shown.name, url=shown.url)

    def body_address(address: str, number: int | None) -> str | None:
        here = directory.by_number.get(number)
        return here.site_url if here is not None else address or None

    def name(document: TopicDocument, here: Listed) -> TopicDocument:
        beside = directory.beside(here)
        if beside is not None:
            mapped = Reference(beside.number, beside.title, beside.site_url, beside.language)
        else:
            mapped = document.mapped and named(document.mapped)
        groups = (group(reference, document.language) for reference in document.groups)
        return replace(
            document.map_bodies(lambda body: richtext.rewrite_links(body, body_address, keep=True)),
            number=here.number,
            url=here.site_url,
            groups=tuple(filter(None, groups)),
            mapped=mapped,
            related=tuple(r for r in map(named, document.related) if r is not None),
        )

    return name
