"""Keeping each record as it came: the base of the next merge."""

from datetime import datetime

from django.utils import timezone

from interchange.models import ImportRun, UpstreamRecord
from topics.models import TopicLanguage

from .comparing import Decided
from .merging import Action, summary_digest


def remember(run: ImportRun, decided: list[Decided], structures: dict[int, str]) -> None:
    """Keep the records: as the new base, or beside the base where there is a conflict.

    `structures` are the structure digests of what was stored, by TopicLanguage key.
    """
    now = timezone.now()
    taken = [one for one in decided if one.action is not Action.CONFLICT]
    UpstreamRecord.objects.bulk_create(
        [_base(one, run, structures, now) for one in taken],
        update_conflicts=True,
        unique_fields=["topic_language"],
        update_fields=[f.name for f in UpstreamRecord._meta.fields if not f.primary_key],
    )
    for one in decided:
        if one.action is Action.CONFLICT:
            record = one.match.record
            pending = {
                "pending_digest": record.digest,
                "pending_document_digest": record.document.content_digest(),
                "pending_record": record.verbatim,
            }
            UpstreamRecord.objects.update_or_create(
                pk=one.match.row.pk,
                defaults=pending,
                create_defaults={**pending, "imported_at": now},
            )
    _adopt_numbers(decided)


def _base(
    one: Decided, run: ImportRun, structures: dict[int, str], now: datetime
) -> UpstreamRecord:
    row, record = one.match.row, one.match.record
    return UpstreamRecord(
        topic_language=row,
        record_digest=record.digest,
        record=record.verbatim,
        document_digest=record.document.content_digest(),
        structure_digest=structures.get(row.pk) or one.structure,
        summary_digest=summary_digest(record.document),
        mapped_number=one.match.entry.mapped,
        notes=list(record.notes),
        origin=run.origin,
        imported_at=now,
        run=run,
    )


def _adopt_numbers(decided: list[Decided]) -> None:
    """An edited topic of the demonstration bears the real number from now on, as the others do."""
    for one in decided:
        if one.match.row.number != one.match.entry.number:
            TopicLanguage.objects.filter(pk=one.match.row.pk).update(number=one.match.entry.number)
