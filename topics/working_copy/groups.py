"""Finding the group a record names, or making it."""

from collections.abc import Sequence

from resources.models import Language
from topics.addresses import reserved
from topics.alphabet import slug_of, slug_of_address
from topics.document import GroupReference, TopicDocument
from topics.models import Address, TopicGroup, TopicLanguage
from topics.site import bump_generation

GroupKey = tuple[str, GroupReference]


def group_rows(
    items: Sequence[tuple[TopicLanguage, TopicDocument]],
) -> dict[GroupKey, TopicGroup]:
    """The row of every group that the documents name, by (language, reference as recorded).

    A group is known by its number, else by its address, else by its name in that language. One
    that was never seen is made, without a family, for an editor to place.
    """
    wanted: dict[GroupKey, None] = {
        (document.language, reference): None
        for _tl, document in items
        for reference in document.groups
    }
    groups = list(TopicGroup.objects.all())
    found: dict[GroupKey, TopicGroup] = {}
    for language, reference in wanted:
        group = _match(groups, language, reference) or _make(language, reference)
        if group not in groups:
            groups.append(group)
        _complete(group, language, reference)
        found[language, reference] = group
    return found


def _match(groups: list[TopicGroup], language: str, reference: GroupReference) -> TopicGroup | None:
    slug = slug_of_address(reference.url)
    tests = (
        lambda group: reference.number is not None and group.number == reference.number,
        lambda group: bool(slug) and group.slug == slug and _free(group, reference),
        lambda group: (
            getattr(group, f"name_{language}") == reference.name and _free(group, reference)
        ),
    )
    for test in tests:
        for group in groups:
            if test(group):
                return group
    return None


def _free(group: TopicGroup, reference: GroupReference) -> bool:
    """Whether the numbers allow the two to be the same group."""
    return None in (group.number, reference.number) or group.number == reference.number


def _make(language: str, reference: GroupReference) -> TopicGroup:
    """A new group with an address of its own in the namespace that all pages share."""
    wish = slug_of_address(reference.url) or slug_of(reference.name) or "group"
    slug, number = wish, 1
    while (
        reserved(slug)
        or TopicGroup.objects.filter(slug=slug).exists()
        or Address.objects.filter(slug=slug).exists()
    ):
        number += 1
        slug = f"{wish}-{number}"
    group = TopicGroup(slug=slug, number=reference.number)
    setattr(group, f"name_{language}", reference.name)
    group.save()
    give_addresses([group])
    return group


def _complete(group: TopicGroup, language: str, reference: GroupReference) -> None:
    """Fill in what the row does not know yet; what it knows is the editors' to change."""
    missing = []
    if group.number is None and reference.number is not None:
        group.number = reference.number
        missing.append("number")
    if not getattr(group, f"name_{language}"):
        setattr(group, f"name_{language}", reference.name)
        missing.append(f"name_{language}")
        # Topics that are live in the group are listed under that name at once.
        bump_generation()
    if missing:
        group.save(update_fields=missing)


def give_addresses(groups: Sequence[TopicGroup]) -> None:
    """Give new groups their address in every language."""
    Address.objects.bulk_create(
        Address(language=language, slug=group.slug, group=group)
        for group in groups
        for language in Language.values
    )
