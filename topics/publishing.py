"""From the working copy to the public: check, publish, withdraw.

Every function here works in one transaction and leaves editions, the live pointer, events and
the public lists consistent with each other.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from .document import TopicDocument
from .editions.descent import next_made_from, text_digest
from .editions.writers import forget_writers, reasons_for_another_person
from .models import Address, Edition, Origin, PublicationEvent, ScheduledEdition, TopicLanguage
from .projections import project, unproject
from .readiness import blocking_reasons
from .site import bump_generation, hold_shared_things
from .working_copy import assemble

# Called, inside the transaction, with the keys of the TopicLanguages whose public state changed.
# A room to the right (the search index) adds its function in AppConfig.ready; raising aborts.
listeners: list[Callable[[Collection[int]], None]] = []


def tell_listeners(keys: Collection[int]) -> None:
    """Let the rooms to the right follow a change of what is public, in the same transaction."""
    for listener in listeners:
        listener(keys)


OVERTAKEN = ScheduledEdition.Outcome.OVERTAKEN


class NotReady(Exception):
    """A topic cannot be published as it is; `reasons` are sentences for the editor."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Publication:
    """A document that is to go live as the next edition of a topic in one language."""

    topic_language: TopicLanguage
    document: TopicDocument
    note: str = ""
    made_from: Edition | None = None


def append_editions(
    publications: Sequence[Publication],
    *,
    by: AbstractBaseUser | None,
    origin: Origin,
    as_of: datetime | None = None,
) -> list[Edition]:
    """Append an edition for each document, make it live and bring the public lists up to date.

    `as_of` is the day of the content, where that is not today: readers are shown it as “last updated”.

    Runs in the caller's transaction, with a number of queries that does not depend on the
    number of documents. Raises AddressTaken when a slug answers for something else.
    """
    if not publications:
        return []
    now = timezone.now()
    keys = [publication.topic_language.pk for publication in publications]
    locked = hold(*keys)
    numbers = dict(
        Edition.objects.filter(topic_language__in=keys)
        .values_list("topic_language")
        .annotate(Max("number"))
    )
    editions = Edition.objects.bulk_create(
        _edition(publication, numbers, locked, by=by, origin=origin, now=now, as_of=as_of or now)
        for publication in publications
    )
    _go_live(editions, keys, origin)
    if origin != Origin.REFRESH:
        call_off(keys, OVERTAKEN, by=by)
    project([(locked[p.topic_language.pk], p.document) for p in publications])
    tell_listeners(keys)
    # A refresh takes over the live document but for its links.
    bump_generation(names_stay=origin == Origin.REFRESH)
    return editions


def _go_live(editions: Sequence[Edition], keys: Collection[int], origin: Origin) -> None:
    """Point at the new editions, and note that they went live."""
    latest = Edition.objects.filter(topic_language=OuterRef("pk")).order_by("-number")
    columns: dict[str, Any] = {
        "live_edition": Subquery(latest.values("pk")[:1]),
        "withdrawn_at": None,
        "withdrawn_reason": "",
        "withdrawn_to": None,
    }
    if origin != Origin.REFRESH:
        # A refresh is made from the live document and leaves the working copy as far from it as it was.
        columns["has_changes"] = False
    TopicLanguage.objects.filter(pk__in=keys).update(**columns)
    PublicationEvent.objects.bulk_create(
        PublicationEvent(
            topic_language_id=edition.topic_language_id,
            kind=PublicationEvent.Kind.LIVE,
            edition=edition,
            at=edition.created_at,
            by=edition.created_by,
            reason=edition.note,
        )
        for edition in editions
    )


def _edition(publication, numbers, locked, *, by, origin, now, as_of) -> Edition:
    document = publication.document
    before = locked[publication.topic_language.pk].live_edition
    digest = document.content_digest()
    # Neither a fresh copy of a shared link nor a confirmed translation is news to readers.
    same = before is not None and (origin == Origin.REFRESH or before.digest == digest)
    return Edition(
        topic_language=publication.topic_language,
        number=numbers.get(publication.topic_language.pk, 0) + 1,
        title=document.title,
        slug=document.slug,
        document=document.to_json(),
        digest=digest,
        text_digest=text_digest(document),
        origin=origin,
        created_at=now,
        created_by=by,
        note=publication.note,
        made_from=publication.made_from,
        content_changed_at=before.content_changed_at if same else as_of,
    )


def reasons_not_to_publish(document: TopicDocument) -> list[str]:
    """Why a document must not go live, as sentences for the editor; empty when it may."""
    return [reason.sentence for reason in blocking_reasons(document)]


def call_off(
    keys: Collection[int], outcome: ScheduledEdition.Outcome, *, by: AbstractBaseUser | None
) -> int:
    """End what waits to go live in these TopicLanguages; how many that were.

    What waits was made from a text that is older than what somebody publishes or withdraws by
    hand, so it never goes out behind their back.
    """
    waiting = ScheduledEdition.objects.filter(
        topic_language__in=keys, outcome=ScheduledEdition.Outcome.WAITING
    )
    of = list(waiting.values_list("topic_language", flat=True))
    if of:
        now = timezone.now()
        waiting.update(outcome=outcome, ended_at=now, ended_by=by)
        PublicationEvent.objects.bulk_create(
            PublicationEvent(
                topic_language_id=key, kind=PublicationEvent.Kind.CANCELLED, at=now, by=by
            )
            for key in of
        )
    return len(of)


def checked_document(
    topic_language: TopicLanguage, *, by: AbstractBaseUser | None
) -> TopicDocument:
    """The working copy as this person would publish it. Raises NotReady with the reasons."""
    # What it shares with others must not change between being read here and being live.
    hold_shared_things()
    document = assemble([topic_language])[topic_language.pk]
    reasons = reasons_not_to_publish(document)
    live = topic_language.live_edition
    if live is None or live.digest != document.content_digest():
        reasons += reasons_for_another_person(topic_language.writers, by)
    if reasons:
        raise NotReady(reasons)
    return document


def hold(*keys: int, skip_locked: bool = False) -> dict[int, TopicLanguage]:
    """The rows with what is live, locked to the end of the transaction.

    Locked first and read afterwards: whoever waits for a lock gets the row as it is then, but what
    is joined to it as it was before the wait. `skip_locked` leaves out what somebody else holds.
    """
    rows = TopicLanguage.objects.filter(pk__in=keys).order_by("pk")
    # Whoever only writes a row that names one of these, such as a related topic, need not wait: he
    # may hold a language for which we wait.
    lock = rows.select_for_update(skip_locked=skip_locked, no_key=True)
    locked = list(lock.values_list("pk", flat=True))
    return {row.pk: row for row in rows.filter(pk__in=locked).select_related("live_edition")}


@transaction.atomic
def publish(
    topic_language_pk: int,
    *,
    by: AbstractBaseUser | None,
    note: str = "",
    compared_with: int | None = None,
) -> Edition:
    """Make the working copy live as the next edition.

    `compared_with` is the number of the original's edition with which a person has compared a
    translation; without it the translation stays as far behind as it was.

    Raises NotReady with the reasons, NewerOriginal or AddressTaken. When what is live already says
    the same, and was made from the same, that edition is returned and none is added.
    """
    topic_language = hold(topic_language_pk)[topic_language_pk]
    document = checked_document(topic_language, by=by)
    made_from = next_made_from(topic_language, compared_with)
    live = topic_language.live_edition
    same = live is not None and live.digest == document.content_digest()
    if same and (compared_with is None or live.made_from_id == (made_from and made_from.pk)):
        call_off([topic_language_pk], OVERTAKEN, by=by)
        if topic_language.has_changes:
            topic_language.has_changes = False
            topic_language.save(update_fields=["has_changes"])
        return live
    document = with_first_day(topic_language, document)
    publication = Publication(topic_language, document, note, made_from)
    forget_writers([topic_language_pk])
    return append_editions([publication], by=by, origin=Origin.HUMAN)[0]


def with_first_day(topic_language: TopicLanguage, document: TopicDocument) -> TopicDocument:
    """The document with the first day on which it is public, which is today where it had none."""
    if document.date_created is not None:
        return document
    if topic_language.date_created is None:
        topic_language.date_created = timezone.localdate()
        topic_language.save(update_fields=["date_created"])
    return replace(document, date_created=topic_language.date_created)


@transaction.atomic
def withdraw(
    topic_language_pk: int,
    *,
    by: AbstractBaseUser | None,
    reason: str,
    to: Address | None = None,
) -> None:
    """Take a topic in one language off the public site.

    Its address answers 410 with the reason, or sends readers `to` another public page.
    """
    topic_language = hold_to_withdraw(topic_language_pk, to)
    if topic_language.live_edition_id is None:
        raise NotReady([_("The topic is not live in this language, so it cannot be withdrawn.")])
    refuse_withdrawal(topic_language, reason, to)
    event = PublicationEvent(
        topic_language=topic_language,
        kind=PublicationEvent.Kind.WITHDRAWN,
        edition_id=topic_language.live_edition_id,
        at=timezone.now(),
        by=by,
        reason=reason,
        sent_to=str(to or ""),
    )
    event.save()
    topic_language.live_edition = None
    topic_language.withdrawn_at = event.at
    topic_language.withdrawn_reason = reason
    topic_language.withdrawn_to = to
    topic_language.save(
        update_fields=["live_edition", "withdrawn_at", "withdrawn_reason", "withdrawn_to"]
    )
    call_off([topic_language_pk], ScheduledEdition.Outcome.WITHDRAWN, by=by)
    unproject(topic_language)
    tell_listeners([topic_language.pk])
    bump_generation()


def hold_to_withdraw(topic_language_pk: int, to: Address | None) -> TopicLanguage:
    """The row, locked at once with the page to which readers are sent, as `hold` does.

    Both, so that no two pages come to send readers to each other.
    """
    beside = [to.topic_language_id] if to and to.topic_language_id else []
    return hold(topic_language_pk, *beside)[topic_language_pk]


def refuse_withdrawal(topic_language: TopicLanguage, reason: str, to: Address | None) -> None:
    """Raise NotReady unless readers can be told this reason and be sent to this page."""
    if not reason.strip():
        raise NotReady([_("Say why the topic is withdrawn; readers are shown the reason.")])
    if to is not None and not _can_replace(to, topic_language):
        raise NotReady([_("Readers can only be sent to another page that is public now.")])


def _can_replace(address: Address, topic_language: TopicLanguage) -> bool:
    """Whether a page answers at the address. It is live, so no two pages send readers in a circle."""
    if address.group is not None:
        return bool(getattr(address.group, f"name_{address.language}"))
    if address.page is not None:
        return address.page.editions.filter(language=address.language).exists()
    others = TopicLanguage.objects.exclude(pk=topic_language.pk)
    return others.filter(pk=address.topic_language_id, live_edition__isnull=False).exists()
