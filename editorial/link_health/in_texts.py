"""Outside links in the texts of topics: what is known of them, and giving them new addresses.

An address is no words: a working copy that said what is live still does once the pages are
refreshed, and whoever saved a text last still is who wrote it last.
"""

from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from editorial import parts
from editorial.saving import Stale, hold_topics, one_save
from resources.models import LinkCheck, address_digest
from topics.document import Section
from topics.models import AddressChange, RefreshJob, TextAddress, TopicLanguage
from topics.refresh import run_pending, run_refresh
from topics.richtext import with_address
from topics.working_copy.sections import section_of

from .filters import WORK

# Each turn an import must have written the text in the moment between reading and writing.
TURNS = 5


def text_links(topic_language: TopicLanguage) -> QuerySet[LinkCheck]:
    """The links in what is saved of the texts that need somebody; one query."""
    noted = TextAddress.objects.filter(topic_language=topic_language)
    return LinkCheck.objects.filter(WORK, digest__in=noted.values("digest")).order_by("address")


def texts_with(address: str) -> list[int]:
    """Keys of the TopicLanguages whose texts lead to an address, in order."""
    noted = TextAddress.objects.filter(digest=address_digest(address)).order_by("topic_language")
    return list(noted.values_list("topic_language", flat=True))


def finish(job: RefreshJob) -> int:
    """Do a job, one on an address in the texts that are saved first; how many live pages changed."""
    if job.kind == RefreshJob.Kind.ADDRESS:
        replace_in_texts(AddressChange.objects.get(pk=job.object_id))
    return run_refresh(job)


def finish_pending() -> tuple[int, int]:
    """Do every unfinished job, oldest first; (jobs, pages changed)."""
    return run_pending(finish)


def replace_in_texts(change: AddressChange) -> int:
    """Give every saved text that leads to the old address the new one; how many were changed.

    Each is saved by itself, as an editor would save it, so nobody waits long, and what was broken
    off goes on with those that are left. Raises Stale where an import writes a text all the time.
    """
    return sum(_readdress(key, change) for key in texts_with(change.old))


def _readdress(key: int, change: AddressChange) -> bool:
    for turn in range(1, TURNS + 1):
        try:
            return _saved(key, change)
        except Stale:
            if turn == TURNS:
                raise
    return False


@transaction.atomic
def _saved(key: int, change: AddressChange) -> bool:
    pages = TopicLanguage.objects.filter(pk=key, text_addresses__digest=address_digest(change.old))
    hold_topics(list(pages.values_list("topic", flat=True)))
    page = pages.select_related("topic").first()
    if page is None:
        return False
    with one_save(page, version=page.version, by=change.by, writes=False):
        _write(page, change.old, change.new)
    kept = {"changed_at": page.changed_at, "changed_by": page.changed_by_id}
    if not page.has_changes:  # What is live follows in a moment.
        kept["has_changes"] = False
    TopicLanguage.objects.filter(pk=key).update(**kept)
    return True


def _write(page: TopicLanguage, old: str, new: str) -> None:
    language = page.language
    rows = parts.in_order(parts.sections_of(page.topic_id), language)
    sections = [(row.pk, _with_address(section_of(row, language), old, new)) for row in rows]
    parts.store_sections(page, sections)
    attribution = getattr(page.topic, f"attribution_{language}")
    if attribution:
        parts.store_texts(page, attribution=with_address(attribution, old, new))


def _with_address(section: Section, old: str, new: str) -> Section:
    heading = section.heading and with_address(section.heading, old, new)
    return replace(section, heading=heading, body=with_address(section.body, old, new))
