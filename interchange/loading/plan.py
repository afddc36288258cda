"""The first pass over a file: who is in it, what changed, and which records belong together.

Only identities stay in memory. The records that changed are set aside in a temporary file, so
that the two languages of a topic can be applied together wherever they stand in the file.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from interchange.models import UpstreamRecord
from interchange.xml_prolog import FileRefused, Header, read_header
from interchange.xml_reader import Note, Scanned, scan

from .conflicts import taken_over
from .report import Conflict, Report


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the file; its XML lies in the temporary file at `offset`, `size` bytes long."""

    line: int
    number: int
    language: str
    slug: str
    url: str
    mapped: int | None
    digest: str
    offset: int
    size: int


class Unit(NamedTuple):
    """Records that go in together: one, or both languages of a topic.

    `partner` is the number of the other language's topic where that is here already and needs no
    change itself.
    """

    entries: tuple[Entry, ...]
    partner: int | None = None


class Known(NamedTuple):
    """What is here of a record with the same number."""

    record_digest: str
    pending_digest: str
    mapped: int | None
    origin: str

    def repeated(self, digest: str) -> bool:
        """Whether a record with this digest says nothing new; going back on a newer one is new."""
        return self.record_digest == digest and not self.pending_digest


@dataclass(slots=True)
class Plan:
    """What a file asks for, measured against what is here."""

    header: Header
    units: list[Unit] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    numbers_by_url: dict[str, int] = field(default_factory=dict)
    slugs: dict[int, str] = field(default_factory=dict)
    records: BinaryIO | None = None

    def scanned(self, entry: Entry) -> Scanned:
        """The record of an entry, read back from the temporary file."""
        self.records.seek(entry.offset)
        return Scanned(
            entry.line,
            entry.number,
            entry.language,
            entry.slug,
            entry.url,
            entry.mapped,
            entry.digest,
            self.records.read(entry.size),
        )


def make_plan(file: BinaryIO, records: BinaryIO, *, progress: Callable[[int], None]) -> Plan:
    """Read the whole file once. Changed records are copied to `records`, an empty temporary file.

    `progress` is called with the number of bytes read. Raises FileRefused; the database is only
    read, with one query, and a few more for open conflicts.
    """
    plan = Plan(read_header(file), records=records)
    known = load_known()
    ended = taken_over()
    changed: dict[int, Entry] = {}
    seen = 0
    for found in scan(file):
        if isinstance(found, Note):
            plan.report.notes.append(found)
            continue
        seen += 1
        progress(file.tell())
        if not isinstance(found, Scanned):
            plan.report.refusals.append(found)
            continue
        plan.numbers_by_url.setdefault(found.url, found.number)
        plan.slugs[found.number] = found.slug
        here = known.get(found.number)
        if here is not None and here.repeated(found.digest):
            plan.report.unchanged += 1
        elif here is not None and here.pending_digest == found.digest and found.number not in ended:
            plan.report.conflicts.append(Conflict(found.line, found.number, found.slug))
        else:
            changed[found.number] = _set_aside(found, records)
    if not seen:
        raise FileRefused("The file holds no topic.")
    _check_total(plan, seen)
    plan.units = list(units(changed, known, plan.report.notes))
    return plan


def load_known() -> dict[int, Known]:
    """Every record imported so far, by number."""
    rows = UpstreamRecord.objects.values_list(
        "topic_language__number", "record_digest", "pending_digest", "mapped_number", "origin"
    )
    return {number: Known(*rest) for number, *rest in rows.iterator()}


def _set_aside(found: Scanned, records: BinaryIO) -> Entry:
    entry = Entry(
        found.line,
        found.number,
        found.language,
        found.slug,
        found.url,
        found.mapped,
        found.digest,
        records.tell(),
        len(found.xml),
    )
    records.write(found.xml)
    return entry


def _check_total(plan: Plan, seen: int) -> None:
    total = plan.header.total
    if total is not None and total.strip() != str(seen):
        plan.report.notes.append(
            Note(1, "", f"The file says that it holds {total[:20]} topics; it holds {seen}.")
        )


def units(changed: dict[int, Entry], known: dict[int, Known], notes: list[Note]) -> Iterator[Unit]:
    """Put records that name each other together, in the order of the file.

    Two belong together when one names the other and the other names nobody else.
    """
    mapped = {number: here.mapped for number, here in known.items()}
    mapped |= {number: entry.mapped for number, entry in changed.items()}
    pointers: dict[int, list[int]] = defaultdict(list)
    for number, target in mapped.items():
        if target is not None:
            pointers[target].append(number)
    done: set[int] = set()
    for entry in changed.values():
        if entry.number in done:
            continue
        partner = _partner(entry.number, mapped, pointers)
        other = changed.get(partner) if partner is not None else None
        if other is not None and other.language == entry.language:
            partner = other = None
        if entry.mapped in mapped and partner is None:
            notes.append(
                Note(
                    entry.line,
                    str(entry.number),
                    f"It names topic {entry.mapped} as its other language, which names another one; "
                    "the two were not joined.",
                )
            )
        done |= {entry.number, other.number} if other is not None else {entry.number}
        yield Unit((entry, other)) if other is not None else Unit((entry,), partner)


def _partner(
    number: int, mapped: dict[int, int | None], pointers: dict[int, list[int]]
) -> int | None:
    target = mapped[number]
    if target is not None:
        agreed = target in mapped and mapped[target] in (None, number)
        alone = agreed and (mapped[target] == number or pointers[target] == [number])
        return target if alone else None
    naming = pointers.get(number, [])
    return naming[0] if len(naming) == 1 else None


def batches(units: Iterable[Unit], size: int) -> Iterator[list[Unit]]:
    """Units in groups of at most `size`."""
    batch: list[Unit] = []
    for unit in units:
        batch.append(unit)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
