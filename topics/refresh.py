"""Bringing live pages up to date when a link, an organisation or a category they embed changed.

An address that is replaced everywhere is such a thing too, in whatever field or text of a page it stands.

An edition embeds what it shows, so a changed shared thing reaches the public through new editions
made from the live documents (never from the working copy). Idempotent and resumable: a job
remembers the last topic it did.
"""

import html
import re
from collections.abc import Callable, Collection, Sequence

import msgspec
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from resources.models import InformationCategory, ResourceOrganization

from .document import TopicDocument
from .editions.embedding import with_address, with_category, with_resources
from .models import AddressChange, Edition, Origin, RefreshJob, TopicLanguage
from .publishing import Publication, append_editions, hold
from .richtext import outside_addresses
from .site import wait_for_editions

# As many pages are locked together: writing them one by one would take ten times as long.
AT_ONCE = 25
# As many live pages are brought up to date while an editor waits; more are the command's work.
DONE_AT_ONCE = 50
# The binding of a link in the text of a stored document; text that people wrote is escaped there.
_RESOURCE = re.compile(r'"resource":(\d+),')


def request_refresh(kind: str, object_id: int, *, by: AbstractBaseUser | None) -> RefreshJob:
    """Note, in the transaction that changed a shared thing, that live pages have to follow."""
    return RefreshJob.objects.create(
        kind=kind, object_id=object_id, created_at=timezone.now(), created_by=by
    )


def live_pages_showing(kind: str, object_id: int) -> int:
    """How many live pages embed the shared thing."""
    return len(_showing(kind, object_id))


def live_pages_with(address: str) -> list[int]:
    """Keys of the live topics that lead readers to an address, in order."""
    whole, in_text = _as_written(address)
    live = TopicLanguage.objects.filter(
        Q(live_edition__document__contains=whole) | Q(live_edition__document__contains=in_text)
    ).order_by("pk")
    texts = live.values_list("pk", "live_edition__document").iterator()
    return [key for key, document in texts if _leads_to(address, whole, in_text, document)]


def count_live_pages(addresses: Collection[str]) -> dict[str, int]:
    """How many live pages lead readers to each of the addresses; the live site is read once."""
    written = {address: _as_written(address) for address in addresses}
    # To look among what stands between quotation marks is far quicker than in the whole text.
    quoted = {a: {text.split('"')[1] for text in texts} for a, texts in written.items()}
    counts = dict.fromkeys(written, 0)
    live = TopicLanguage.objects.filter(live_edition__isnull=False)
    for document in live.values_list("live_edition__document", flat=True).iterator():
        pieces = set(document.split('"'))
        for address, texts in written.items():
            if not pieces.isdisjoint(quoted[address]):
                counts[address] += _leads_to(address, *texts, document)
    return counts


def _as_written(address: str) -> tuple[str, str]:
    """The address as it stands in a document.

    A whole JSON text, which no part of another text can be, or the whole value of an attribute in
    one.
    """
    whole = msgspec.json.encode(address).decode()
    return whole, msgspec.json.encode(f'="{html.escape(address)}"').decode()[1:-1]


def _leads_to(address: str, whole: str, in_text: str, document: str) -> bool:
    # SQLite's LIKE takes small for capital letters, and a link in a text may mean a topic.
    return whole in document or (
        in_text in document
        and address in outside_addresses(TopicDocument.from_json(document).rich_text())
    )


def run_refresh(job: RefreshJob, *, limit: int | None = None) -> int:
    """Do a job, or its next `limit` pages; the number of pages changed by this call."""
    changed = 0
    with transaction.atomic():
        wait_for_editions()
        showing = _showing(job.kind, job.object_id)
    keys = [key for key in showing if key > job.last_done][:limit]
    for start in range(0, len(keys), AT_ONCE):
        changed += _refresh(job, keys[start : start + AT_ONCE])
    if limit is None or len(keys) < limit:
        RefreshJob.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    return changed


def run_pending(do: Callable[[RefreshJob], int] = run_refresh) -> tuple[int, int]:
    """Do every unfinished job, oldest first; (jobs, pages changed).

    `do` does one, all of it, and returns how many pages it changed.
    """
    jobs = list(RefreshJob.objects.filter(finished_at=None).order_by("pk"))
    return len(jobs), sum(do(job) for job in jobs)


@transaction.atomic
def _refresh(job: RefreshJob, keys: Sequence[int]) -> int:
    """Refresh a few pages and remember it, or none of them."""
    held = hold(*keys)
    live = [row.live_edition for row in held.values() if row.live_edition is not None]
    documents = [TopicDocument.from_json(edition.document) for edition in live]
    publications = [
        Publication(
            held[edition.topic_language_id],
            fresh,
            made_from=edition.made_from_id and Edition(pk=edition.made_from_id),
        )
        for edition, document, fresh in zip(live, documents, _embedded(documents, job), strict=True)
        if fresh != document
    ]
    append_editions(publications, by=job.created_by, origin=Origin.REFRESH)
    changed = len(publications)
    RefreshJob.objects.filter(pk=job.pk).update(last_done=keys[-1], changed=F("changed") + changed)
    return changed


def _showing(kind: str, object_id: int) -> list[int]:
    """Keys of the live topics that embed the thing, in order.

    Thousands of documents may have to be looked through while an editor waits, so this reads the
    bindings in their text and builds no documents.
    """
    if kind == RefreshJob.Kind.ADDRESS:
        return live_pages_with(AddressChange.objects.get(pk=object_id).old)
    live = TopicLanguage.objects.filter(live_edition__isnull=False).order_by("pk")
    if kind == RefreshJob.Kind.CATEGORY:
        key = InformationCategory.objects.values_list("key", flat=True).get(pk=object_id)
        live = live.filter(live_edition__document__contains=f'"{key}"')
        embeds = re.compile(rf'"category_keys":\[[^\]]*"{re.escape(key)}"').search
    else:
        resources = _resources(kind, object_id)
        if not resources:
            return []
        if kind == RefreshJob.Kind.RESOURCE:
            live = live.filter(live_edition__document__contains=f'"resource":{object_id},')
        wanted = {str(resource) for resource in resources}

        def embeds(text: str) -> bool:
            return not wanted.isdisjoint(_RESOURCE.findall(text))

    texts = live.values_list("pk", "live_edition__document").iterator()
    return [key for key, text in texts if embeds(text)]


def _resources(kind: str, object_id: int) -> Collection[int]:
    if kind == RefreshJob.Kind.RESOURCE:
        return {object_id}
    return set(
        ResourceOrganization.objects.filter(organization=object_id).values_list(
            "resource", flat=True
        )
    )


def _embedded(documents: Sequence[TopicDocument], job: RefreshJob) -> list[TopicDocument]:
    """The documents with fresh copies of the thing; everything else as it was."""
    if job.kind == RefreshJob.Kind.ADDRESS:
        change = AddressChange.objects.get(pk=job.object_id)
        return [with_address(document, change.old, change.new) for document in documents]
    if job.kind == RefreshJob.Kind.CATEGORY:
        category = InformationCategory.objects.get(pk=job.object_id)
        return [with_category(document, category) for document in documents]
    return with_resources(documents, _resources(job.kind, job.object_id))
