"""Bringing live pages up to date when a link, an organisation or a category they embed changed.

An edition embeds what it shows, so a changed shared thing reaches the public through new editions
made from the live documents (never from the working copy). Idempotent and resumable: a job
remembers the last topic it did.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from resources.models import InformationCategory, Resource, ResourceOrganization, other_language

from .document import Link, TopicDocument
from .models import Origin, RefreshJob, TopicLanguage
from .publishing import Publication, append_editions

Embed = Callable[[Link, str], Link]


def request_refresh(kind: str, object_id: int, *, by: AbstractBaseUser | None) -> RefreshJob:
    """Note, in the transaction that changed a shared thing, that live pages have to follow."""
    return RefreshJob.objects.create(
        kind=kind, object_id=object_id, created_at=timezone.now(), created_by=by
    )


def live_pages_showing(kind: str, object_id: int) -> int:
    """How many live pages embed the shared thing."""
    embed_in = _concerned(kind, object_id)
    if embed_in is None:
        return 0
    return sum(
        any(embed_in(link) for link in TopicDocument.from_json(text).links)
        for text in _candidates(kind, object_id)
        .values_list("live_edition__document", flat=True)
        .iterator()
    )


def run_refresh(job: RefreshJob, *, limit: int | None = None) -> int:
    """Do a job, or its next `limit` pages; the number of pages changed by this call."""
    changed = 0
    keys = list(
        _candidates(job.kind, job.object_id)
        .filter(pk__gt=job.last_done)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
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


def _candidates(kind: str, object_id: int) -> QuerySet[TopicLanguage]:
    """Live topics that may embed the thing; the database narrows down what Python then reads."""
    live = TopicLanguage.objects.filter(live_edition__isnull=False)
    if kind == RefreshJob.Kind.RESOURCE:
        return live.filter(live_edition__document__contains=f'"resource":{object_id},')
    if kind == RefreshJob.Kind.CATEGORY:
        key = InformationCategory.objects.values_list("key", flat=True).get(pk=object_id)
        return live.filter(live_edition__document__contains=f'"{key}"')
    return live


def _concerned(kind: str, object_id: int) -> Callable[[Link], bool] | None:
    if kind == RefreshJob.Kind.CATEGORY:
        key = InformationCategory.objects.values_list("key", flat=True).get(pk=object_id)
        return lambda link: key in link.category_keys
    resources = _resources(kind, object_id)
    return (lambda link: link.resource in resources) if resources else None


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
