"""What every public page shows of the site itself, and the number that says it may have changed."""

import json
import time
from collections.abc import Callable

from django.db import connection
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest

from resources.models import InformationCategory, Language

from .models import Generation, Installation, PageEdition
from .models.public import new_mark

# Any number that no other advisory lock of the database has.
_SHARED_THINGS = 20_261_122


# Called, inside the transaction, whenever some public page changes. A room to the right adds its
# function in AppConfig.ready; raising aborts.
listeners: list[Callable[[], None]] = []


def bump_generation(*, names_stay: bool = False) -> None:
    """Say, in the caller's transaction, that some public page changes with it.

    `names_stay` promises that no topic or group got another title, address or state, so that
    readers need not read all of those anew.
    """
    _tell_listeners()
    marks = {} if names_stay else {"names_mark": new_mark()}
    if not Generation.objects.filter(pk=1).update(number=_next_number(), **marks):
        Generation.objects.create(pk=1, frame=frame_json())


def rewrite_frame() -> None:
    """Put the installation's words, categories and about pages where pages read them.

    To be called in the transaction that changed any of them. The row is locked before anything is
    read: of two such transactions the second waits, and reads what the first has changed.
    """
    Generation.objects.get_or_create(pk=1)
    Generation.objects.select_for_update().get(pk=1)
    Generation.objects.filter(pk=1).update(
        frame=frame_json(), frame_mark=new_mark(), names_mark=new_mark(), number=_next_number()
    )
    _tell_listeners()


def _tell_listeners() -> None:
    for listener in listeners:
        listener()


def _next_number() -> Greatest:
    """One more, and at least the present time in milliseconds.

    So a database restored from a backup never says again a number under which a cache somewhere
    holds pages of what came after the backup.
    """
    return Greatest(
        F("number") + 1, Value(time.time_ns() // 1_000_000), output_field=BigIntegerField()
    )


def hold_shared_things() -> None:
    """Let nobody look, until this transaction ends, which live pages show a shared thing.

    Whoever embeds links, organisations or categories in an edition calls this before reading them.
    Otherwise a thing could change, its refresh find nothing to do, and the edition with the old
    copy go live afterwards. On SQLite one transaction writes at a time, which is enough.
    """
    _advisory_lock("pg_advisory_xact_lock_shared")


def wait_for_editions() -> None:
    """Wait for every transaction that holds shared things; new ones wait for this one to end."""
    _advisory_lock("pg_advisory_xact_lock")


def _advisory_lock(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_SHARED_THINGS])


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
