"""Setting a date for a text to go live, calling it off, and letting go live what is due.

`publish_due` may run in any number of processes at once: a row that one of them holds is passed
over by the others, which come back to it at the end and find it done. Each text goes live in a
transaction of its own, so a process that is killed leaves everything either waiting or live. A
translation that goes live together with its original never goes before it.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from topics.addresses import AddressTaken, refuse_taken
from topics.document import TopicDocument
from topics.models import (
    AddressChange,
    Edition,
    Origin,
    PublicationEvent,
    RefreshJob,
    ScheduledEdition,
    TopicLanguage,
)
from topics.models.schedule import ORIGINAL_GONE, ORIGINAL_WAITS, TAKEN
from topics.publishing import (
    NotReady,
    Publication,
    append_editions,
    call_off,
    checked_document,
    hold,
    with_first_day,
)
from topics.site import hold_shared_things
from topics.working_copy import assemble

from .descent import next_made_from
from .embedding import embedded_anew, with_address
from .writers import forget_writers

logger = logging.getLogger(__name__)
Outcome = ScheduledEdition.Outcome
Note = Callable[[ScheduledEdition], object]
# What became of an original that is public, by itself or in words that somebody published meanwhile.
PUBLIC = {Outcome.LIVE, Outcome.OVERTAKEN}


@dataclass(frozen=True, slots=True)
class Due:
    """What became of one text that was due: its edition, or none where its trouble kept it back."""

    scheduled: ScheduledEdition
    edition: Edition | None = None


@transaction.atomic
def schedule(
    topic_language_pk: int,
    *,
    due_at: datetime,
    by: AbstractBaseUser | None,
    note: str = "",
    together_with: ScheduledEdition | None = None,
    compared_with: int | None = None,
) -> ScheduledEdition:
    """Keep the working copy as it is now, to go live at `due_at`, instead of what waits already.

    `compared_with` is what it is for `publish`. Raises NotReady with the reasons, NewerOriginal or
    AddressTaken.
    """
    topic_language = hold(topic_language_pk)[topic_language_pk]
    if due_at <= timezone.now():
        raise NotReady([_("The date has passed. Choose a later one, or publish now.")])
    document = checked_document(topic_language, by=by)
    digest = document.content_digest()
    live = topic_language.live_edition
    if live is not None and live.digest == digest:
        raise NotReady([_("What is live says the same; there is nothing to publish.")])
    refuse_taken(topic_language, document.slug)
    call_off([topic_language_pk], Outcome.REPLACED, by=by)
    now = timezone.now()
    kind = PublicationEvent.Kind.SCHEDULED
    topic_language.events.create(kind=kind, at=now, by=by, reason=note)
    scheduled = ScheduledEdition.objects.create(
        topic_language=topic_language,
        document=document.to_json(),
        digest=digest,
        note=note,
        due_at=due_at,
        made_from=next_made_from(topic_language, compared_with),
        together_with=together_with,
        created_at=now,
        created_by=by,
    )
    _take_translation_along(scheduled)
    return scheduled


def _take_translation_along(original: ScheduledEdition) -> None:
    """Let a translation that waits for an earlier date of this original wait for this one, with it."""
    earlier = ScheduledEdition.objects.filter(topic_language=original.topic_language)
    ScheduledEdition.objects.filter(
        outcome=Outcome.WAITING, together_with__in=earlier.exclude(outcome__in=PUBLIC)
    ).update(together_with=original, due_at=original.due_at, trouble="")


@transaction.atomic
def cancel(topic_language_pk: int, *, by: AbstractBaseUser | None) -> bool:
    """Call off what waits in this language; False when nothing does any more."""
    hold(topic_language_pk)
    return bool(call_off([topic_language_pk], Outcome.CANCELLED, by=by))


def publish_due(*, note: Note = lambda scheduled: None) -> Iterator[Due]:
    """Let go live what is due by now, earliest first, originals before their translations.

    One that fails stays waiting with its trouble, and the others go on. `note` is called with each
    in the transaction in which it goes live, to keep a record of it.
    """
    due = ScheduledEdition.objects.filter(outcome=Outcome.WAITING, due_at__lte=timezone.now())
    waiting = list(due.order_by("due_at", F("together_with").asc(nulls_first=True), "pk"))
    busy = []
    for scheduled in waiting:
        try:
            done = _attempt(scheduled, note, wait=False)
        except _Busy:
            busy.append(scheduled)
        else:
            yield from done
    # Another process has these, or an editor is just saving them: none goes out a minute late.
    for scheduled in busy:
        yield from _attempt(scheduled, note, wait=True)


class _Busy(Exception):
    """Somebody else holds the topic at this moment."""


class _OriginalWaits(Exception):
    """The original, together with which this is to go live, did not; names the trouble."""


def _attempt(scheduled: ScheduledEdition, note: Note, *, wait: bool) -> list[Due]:
    """Try one; empty when another process did it, or it was called off in the meantime."""
    try:
        edition = _go_live(scheduled, note, wait=wait)
    except _Busy:
        raise
    except AddressTaken as refusal:
        trouble = f"{TAKEN}: {refusal.address}"
    except _OriginalWaits as refusal:
        trouble = str(refusal)
    except Exception as error:  # A fault in one topic must not keep back the others.
        logger.exception("Scheduled edition %s did not go live", scheduled.pk)
        trouble = f"{type(error).__name__}: {error}"
    else:
        return [Due(scheduled, edition)] if edition else []
    scheduled.trouble = trouble
    still = ScheduledEdition.objects.filter(pk=scheduled.pk, outcome=Outcome.WAITING)
    return [Due(scheduled)] if still.update(trouble=trouble) else []


@transaction.atomic
def _go_live(scheduled: ScheduledEdition, note: Note, *, wait: bool) -> Edition | None:
    # Asked anew each time: another date for the original is another row, of the same language.
    row = ScheduledEdition.objects.filter(pk=scheduled.pk)
    together = ScheduledEdition.objects.filter(pk__in=row.values("together_with"))
    keys = {scheduled.topic_language_id, *together.values_list("topic_language", flat=True)}
    held = hold(*keys, skip_locked=not wait)
    if held.keys() != keys:
        raise _Busy
    topic_language = held[scheduled.topic_language_id]
    original = together.first()  # As it is now that nobody else can let it go live.
    # Taken out of what waits before anything else, so that its own edition does not call it off.
    taken = row.filter(outcome=Outcome.WAITING).update(
        outcome=Outcome.LIVE, ended_at=timezone.now(), trouble=""
    )
    if not taken:
        return None
    if original is not None and original.outcome not in PUBLIC:
        waits = original.outcome == Outcome.WAITING
        raise _OriginalWaits(ORIGINAL_WAITS if waits else ORIGINAL_GONE)
    hold_shared_things()
    document = embedded_anew(TopicDocument.from_json(scheduled.document))
    for change in _changes_it_may_lack(scheduled):
        document = with_address(document, change.old, change.new)
    document = with_first_day(topic_language, document)
    made_from = scheduled.made_from
    if original is not None and original.edition is not None:
        made_from = original.edition
    edition = topic_language.live_edition
    if edition is None or edition.digest != document.content_digest():
        publication = Publication(topic_language, document, scheduled.note, made_from)
        (edition,) = append_editions([publication], by=scheduled.created_by, origin=Origin.HUMAN)
    scheduled.edition = edition
    row.update(edition=edition)
    # Whoever wrote later wrote in what is not live yet.
    forget_writers([topic_language.pk], until=scheduled.created_at)
    _note_what_is_newer(topic_language, edition)
    note(scheduled)
    return edition


def _changes_it_may_lack(scheduled: ScheduledEdition) -> QuerySet[AddressChange]:
    """The addresses that were replaced later, or whose texts had not all followed by then."""
    kind = RefreshJob.Kind.ADDRESS
    under_way = Q(finished_at=None) | Q(finished_at__gte=scheduled.created_at)
    jobs = RefreshJob.objects.filter(under_way, kind=kind)
    return AddressChange.objects.filter(pk__in=jobs.values("object_id")).order_by("pk")


def _note_what_is_newer(topic_language: TopicLanguage, edition: Edition) -> None:
    """Say whether the working copy went on since the text was scheduled."""
    now = assemble([topic_language])[topic_language.pk]
    TopicLanguage.objects.filter(pk=topic_language.pk).update(
        has_changes=now.content_digest() != edition.digest
    )
