"""Comparing matched records with what is here, and what an update stores of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interchange.models import UpstreamRecord
from interchange.xml_reader import Refusal, Scanned
from interchange.xml_record import parse
from topics.document import Link, TopicDocument
from topics.models import AddressChange, Edition, TopicLanguage

from .matching import Case, Match
from .merging import IMPORTED_ORIGINS, Action, Here, State, decide, in_words_of
from .replacing import Replaced, imported_state, keeping_replaced

Live = tuple[str, TopicDocument]


@dataclass(frozen=True, slots=True)
class Decided:
    """A matched record with what is to be done about it.

    `document` is what CREATE and UPDATE store. `structure` is the structure digest that REMEMBER
    keeps. `draft_picture` tells that the working copy has another picture than the public sees.
    """

    match: Match
    action: Action
    document: TopicDocument
    structure: str = ""
    draft_picture: bool = False


def compare(cases: Sequence[Case], local: dict[int, TopicDocument]) -> list[Decided]:
    """What is to be done about every record of the cases; `local` are the working copies."""
    bases = {
        key: (State(*digests), pending)
        for key, *digests, pending in UpstreamRecord.objects.filter(pk__in=list(local)).values_list(
            "pk", "document_digest", "structure_digest", "pending_document_digest"
        )
    }
    live = _live(list(local))
    replaced = list(AddressChange.objects.order_by("pk").values_list("old", "new"))
    decided = []
    for match in (match for case in cases for match in case.matches):
        if match.row is None:
            decided.append(Decided(match, Action.CREATE, match.record.document))
            continue
        key = match.row.pk
        base, pending = bases.get(key, (None, ""))
        origin, document = live.get(key, (None, None))
        # What an import published needs no looking at, and taking digests is work.
        looked_at = document is not None and origin not in IMPORTED_ORIGINS
        local_document = local[key]
        if not all(one.title for one in local_document.related):
            recorded = base and _base_document(match)
            records = [one for one in (recorded, match.record.document) if one is not None]
            local_document = in_words_of(local_document, *records)
            document = document and in_words_of(document, *records)
        published = imported_state(document, base, replaced) if looked_at else None
        working = imported_state(local_document, base, replaced)
        here = Here(base, working, published, origin, pending)
        decided.append(_decided(match, here, local_document, document, replaced))
    return decided


def _live(keys: list[int]) -> dict[int, Live]:
    """Origin and document of the live editions, by TopicLanguage key."""
    rows = Edition.objects.filter(
        pk__in=TopicLanguage.objects.filter(pk__in=keys).values("live_edition")
    ).values_list("topic_language", "origin", "document")
    return {key: (origin, TopicDocument.from_json(text)) for key, origin, text in rows}


def _decided(
    match: Match,
    here: Here,
    working: TopicDocument,
    live: TopicDocument | None,
    replaced: Replaced,
) -> Decided:
    document = match.record.document
    upstream = document.content_digest()
    action = decide(here, upstream)
    if action is Action.REMEMBER:
        taken_over = upstream == here.working.content or here.base is None
        structure = working.structure_digest() if taken_over else here.base.structure
        return Decided(match, action, document, structure)
    if action is Action.CONFLICT:
        return Decided(match, action, document)
    if not here.took_pending and here.working.content != here.base.content:
        base = _base_document(match)
        if base is not None:
            document = keeping_shared_edits(document, base.links, working.links)
            document = keeping_replaced(document, base, working, replaced)
    # The picture is the editors'. One that is not public yet does not become so by an import.
    picture = None if live is None else live.image
    if picture is not None:
        document = replace(document, image=picture)
    draft_picture = live is not None and picture != working.image
    return Decided(match, action, document, draft_picture=draft_picture)


def _base_document(match: Match) -> TopicDocument | None:
    """The record last taken in, as it was written; None where the reader refuses it by now."""
    text = UpstreamRecord.objects.values_list("record", flat=True).get(pk=match.row.pk)
    entry = match.entry
    found = parse(
        Scanned(
            entry.line,
            entry.number,
            entry.language,
            entry.slug,
            entry.url,
            entry.mapped,
            entry.digest,
            text.encode(),
        )
    )
    return None if isinstance(found, Refusal) else found.document


def keeping_shared_edits(
    upstream: TopicDocument, base: Sequence[Link], working: Sequence[Link]
) -> TopicDocument:
    """The newer document, in which links that the source left alone stay as they are here by now.

    So a link that was repaired or renamed here for all topics is neither reverted nor doubled.
    `base` and `working` are parallel, because nobody changed which links the topic shows; where a
    newer version of the reader sees other links in the old record, the source's are taken.
    """
    if len(base) != len(working):
        return upstream
    here: dict[Link, list[Link]] = {}
    for recorded, present in zip(base, working, strict=True):
        here.setdefault(recorded, []).append(present)
    return replace(
        upstream,
        links=tuple(here[link].pop(0) if here.get(link) else link for link in upstream.links),
    )
