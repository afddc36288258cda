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
    """What was imported last of each original; of one whose newer record was not taken, nothing."""
    settled = {one.match.row.pk: one.action is not Action.CONFLICT for one in decided}
    pending = UpstreamRecord.objects.filter(pk__in=originals).exclude(pending_digest="")
    left = {key for key in pending.values_list("pk", flat=True) if not settled.get(key)}
    left |= {key for key, is_settled in settled.items() if not is_settled}
    newest = Edition.objects.filter(topic_language=OuterRef("pk"), origin__in=IMPORTED_ORIGINS)
    rows = TopicLanguage.objects.filter(pk__in=set(originals) - left).values_list(
        "pk", Subquery(newest.order_by("-number").values("pk")[:1])
    )
    return {key: Edition(pk=edition) for key, edition in rows if edition is not None}


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
