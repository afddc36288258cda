"""The words every installation starts with: categories, groups and about pages.

A real installation starts without topics, but an import needs to know the order of the sections
and the families of the groups, and the footer needs a disclaimer. Each table is filled once, when
it is empty; from then on it is the editors'.
"""

import csv
import re
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import resources
from resources.models import InformationCategory, Language

from .models import Address, Installation, Page, PageEdition, TopicGroup
from .site import rewrite_frame
from .working_copy.groups import give_addresses

CATEGORIES = Path(resources.__file__).parent / "initial" / "categories.csv"
GROUPS = Path(__file__).parent / "initial" / "groups.csv"
ABOUT = Path(__file__).parent / "initial" / "about"
ABOUT_PAGES = ("quality", "disclaimer", "citing", "accessibility")
# Addresses that such pages had on MedlinePlus; bookmarks to them go on working.
OLD_ADDRESSES = {
    "disclaimers": "disclaimer",
    "criteria": "quality",
    "citing": "citing",
    "accessibility": "accessibility",
}


@transaction.atomic
def fill_vocabulary(**_signal: object) -> None:
    """Fill the tables that are still empty; runs after every migration."""
    filled = False
    if not InformationCategory.objects.exists():
        InformationCategory.objects.bulk_create(_categories())
        filled = True
    if not TopicGroup.objects.exists():
        give_addresses(TopicGroup.objects.bulk_create(_groups()))
        filled = True
    if not Page.objects.exists():
        _make_about_pages()
        filled = True
    if not Installation.objects.exists():
        Installation.objects.create(pk=1)
        filled = True
    if filled:
        rewrite_frame()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _categories() -> list[InformationCategory]:
    return [
        InformationCategory(
            key=row["key"],
            name_en=row["name_en"],
            name_es=row["name_es"],
            recorded_names={language: [row[f"name_{language}"]] for language in Language.values},
            family=row["family"],
            position=int(row["position"]),
            shown=row["shown"] == "1",
        )
        for row in _rows(CATEGORIES)
    ]


def _groups() -> list[TopicGroup]:
    return [
        TopicGroup(
            number=int(row["number"]) if row["number"] else None,
            slug=row["slug"],
            family=row["family"],
            name_en=row["name_en"],
            name_es=row["name_es"],
        )
        for row in _rows(GROUPS)
    ]


def _make_about_pages() -> None:
    now = timezone.now()
    for position, key in enumerate(ABOUT_PAGES):
        page = Page(key=key, slug=f"about/{key}", position=position)
        for language in Language.values:
            text = (ABOUT / f"{key}.{language}.html").read_text(encoding="utf-8")
            title, body = re.fullmatch(r"\s*<h1>(.*?)</h1>\s*(.*)", text, re.DOTALL).groups()
            setattr(page, f"title_{language}", title)
            setattr(page, f"body_{language}", body)
        page.save()
        for language in Language.values:
            PageEdition.objects.create(
                page=page,
                language=language,
                number=1,
                title=getattr(page, f"title_{language}"),
                body=getattr(page, f"body_{language}"),
                created_at=now,
            )
            address = Address.objects.create(language=language, slug=page.slug, page=page)
            for old, kept in OLD_ADDRESSES.items():
                if kept == key:
                    Address.objects.create(language=language, slug=old, redirect_to=address)
