"""Writing the parts of one language of a topic. Each function writes only what differs.

They run inside `saving.one_save`, touch nothing of the other language, and say whether there was
anything to write.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from resources.models import other_language
from topics.document import Section
from topics.models import (
    HealthTopic,
    Membership,
    OtherLanguage,
    RelatedTopic,
    TopicLanguage,
    TopicName,
    TopicSection,
)
from topics.working_copy.sections import section_of, write_side

# A section to store: the key of its row, None for a new row, and what it says.
KeyedSection = tuple[int | None, Section]
SIDE = ("position", "level", "heading", "body")


def sections_of(topic_id: int) -> list[TopicSection]:
    """All rows of a topic's summary, in both languages."""
    return list(TopicSection.objects.filter(topic=topic_id).order_by("pk"))


def in_order(rows: Iterable[TopicSection], language: str) -> list[TopicSection]:
    """The rows that a language has, in its order."""
    position = f"position_{language}"
    present = [row for row in rows if getattr(row, position) is not None]
    return sorted(present, key=lambda row: getattr(row, position))


def store_sections(topic_language: TopicLanguage, wanted: Sequence[KeyedSection]) -> bool:
    """Make these the sections of the language, in this order; the other language stays as it is."""
    language = topic_language.language
    rows = {row.pk: row for row in sections_of(topic_language.topic_id)}
    stored = [(row.pk, section_of(row, language)) for row in in_order(rows.values(), language)]
    if stored == list(wanted):
        return False
    kept: set[int | None] = set()
    for position, (key, section) in enumerate(wanted):
        row = rows.get(key) if key not in kept else None
        kept.add(key)
        _write(row or TopicSection(topic_id=topic_language.topic_id), language, position, section)
    for key, _section in stored:
        if key not in kept:
            _write(rows[key], language, None, None)
    other = f"position_{other_language(language)}"
    TopicSection.objects.filter(
        topic=topic_language.topic_id, **{f"position_{language}": None, other: None}
    ).delete()
    if wanted and not topic_language.has_summary:
        TopicLanguage.objects.filter(pk=topic_language.pk).update(has_summary=True)
    return True


def _write(row: TopicSection, language: str, position: int | None, section: Section | None) -> None:
    """Write one language's columns of a row, and no other column."""
    write_side(row, language, position, section)
    columns = {f"{name}_{language}": getattr(row, f"{name}_{language}") for name in SIDE}
    if row.pk is None:
        row.save()
    elif not TopicSection.objects.filter(pk=row.pk).update(**columns):
        # The other language gave the row up in the meantime, and with it the row: begin a new one.
        TopicSection.objects.create(topic_id=row.topic_id, **columns)


def store_texts(topic_language: TopicLanguage, **texts: str | None) -> bool:
    """Write this language's columns of the topic itself, such as its title."""
    columns = {f"{name}_{topic_language.language}": value for name, value in texts.items()}
    topics = HealthTopic.objects.filter(pk=topic_language.topic_id)
    stored = topics.values(*columns).get()
    if stored == columns:
        return False
    topics.update(**columns)
    return True


def store_names(topic_language: TopicLanguage, kind: str, wanted: Sequence[str]) -> bool:
    """Make these the names of a kind."""
    rows = TopicName.objects.filter(topic_language=topic_language, kind=kind)
    if [name.strip() for name in rows.values_list("name", flat=True)] == list(wanted):
        return False
    rows.delete()
    TopicName.objects.bulk_create(
        TopicName(topic_language=topic_language, kind=kind, name=name, position=position)
        for position, name in enumerate(wanted)
    )
    return True


def store_groups(topic_language: TopicLanguage, wanted: Sequence[int]) -> bool:
    """Make these the groups; those it had keep their order and what the record called them."""
    rows = Membership.objects.filter(topic_language=topic_language)
    had = list(rows.values_list("group", flat=True))
    if set(had) == set(wanted):
        return False
    rows.exclude(group__in=wanted).delete()
    last = max(rows.values_list("position", flat=True), default=-1)
    new = [group for group in wanted if group not in had]
    Membership.objects.bulk_create(
        Membership(topic_language=topic_language, group_id=group, position=last + number)
        for number, group in enumerate(new, start=1)
    )
    return True


def store_related(
    topic_language: TopicLanguage, wanted: Sequence[tuple[int | None, TopicLanguage | None]]
) -> bool:
    """Make these the related topics: (key of the row, topic here or None for “as recorded”)."""
    rows = {row.pk: row for row in RelatedTopic.objects.filter(topic_language=topic_language)}
    new: list[RelatedTopic] = []
    for key, target in wanted:
        row = rows.get(key)
        if row is not None and row.target_id == (target and target.pk):
            new.append(row)
        elif target is not None:
            new.append(RelatedTopic(topic_language=topic_language, target=target))
    new = list({row.pk or -row.target_id: row for row in new}.values())
    return _replace(RelatedTopic, list(rows.values()), new)


def store_other_languages(
    topic_language: TopicLanguage, wanted: Sequence[tuple[int | None, dict[str, str]]]
) -> bool:
    """Make these the materials in further languages: (key of the row, name and address)."""
    rows = {row.pk: row for row in OtherLanguage.objects.filter(topic_language=topic_language)}
    new: list[OtherLanguage] = []
    for key, values in wanted:
        row = rows.get(key)
        same = row and all((getattr(row, name) or "") == value for name, value in values.items())
        if not same:
            filled = {name: value or None for name, value in values.items()}
            row = OtherLanguage(topic_language=topic_language, **filled)
        new.append(row)
    return _replace(OtherLanguage, list(rows.values()), new)


def _replace(model: type, stored: list[Any], wanted: list[Any]) -> bool:
    """Make the wanted rows the only ones, numbered in their order."""
    if [row.pk for row in stored] == [row.pk for row in wanted]:
        return False
    kept = [row.pk for row in wanted if row.pk]
    model.objects.filter(pk__in=[row.pk for row in stored if row.pk not in kept]).delete()
    for position, row in enumerate(wanted):
        row.position = position
        row.save()
    return True
