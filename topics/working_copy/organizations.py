"""Finding the organisations that links name, or making them."""

from collections.abc import Iterable, Mapping, Sequence

from resources.models import Language, Organization, other_language

# Plans stay quick with lists of this length.
CHUNK = 500


def organization_keys(links: Iterable[Mapping[str, Sequence[str]]]) -> dict[tuple[str, str], int]:
    """The key of every organisation named, by (language, name); new ones are made.

    A link is the names of its organisations by language. Where it names exactly one new organisation
    in each language, the two are one row.
    """
    pairs: dict[tuple[str, str], str | None] = {}
    for link in links:
        single = all(len(names) == 1 for names in link.values())
        for language, names in link.items():
            for name in names:
                pair = link[other_language(language)][0] if single else None
                pairs.setdefault((language, name), pair)
    known: dict[tuple[str, str], int] = {}
    for language in Language.values:
        names = sorted({name for of, name in pairs if of == language})
        for start in range(0, len(names), CHUNK):
            rows = Organization.objects.filter(
                **{f"name_{language}__in": names[start : start + CHUNK]}
            ).order_by("-pk")
            known |= {(language, getattr(row, f"name_{language}")): row.pk for row in rows}
    for (language, name), pair in pairs.items():
        if (language, name) in known:
            continue
        values = {f"name_{language}": name}
        paired = pair is not None and (other_language(language), pair) not in known
        if paired:
            values[f"name_{other_language(language)}"] = pair
        row = Organization.objects.create(**values)
        known[language, name] = row.pk
        if paired:
            known[other_language(language), pair] = row.pk
    return known
