"""The second pass over a file: what the plan asks for, written in commits of at most 50 topics.

Each topic is atomic: one that fails is rolled back alone and refused with its reason. Killed at any
moment, the committed topics are complete and the next run finds the rest still to do.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from interchange.models import ImportRun
from interchange.xml_reader import Note, Refusal
from interchange.xml_record import TopicRecord, parse
from resources.models import Language, address_digest
from topics import richtext
from topics.document import TopicDocument
from topics.editions.writers import forget_writers, note_writers
from topics.models import HealthTopic, Origin, RelatedTopic, TopicLanguage
from topics.projections import AddressTaken
from topics.site import bump_generation
from topics.working_copy import assemble, store

from .comparing import Decided, compare
from .going_live import go_live
from .matching import Case, Matching
from .merging import Action
from .newcomers import noted_newcomers
from .plan import Plan, Unit, batches
from .remembering import remember
from .report import Conflict, Report
from .standing import without_place

TOPICS_A_COMMIT = 50
ONE_GROUP = "Two of the groups it names are one group here; the first was kept."
# PostgreSQL undid the work of one of two transactions that hindered each other: it can be done again.
GAVE_WAY = {"40001", "40P01"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What is applied and how. Without a `run` nothing is written: a rehearsal.

    It notes in `moved` the addresses of topics that it would have given new ones, by TopicLanguage key.
    """

    plan: Plan
    run: ImportRun | None
    origin: Origin = Origin.IMPORT
    publish: bool = True
    by: AbstractBaseUser | None = None
    moved: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """A unit with its records; `report` holds what reading them had to say."""

    unit: Unit
    records: list[TopicRecord]
    report: Report


Outcome = tuple[Report, list[Unit]]


def apply(job: Job, *, progress: Callable[[int], None]) -> Report:
    """Apply the whole plan; the report of the plan with the outcome added.

    `progress` is called with the number of topics done.
    """
    report = job.plan.report
    done = 0
    units, final = job.plan.units, False
    while units:
        waiting: list[Unit] = []
        for batch in batches(units, TOPICS_A_COMMIT):
            outcome, later = _apply_batch(job, batch, final=final)
            report.add(outcome)
            waiting += later
            done += len(batch) - len(later)
            progress(done)
        units, final = waiting, True
    return report


def _apply_batch(job: Job, batch: Sequence[Unit], *, final: bool) -> Outcome:
    # The records are read before the transaction begins, so that editors wait less for the database.
    read = [_read(job.plan, unit) for unit in batch]
    try:
        report, waiting = _commit_batch(job, read, final=final)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in GAVE_WAY:
            raise
        logger.info("The batch gave way to somebody else's save; it is tried again.")
        report, waiting = _commit_batch(job, read, final=final)
    for one in read:
        if one.unit not in waiting:
            report.add(one.report)
    return report, waiting


def _commit_batch(job: Job, read: list[Read], *, final: bool) -> Outcome:
    with transaction.atomic():
        try:
            with transaction.atomic():
                report, waiting = _apply_units(job, read, final=final)
        except OperationalError:
            raise
        except Exception:
            logger.info("A batch failed; its topics are tried one by one.", exc_info=True)
            report, waiting = _one_by_one(job, read, final=final)
        if job.run is not None:
            ImportRun.objects.filter(pk=job.run.pk).update(heartbeat_at=timezone.now())
    return report, waiting


def _read(plan: Plan, unit: Unit) -> Read:
    read = Read(unit, [], Report())
    for entry in unit.entries:
        found = parse(plan.scanned(entry))
        if isinstance(found, Refusal):
            read.report.refusals.append(found)
            continue
        read.records.append(found)
        number = str(entry.number)
        read.report.notes += [Note(found.line, number, note) for note in found.notes]
    return read


def _one_by_one(job: Job, read: list[Read], *, final: bool) -> Outcome:
    report = Report()
    waiting: list[Unit] = []
    for one in read:
        try:
            with transaction.atomic():
                outcome, later = _apply_units(job, [one], final=final)
        except OperationalError:
            raise
        except Exception as error:
            if not isinstance(error, AddressTaken):
                logger.exception("Topic %s could not be imported.", one.unit.entries[0].number)
            for record in one.records:
                number = str(record.document.number)
                report.refusals.append(Refusal(record.line, number, _reason(error)))
            continue
        report.add(outcome)
        waiting += later
    return report, waiting


def _reason(error: Exception) -> str:
    if isinstance(error, AddressTaken):
        # It was free when the batch began; another record of the batch may have made a group there.
        return "Its address, or that of its other language, has just come into use. Import again."
    return f"It could not be stored, so nothing of it was kept ({type(error).__name__}: {error})."


def _apply_units(job: Job, read: list[Read], *, final: bool) -> Outcome:
    units = [(one.unit, one.records) for one in read]
    matching = Matching(job.plan, units, final=final, origin=job.origin, moved=job.moved)
    cases = matching.match()
    rows = [match.row for case in cases for match in case.matches if match.row is not None]
    rows += [case.joined for case in cases if case.joined is not None and case.joined not in rows]
    local = assemble(rows)
    decided = compare(cases, local)
    report = matching.report
    refused, refusals = without_place(cases, decided, publish=job.publish, moved=job.moved)
    report.refusals += refusals
    cases = [case for case in cases if case not in refused]
    kept = [id(match) for case in cases for match in case.matches]
    decided = [one for one in decided if id(one.match) in kept]
    if job.run is not None:
        with noted_newcomers(report):
            report.notes += _write(job, cases, decided, local)
    else:
        job.moved.update(_moving(decided))
    for one in decided:
        document = one.match.record.document
        if one.action is Action.CREATE:
            report.created += 1
        elif one.action is Action.UPDATE:
            report.updated += 1
        elif one.action is Action.CONFLICT:
            report.conflicts.append(Conflict(one.match.entry.line, document.number, document.title))
        else:
            report.unchanged += 1
    return report, matching.waiting


def _moving(decided: list[Decided]) -> dict[int, str]:
    """The addresses that records bring to topics that have others, by TopicLanguage key."""
    return {
        one.match.row.pk: one.match.entry.slug
        for one in decided
        if one.action is Action.UPDATE and one.match.row.slug != one.match.entry.slug
    }


def _write(
    job: Job, cases: list[Case], decided: list[Decided], local: dict[int, TopicDocument]
) -> list[Note]:
    """Write what was decided; notes on what could not be stored as the records have it."""
    known = {one.match.row.pk for one in decided if one.match.row is not None}
    _make_rows(cases)
    taken = [one for one in decided if one.action in (Action.CREATE, Action.UPDATE)]
    documents = _bound(job.plan, [one.document for one in taken])
    items = [(one.match.row, document) for one, document in zip(taken, documents, strict=True)]
    moved = _move_joined(cases, {row.pk for row, _document in items}, local)
    with _last_saved_kept([row for row, _document in moved]):
        stored = store(items + moved, by=job.by)[: len(taken)]
    public = [
        (one, document)
        for one, document in zip(taken, stored, strict=True)
        if job.publish and (one.match.row.live_edition_id or one.match.row.pk not in known)
    ]
    _note_writers(job, items, public)
    go_live(public, decided, run=job.run, origin=job.origin, by=job.by)
    shortened = [
        (one.match, document)
        for one, document in zip(taken, stored, strict=True)
        if len(document.groups) < len(one.match.record.document.groups)
    ]
    drafts = [one.match.row.pk for one in taken if one.draft_picture]
    TopicLanguage.objects.filter(pk__in=drafts).update(has_changes=True)
    remember(job.run, decided, _stored(taken, stored))
    _resolve_related([one.match.entry.number for one in decided])
    return [Note(match.entry.line, str(match.entry.number), ONE_GROUP) for match, _ in shortened]


def _note_writers(
    job: Job,
    items: list[tuple[TopicLanguage, TopicDocument]],
    public: list[tuple[Decided, TopicDocument]],
) -> None:
    """Whoever imports wrote what does not go live at once; what does holds all but a draft's picture."""
    live = {one.match.row.pk for one, _document in public}
    forget_writers([one.match.row.pk for one, _document in public if not one.draft_picture])
    if job.by is not None:
        note_writers([row.pk for row, _document in items if row.pk not in live], [job.by.pk])


def _stored(taken: list[Decided], documents: list[TopicDocument]) -> dict[int, str]:
    """Structure digests of what was stored, by TopicLanguage key."""
    return {
        one.match.row.pk: document.structure_digest()
        for one, document in zip(taken, documents, strict=True)
    }


def _make_rows(cases: list[Case]) -> None:
    """Make the topics, and the languages of topics, that are not here yet."""
    new = [case for case in cases if case.topic is None]
    topics = HealthTopic.objects.bulk_create(
        HealthTopic(source_language=min(match.entry.language for match in case.matches))
        for case in new
    )
    for case, topic in zip(new, topics, strict=True):
        case.topic = topic.pk
    matches = [(case, match) for case in cases for match in case.matches if match.row is None]
    # The source writes English first, also where its Spanish came here before.
    english = [case.topic for case, match in matches if match.entry.language == Language.ENGLISH]
    HealthTopic.objects.filter(pk__in=english).exclude(source_language=Language.ENGLISH).update(
        source_language=Language.ENGLISH
    )
    rows = TopicLanguage.objects.bulk_create(
        TopicLanguage(
            topic_id=case.topic,
            language=match.entry.language,
            slug=match.entry.slug,
            number=match.entry.number,
            upstream_url=match.entry.url,
            upstream_digest=address_digest(match.entry.url),
        )
        for case, match in matches
    )
    for (_case, match), row in zip(matches, rows, strict=True):
        match.row = row


def _move_joined(
    cases: list[Case], stored: set[int], local: dict[int, TopicDocument]
) -> list[tuple[TopicLanguage, TopicDocument]]:
    """Move rows to the topic they join; the documents of those that are not stored anyway."""
    items = []
    for case in cases:
        if case.joined is None:
            continue
        left = case.joined.topic_id
        # The row may be known under two objects; both have to know where it stands now.
        for row in [case.joined, *(match.row for match in case.matches)]:
            if row.pk == case.joined.pk:
                row.topic_id = case.topic
        TopicLanguage.objects.filter(pk=case.joined.pk).update(topic=case.topic)
        HealthTopic.objects.filter(pk=left).delete()
        if case.joined.pk not in stored:
            items.append((case.joined, local[case.joined.pk]))
        bump_generation()
    return items


@contextmanager
def _last_saved_kept(rows: list[TopicLanguage]) -> Iterator[None]:
    """Moving a working copy is no edit: who saved it when, and whether it is published, stays."""
    columns = ("has_changes", "changed_at", "changed_by_id")
    before = {row.pk: {name: getattr(row, name) for name in columns} for row in rows}
    yield
    for key, kept in before.items():
        TopicLanguage.objects.filter(pk=key).update(**kept)


def _bound(plan: Plan, documents: list[TopicDocument]) -> list[TopicDocument]:
    """Bind the links in bodies to the topics they lead to, here or elsewhere in the file."""
    addresses = {
        address for document in documents for address in richtext.addresses(document.rich_text())
    } - plan.numbers_by_url.keys()
    digests = {address_digest(address) for address in addresses}
    here = dict(
        TopicLanguage.objects.filter(upstream_digest__in=digests).values_list(
            "upstream_url", "number"
        )
    )

    def number_of(address: str) -> int | None:
        return plan.numbers_by_url.get(address) or here.get(address)

    return [
        document.map_bodies(lambda body: richtext.bind(body, number_of)) for document in documents
    ]


def _resolve_related(numbers: list[int]) -> None:
    """Point the references that were waiting for these topics at their rows."""
    target = TopicLanguage.objects.filter(number=OuterRef("number")).values("pk")
    RelatedTopic.objects.filter(target__isnull=True, number__in=numbers).update(
        target=Subquery(target)
    )
