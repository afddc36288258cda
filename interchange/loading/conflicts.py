"""How a conflict between edits made here and the source ends."""

import io

from django.db import transaction
from django.db.models import QuerySet

from interchange.models import UpstreamRecord
from interchange.xml_record import TopicRecord, read
from topics.document import TopicDocument
from topics.models import Origin
from topics.working_copy import assemble

from .merging import in_words_of, state_of, summary_digest

RECORDS_A_QUERY = 100


def taken_over() -> set[int]:
    """Numbers of the topics whose working copy says by now what the conflicting record says."""
    pending = UpstreamRecord.objects.exclude(pending_digest="").order_by("pk")
    keys = list(pending.values_list("pk", flat=True))
    numbers = set()
    for start in range(0, len(keys), RECORDS_A_QUERY):
        records = (
            pending.filter(pk__in=keys[start : start + RECORDS_A_QUERY])
            .select_related("topic_language")
            .defer("record", "pending_record")
        )
        rows = {record.topic_language: record for record in records}
        documents = assemble(list(rows))
        numbers |= {row.number for row, record in rows.items() if _says(documents[row.pk], record)}
    return numbers


def _says(document: TopicDocument, record: UpstreamRecord) -> bool:
    """Whether a working copy says what the conflicting record says."""
    if not all(one.title for one in document.related) and (newer := _newer(record)):
        document = in_words_of(document, newer.document)
    return state_of(document).content == record.pending_document_digest


def _newer(record: UpstreamRecord) -> TopicRecord | None:
    """The conflicting record; None where the reader refuses it by now."""
    (found,) = read(io.BytesIO(f"<health-topics>{record.pending_record}</health-topics>".encode()))
    return found if isinstance(found, TopicRecord) else None


@transaction.atomic
def keep_here(records: QuerySet[UpstreamRecord]) -> list[UpstreamRecord]:
    """Settle conflicts in favour of what is here; the records of which there was one.

    The newer record becomes the base of the next merge and the working copy stays as it is: an
    edit of the record that the import was given last. Only a still newer record conflicts again.
    """
    settled = []
    for kept in records.exclude(pending_digest="").select_for_update(of=("self",)).order_by("pk"):
        newer = _newer(kept)
        if newer is None:
            continue
        document = newer.document
        kept.record, kept.record_digest = kept.pending_record, kept.pending_digest
        kept.document_digest = document.content_digest()
        kept.structure_digest = ""
        kept.summary_digest = summary_digest(document)
        kept.mapped_number = document.mapped and document.mapped.number
        kept.notes = list(newer.notes)
        # Whoever prefers it to a newer record has made a topic of the demonstration her own.
        kept.origin = Origin.IMPORT
        kept.pending_record = kept.pending_digest = kept.pending_document_digest = ""
        kept.save()
        settled.append(kept)
    return settled
