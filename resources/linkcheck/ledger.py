"""The database side of a run: which addresses there are, whose turn it is, what was found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from resources.models import LinkCheck, LinkHost, LinkVisit, address_digest

from .addresses import host_of, is_visited
from .answers import Answer
from .crew import Task
from .sources import sources
from .standing import learn

# Every write takes this many rows, so that editors never wait long for a lock.
BATCH = 500
# A run that was killed gives its sites back after this time; one that lives renews its claims.
LEASE = timedelta(minutes=10)
# How long a site is left alone that is busy and does not say until when.
LEFT_ALONE = timedelta(minutes=15)
VISITS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links a run looks at: those that are due, or what the options of the command say."""

    older_than: timedelta | None = None
    host: str = ""

    def links(self) -> QuerySet[LinkCheck]:
        """The links whose turn it is at this moment, also when read later; those asked for always.

        A run that asked again with a later moment would find what it has visited itself.
        """
        now = timezone.now()
        if self.older_than is None:
            due = Q(due_at__lte=now)
        else:
            due = Q(looked_at=None) | Q(looked_at__lt=now - self.older_than)
        links = LinkCheck.objects.filter(due | Q(wanted_at__isnull=False))
        return links.filter(host__name=self.host) if self.host else links


def survey(*, dry: bool = False) -> tuple[int, int]:
    """Bring the rows in line with the addresses in use; (new ones, ones no longer used)."""
    known = dict(LinkCheck.objects.values_list("digest", "pk").iterator())
    unused = set(known)
    new: dict[str, str] = {}
    for source in sources:
        for address in source():
            digest = address_digest(address)
            if digest in known:
                unused.discard(digest)
            elif digest and digest not in new and is_visited(address):
                new[digest] = address
    if dry:
        return len(new), len(unused)
    _add(new)
    keys = iter([known[digest] for digest in unused])
    while batch := list(islice(keys, BATCH)):
        LinkCheck.objects.filter(pk__in=batch).delete()
    return len(new), len(unused)


def _add(new: dict[str, str]) -> None:
    items = iter(new.items())
    while batch := list(islice(items, BATCH)):
        names = {digest: host_of(address) for digest, address in batch}
        LinkHost.objects.bulk_create(
            [LinkHost(name=name) for name in sorted(set(names.values()))], ignore_conflicts=True
        )
        hosts = dict(LinkHost.objects.filter(name__in=names.values()).values_list("name", "pk"))
        # Of two runs that survey at the same time, each adds what the other has not.
        LinkCheck.objects.bulk_create(
            [
                LinkCheck(digest=digest, address=address, host_id=hosts[names[digest]])
                for digest, address in batch
            ],
            ignore_conflicts=True,
        )


def hosts_in_turn(links: QuerySet[LinkCheck]) -> list[int]:
    """Keys of the free sites of these links: those asked for first, then the longest due."""
    free = LinkHost.objects.filter(_free(timezone.now())).filter(
        Exists(links.filter(host=OuterRef("pk")))
    )
    turns = dict(links.filter(host__in=free).values_list("host").annotate(Min("due_at")))
    asked = set(links.filter(wanted_at__isnull=False).values_list("host", flat=True))
    return sorted(turns, key=lambda host: (host not in asked, turns[host]))


def _free(now: datetime) -> Q:
    return (Q(claim=None) | Q(claimed_until__lt=now)) & (
        Q(not_before=None) | Q(not_before__lte=now)
    )


def claim(host: int, run: str, links: QuerySet[LinkCheck], *, most: int) -> Task | None:
    """Take a site, so that no other run visits it, and up to `most` of its links among `links`."""
    now = timezone.now()
    taken = LinkHost.objects.filter(_free(now), pk=host).update(
        claim=run, claimed_until=now + LEASE
    )
    if not taken:
        return None
    links = links.filter(host=host)
    # Those somebody asked for have a date there, and on both databases nothing sorts last.
    links = links.order_by(F("wanted_at").asc(nulls_last=True), "due_at", "pk")
    pairs = tuple(links.values_list("pk", "address")[:most])
    if not pairs:
        release(run, [host])
        return None
    return Task(host, pairs)


def renew(run: str) -> None:
    """Say that the run lives and keeps its sites."""
    LinkHost.objects.filter(claim=run).update(claimed_until=timezone.now() + LEASE)


def release(run: str, hosts: Collection[int] | None = None) -> None:
    """Give sites back, or all sites of the run."""
    held = LinkHost.objects.filter(claim=run)
    if hosts is not None:
        held = held.filter(pk__in=hosts)
    held.update(claim=None, claimed_until=None)


def leave_alone(host: int, seconds: float) -> None:
    """Visit a site no more until the time it asked for."""
    until = timezone.now() + max(timedelta(seconds=seconds), LEFT_ALONE)
    LinkHost.objects.filter(pk=host).update(not_before=until)


@transaction.atomic
def write(found: dict[int, Answer]) -> list[str]:
    """Write answers by link key, in one transaction; the states that the links have now.

    A link whose address nobody uses any more is gone by now, and left out. A wish that came while
    the link was being visited is fulfilled by that visit.
    """
    now = timezone.now()
    links = list(LinkCheck.objects.select_for_update().filter(pk__in=found).order_by("pk"))
    visits = [learn(link, found[link.pk], now) for link in links]
    for link in links:
        link.wanted_at = None
    fields = [
        field.name
        for field in LinkCheck._meta.concrete_fields
        if field.name not in ("id", "digest", "address", "host")
    ]
    # An upsert of rows that are there: several times as fast as bulk_update on both databases.
    LinkCheck.objects.bulk_create(
        links, update_conflicts=True, unique_fields=["digest"], update_fields=fields
    )
    LinkVisit.objects.bulk_create(visit for visit in visits if visit)
    _prune([visit.link_id for visit in visits if visit])
    return [link.state for link in links]


def _prune(links: Collection[int]) -> None:
    """Keep the newest rows of the history of these links."""
    numbered = LinkVisit.objects.filter(link__in=links).annotate(
        number=Window(RowNumber(), partition_by="link", order_by=F("pk").desc())
    )
    old = list(numbered.filter(number__gt=VISITS_KEPT).values_list("pk", flat=True))
    LinkVisit.objects.filter(pk__in=old).delete()
