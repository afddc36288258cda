"""Correcting what readers of a withdrawn page are told, or where they are sent."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from topics.models import Address, PublicationEvent, TopicLanguage
from topics.publishing import NotReady, hold_to_withdraw, refuse_withdrawal
from topics.site import bump_generation

Kind = PublicationEvent.Kind


@transaction.atomic
def correct_withdrawal(
    topic_language_pk: int, *, by: AbstractBaseUser | None, reason: str, to: Address | None = None
) -> bool:
    """From now on, tell readers of a withdrawn page this reason, or send them `to` another page.

    What they were told until now, or where they were sent, stays on record. False when it is so
    already. Raises NotReady with the reasons.
    """
    topic_language = hold_to_withdraw(topic_language_pk, to)
    if topic_language.withdrawn_at is None:
        raise NotReady([_("The topic is not withdrawn in this language.")])
    refuse_withdrawal(topic_language, reason, to)
    if (topic_language.withdrawn_reason, topic_language.withdrawn_to_id) == (reason, to and to.pk):
        return False
    _note_how_it_was([topic_language])
    topic_language.withdrawn_reason = reason
    topic_language.withdrawn_to = to
    topic_language.save(update_fields=["withdrawn_reason", "withdrawn_to"])
    _note(Kind.CORRECTED, [topic_language], by=by)
    # No list names a withdrawn page, and none says where its readers are sent.
    bump_generation(names_stay=True)
    return True


def lead_on(
    withdrawn: Sequence[TopicLanguage], to: Address, *, by: AbstractBaseUser | None
) -> None:
    """Send the readers of withdrawn pages to another page than before, for the reasons they had.

    In the caller's transaction, in which the rows are locked and the generation is bumped.
    """
    _note_how_it_was(withdrawn)
    TopicLanguage.objects.filter(pk__in=[row.pk for row in withdrawn]).update(withdrawn_to=to)
    for row in withdrawn:
        row.withdrawn_to = to
    _note(Kind.CORRECTED, withdrawn, by=by)


def led_to(*pages: TopicLanguage) -> QuerySet[TopicLanguage]:
    """The withdrawn pages whose readers are sent to any of these, also by an address that it has left."""
    here = Q(withdrawn_to__topic_language__in=pages)
    before = Q(withdrawn_to__redirect_to__topic_language__in=pages)
    return TopicLanguage.objects.filter(here | before).select_related("topic").order_by("pk")


def _note_how_it_was(withdrawn: Sequence[TopicLanguage]) -> None:
    """Add what readers are told until now, where the last event does not say where they were sent.

    Such events are older than that column; only the row knows it, which is about to be changed.
    """
    decided = {
        row.pk: row.events.filter(kind__in=PublicationEvent.PUBLIC).first() for row in withdrawn
    }
    _note(
        Kind.NOTED,
        [row for row in withdrawn if decided[row.pk] and decided[row.pk].sent_to is None],
        by=None,
    )


def _note(kind: Kind, withdrawn: Sequence[TopicLanguage], *, by: AbstractBaseUser | None) -> None:
    """Add to the record of each page what its row says now of its readers."""
    now = timezone.now()
    for row in withdrawn:
        before = row.events.filter(kind=PublicationEvent.Kind.WITHDRAWN).first()
        PublicationEvent.objects.create(
            topic_language=row,
            kind=kind,
            # As a part of the record of that edition, which a demonstration takes along.
            edition_id=before and before.edition_id,
            at=now,
            by=by,
            reason=row.withdrawn_reason,
            sent_to=row.readers_go_to,
        )
