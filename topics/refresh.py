"""Bringing live pages up to date when a link, an organisation or a category they embed changed.

An edition embeds what it shows, so a changed shared thing reaches the public through new editions
made from the live documents (never from the working copy). Idempotent and resumable: a job
remembers the last topic it did.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from resources.models import InformationCategory, Resource, ResourceOrganization, other_language

from .document import Link, TopicDocument
from .models import Origin, RefreshJob, TopicLanguage
from .publishing import Publication, append_editions
from .site import wait_for_editions

Embed = Callable[[Link, str], Link]
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


def run_refresh(job: RefreshJob, *, limit: int | None = None) -> int:
    """Do a job, or its next `limit` pages; the number of pages changed by this call."""
    changed = 0
    with transaction.atomic():
        wait_for_editions()
        showing = _showing(job.kind, job.object_id)
    keys = [key for key in showing if key > job.last_done][:limit]
    for key in keys:
        changed += _refresh_one(job, key)
    if limit is None or len(keys) < limit:
        RefreshJob.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    return changed


def run_pending() -> tuple[int, int]:
    """Do every unfinished job, oldest first; (jobs, pages changed)."""
    jobs = list(RefreshJob.objects.filter(finished_at=None).order_by("pk"))
    return len(jobs), sum(run_refresh(job) for job in jobs)


@transaction.atomic
def _refresh_one(job: RefreshJob, key: int) -> int:
    topic_language = (
        TopicLanguage.objects.select_for_update(of=("self",))
        .select_related("live_edition")
        .get(pk=key)
    )
    changed = 0
    edition = topic_language.live_edition
    if edition is not None:
        document = TopicDocument.from_json(edition.document)
        fresh = _embedded(document, job)
        if fresh != document:
            publication = Publication(topic_language, fresh, made_from=edition.made_from)
            append_editions([publication], by=job.created_by, origin=Origin.REFRESH)
            changed = 1
    RefreshJob.objects.filter(pk=job.pk).update(last_done=key, changed=F("changed") + changed)
    return changed


def _showing(kind: str, object_id: int) -> list[int]:
    """Keys of the live topics that embed the thing, in order.

    Thousands of documents may have to be looked through while an editor waits, so this reads the
    bindings in their text and builds no documents.
    """
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


def _embedded(document: TopicDocument, job: RefreshJob) -> TopicDocument:
    """The document with fresh copies of the thing; everything else as it was."""
    if job.kind == RefreshJob.Kind.CATEGORY:
        category = InformationCategory.objects.get(pk=job.object_id)
        embed: Embed = partial(_with_category, category)
    else:
        concerned = _resources(job.kind, job.object_id)
        keys = {link.resource for link in document.links} & set(concerned)
        resources = Resource.objects.in_bulk(keys)
        embed = partial(_with_resource, resources, _organizations(keys))
    return replace(document, links=tuple(embed(link, document.language) for link in document.links))


def _organizations(keys: Collection[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    names: dict[tuple[int, str], tuple[str, ...]] = defaultdict(tuple)
    rows = ResourceOrganization.objects.filter(resource__in=keys).select_related("organization")
    for row in rows:
        name = getattr(row.organization, f"name_{row.language}") or ""
        names[row.resource_id, row.language] += (name,)
    return names


def _with_resource(resources, organizations, link: Link, language: str) -> Link:
    resource = resources.get(link.resource)
    if resource is None:
        return link
    shared = {
        "title": getattr(resource, f"title_{language}") or "",
        "url": getattr(resource, f"url_{language}") or "",
        "mapped_url": getattr(resource, f"url_{other_language(language)}") or None,
        "organizations": organizations[resource.pk, language],
        "descriptions": tuple(getattr(resource, f"descriptions_{language}") or ()),
    }
    # A link that lost its address or title in this language stays as it was: an empty line on a
    # live page helps nobody, and the editors are told by the readiness check.
    kept = {*link.own, *(name for name in ("title", "url") if not shared[name])}
    return replace(link, **{name: value for name, value in shared.items() if name not in kept})


def _with_category(category: InformationCategory, link: Link, language: str) -> Link:
    name = getattr(category, f"name_{language}") or ""
    names = [
        name if key == category.key and name else old
        for key, old in zip(link.category_keys, link.categories, strict=True)
    ]
    return replace(link, categories=tuple(names))
