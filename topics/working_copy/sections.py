"""The sections of summaries: rows that hold both languages side by side."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from resources.models import Language
from topics.document import Section, TopicDocument
from topics.models import TopicLanguage, TopicSection

from .rows import overwrite

FIELDS = [
    f"{name}_{language}"
    for name in ("position", "level", "heading", "body")
    for language in Language.values
]


def assemble_sections(
    topics: Collection[int],
) -> defaultdict[tuple[int, str], tuple[Section, ...]]:
    """The sections of each topic and language, in that language's order."""
    found: dict[tuple[int, str], list[TopicSection]] = defaultdict(list)
    for row in TopicSection.objects.filter(topic__in=topics):
        for language in Language.values:
            if getattr(row, f"position_{language}") is not None:
                found[row.topic_id, language].append(row)
    sections: defaultdict[tuple[int, str], tuple[Section, ...]] = defaultdict(tuple)
    for (topic, language), rows in found.items():
        rows.sort(key=lambda row, name=f"position_{language}": getattr(row, name))
        sections[topic, language] = tuple(section_of(row, language) for row in rows)
    return sections


def section_of(row: TopicSection, language: str) -> Section:
    """One language's side of a row."""
    level = getattr(row, f"level_{language}")
    heading = getattr(row, f"heading_{language}") or ""
    return Section(
        level, heading if level is not None else None, getattr(row, f"body_{language}") or ""
    )


def store_sections(items: Sequence[tuple[TopicLanguage, TopicDocument]]) -> None:
    """Replace one or both languages' sections; the other language's texts are left alone.

    Sections pair by their order: leads with leads, the n-th heading with the n-th heading.
    """
    rows: dict[int, list[TopicSection]] = defaultdict(list)
    for row in TopicSection.objects.filter(topic__in={tl.topic_id for tl, _d in items}):
        rows[row.topic_id].append(row)
    new: list[TopicSection] = []
    changed: list[TopicSection] = []
    for tl, document in items:
        of_topic = rows[tl.topic_id]
        for row in of_topic:
            write_side(row, document.language, None, None)
        free = _by_place(of_topic, document.language)
        for position, (place, section) in enumerate(_placed(document.summary or ())):
            row = free.get(place)
            if row is None:
                row = TopicSection(topic_id=tl.topic_id)
                of_topic.append(row)
            write_side(row, document.language, position, section)
    empty: list[int] = []
    for row in (row for of_topic in rows.values() for row in of_topic):
        if all(getattr(row, f"position_{language}") is None for language in Language.values):
            if row.pk:
                empty.append(row.pk)
        else:
            (changed if row.pk else new).append(row)
    TopicSection.objects.filter(pk__in=empty).delete()
    TopicSection.objects.bulk_create(new)
    overwrite(changed, FIELDS)


def write_side(
    row: TopicSection, language: str, position: int | None, section: Section | None
) -> None:
    """Set one language's side of a row; no section means that the language lacks it."""
    setattr(row, f"position_{language}", position)
    setattr(row, f"level_{language}", section and section.level)
    setattr(row, f"heading_{language}", (section and section.heading) or "")
    setattr(row, f"body_{language}", section.body if section else "")


def _placed(sections: Sequence[Section]) -> list[tuple[int, Section]]:
    """Each section with its place: 0 for a lead, 1, 2, … for the headings."""
    placed = []
    place = 0
    for section in sections:
        if section.level is not None:
            place += 1
        placed.append((0 if section.level is None else place, section))
    return placed


def _by_place(rows: list[TopicSection], language: str) -> dict[int, TopicSection]:
    """The rows by the place that their other language gives them."""
    places: dict[int, TopicSection] = {}
    for other in Language.values:
        if other == language:
            continue
        name = f"position_{other}"
        present = [row for row in rows if getattr(row, name) is not None]
        present.sort(key=lambda row, name=name: getattr(row, name))
        for row, (place, _section) in zip(
            present, _placed([section_of(row, other) for row in present]), strict=True
        ):
            places.setdefault(place, row)
    return places
