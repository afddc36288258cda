"""What every public page shows of the site itself, and the number that says it may have changed."""

import json

from django.db.models import F

from resources.models import InformationCategory, Language

from .models import Generation, Installation, PageEdition


def bump_generation() -> None:
    """Say, in the caller's transaction, that some public page changes with it."""
    if not Generation.objects.filter(pk=1).update(number=F("number") + 1):
        Generation.objects.create(pk=1, frame=frame_json())


def rewrite_frame() -> None:
    """Put the installation's words, categories and about pages where pages read them.

    To be called in the transaction that changed any of them.
    """
    Generation.objects.update_or_create(pk=1, defaults={"frame": frame_json()})
    bump_generation()


def frame_json() -> str:
    """The frame as JSON: `installation`, `categories` in page order, `pages` for the footer."""
    installation = Installation.objects.filter(pk=1).first() or Installation()
    languages = list(Language.values)
    words = {
        f"{name}_{language}": getattr(installation, f"{name}_{language}") or ""
        for name in ("name", "tagline", "disclaimer", "source_credit")
        for language in languages
    }
    words |= {
        name: getattr(installation, name)
        for name in ("publisher", "place", "contact", "emergency_number")
    }
    categories = [
        {
            "key": category.key,
            **{
                f"name_{language}": getattr(category, f"name_{language}") or ""
                for language in languages
            },
            "family": category.family,
            "position": category.position,
            "shown": category.shown,
        }
        for category in InformationCategory.objects.all()
    ]
    frame = {"installation": words, "categories": categories, "pages": _pages()}
    return json.dumps(frame, ensure_ascii=False)


def _pages() -> list[dict[str, str]]:
    """Slug and titles of the about pages that are live, in the order of the footer."""
    pages: dict[int, dict[str, str]] = {}
    editions = PageEdition.objects.select_related("page").order_by(
        "page__position", "page__key", "number"
    )
    for edition in editions:
        page = pages.setdefault(edition.page_id, {"slug": edition.page.slug})
        page[f"title_{edition.language}"] = edition.title
    return list(pages.values())
