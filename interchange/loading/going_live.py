"""Publishing what an import took in: originals first, then the translations made from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from interchange.models import ImportRun, UpstreamRecord
from topics.document import TopicDocument
from topics.models import Edition, Origin, TopicLanguage
from topics.publishing import Publication, append_editions

from .comparing import Decided
from .merging import IMPORTED_ORIGINS, Action

Stored = tuple[Decided, TopicDocument]


def go_live(
    stored: Sequence[Stored],
    decided: Sequence[Decided],
    *,
    run: ImportRun,
    origin: Origin,
    by: AbstractBaseUser | None,
) -> None:
    """Append an edition for each document.

    The source shows a pair side by side, so its Spanish is taken to be made from the English that was
    imported last, which need not be what is live here.
    """
    originals = _originals([one.match.row for one, _document in stored])
    # Beside it stands that it was an import.
    note = run.file_name[:200] if origin == Origin.IMPORT else ""
    options = {"by": by, "origin": origin, "as_of": written_at(run.date_generated)}
    first = [item for item in stored if item[0].match.row.pk not in originals]
    append_editions([Publication(one.match.row, doc, note) for one, doc in first], **options)
    translations = [item for item in stored if item[0].match.row.pk in originals]
    newest = _imported(originals.values(), decided) if translations else {}
    append_editions(
        [
            Publication(one.match.row, doc, note, newest.get(originals[one.match.row.pk]))
            for one, doc in translations
        ],
        **options,
    )


def _originals(rows: Sequence[TopicLanguage]) -> dict[int, int]:
    """The key of the original for each of the rows that is a translation."""
    keys = [row.pk for row in rows]
    pairs = TopicLanguage.objects.filter(
        pk__in=keys, topic__languages__language=F("topic__source_language")
    )
    return dict(
        pairs.exclude(language=F("topic__source_language")).values_list("pk", "topic__languages")
    )


def _imported(originals: Iterable[int], decided: Sequence[Decided]) -> dict[int, Edition]:
    """The edition of each original that says what its record says; nothing where that was not taken.

    It is the one imported last, or what a person published who settled a conflict with the record.
    """
    settled = {one.match.row.pk: one.action is not Action.CONFLICT for one in decided}
    pending = UpstreamRecord.objects.filter(pk__in=originals).exclude(pending_digest="")
    left = {key for key in pending.values_list("pk", flat=True) if not settled.get(key)}
    left |= {key for key, is_settled in settled.items() if not is_settled}
    newest = Edition.objects.filter(topic_language=OuterRef("pk"), origin__in=IMPORTED_ORIGINS)
    rows = TopicLanguage.objects.filter(pk__in=set(originals) - left).values_list(
        "pk",
        Subquery(newest.order_by("-number").values("pk")[:1]),
        "live_edition",
        "live_edition__digest",
        "upstream__document_digest",
    )
    records = {one.match.row.pk: one.match.record.document for one in decided}
    found = {}
    for key, imported, live, digest, recorded in rows:
        if live != imported and key in records:
            recorded = records[key].content_digest()
        # What a person published may say just what the record says.
        edition = live if live and digest == recorded else imported
        if edition is not None:
            found[key] = Edition(pk=edition)
    return found


def written_at(date_generated: str) -> datetime | None:
    """The moment at which the source made its file, which never lies ahead.

    Readers are shown it as “last updated”: nobody has looked at the words since. None when the
    file does not say.
    """
    try:
        moment = datetime.strptime(date_generated.strip(), "%m/%d/%Y %H:%M:%S")
    except ValueError:
        return None
    return min(timezone.make_aware(moment), timezone.now())
