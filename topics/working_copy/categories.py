"""Finding the information category a record names, or making it."""

from collections.abc import Iterable, Sequence

from resources.models import InformationCategory, Language
from topics.alphabet import slug_of


def categories_named(
    names: Iterable[tuple[str, str]],
) -> dict[tuple[str, str], tuple[str, str]]:
    """Key and present name of every information category named, by (language, name).

    A category is known by its present name, else by a name under which records called it before an
    editor gave it another. One that was never seen is made.
    """
    wanted = dict.fromkeys(names)
    categories = list(InformationCategory.objects.all())
    recorded = {
        (language, name): category.key
        for category in reversed(categories)
        for language, ones in category.recorded_names.items()
        for name in ones
    }
    present = {
        (language, getattr(category, f"name_{language}")): category.key
        for category in reversed(categories)
        for language in Language.values
    }
    known = recorded | present
    for language, name in wanted:
        if (language, name) not in known:
            category = _new_category(language, name, categories)
            categories.append(category)
            known[language, name] = category.key
    _remember_names(categories, {name: known[name] for name in wanted if name not in recorded})
    of_key = {category.key: category for category in categories}
    return {
        (language, name): (key, getattr(of_key[key], f"name_{language}") or name)
        for (language, name), key in known.items()
        if (language, name) in wanted
    }


def _new_category(
    language: str, name: str, categories: Sequence[InformationCategory]
) -> InformationCategory:
    """A category that was never seen, behind the known ones."""
    taken = {category.key for category in categories}
    wish = slug_of(name)[:80] or "category"
    key, number = wish, 1
    while key in taken:
        number += 1
        key = f"{wish}-{number}"
    return InformationCategory.objects.create(
        key=key, position=len(taken) + 1, **{f"name_{language}": name}
    )


def _remember_names(
    categories: Sequence[InformationCategory], named: dict[tuple[str, str], str]
) -> None:
    """Note names under which records call a category, so that they hold when it is renamed."""
    of_key = {category.key: category for category in categories}
    for (language, name), key in named.items():
        category = of_key[key]
        category.recorded_names.setdefault(language, []).append(name)
        category.save(update_fields=["recorded_names"])
