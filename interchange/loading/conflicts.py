"""How a conflict between edits made here and the source ends."""

import io

from django.db import transaction
from django.db.models import QuerySet

from interchange.models import UpstreamRecord
from interchange.xml_record import TopicRecord, read
from topics.models import Origin
from topics.working_copy import assemble

from .merging import state_of, summary_digest

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
        rows = {record.topic_language: record.pending_document_digest for record in records}
        documents = assemble(list(rows))
        numbers |= {
            row.number
            for row, digest in rows.items()
            if state_of(documents[row.pk]).content == digest
        }
    return numbers


@transaction.atomic
def keep_here(records: QuerySet[UpstreamRecord]) -> list[UpstreamRecord]:
    """Settle conflicts in favour of what is here; the records of which there was one.

    The newer record becomes the base of the next merge and the working copy stays as it is: an
    edit of the record that the import was given last. Only a still newer record conflicts again.
    """
    settled = []
    for kept in records.exclude(pending_digest="").select_for_update(of=("self",)).order_by("pk"):
        (newer,) = read(
            io.BytesIO(f"<health-topics>{kept.pending_record}</health-topics>".encode())
        )
        if not isinstance(newer, TopicRecord):
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
