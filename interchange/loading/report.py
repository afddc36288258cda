"""What an import did, or would do: counts, and a sentence for everything that went otherwise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from interchange.xml_reader import Note, Refusal

# An editor reads the first lines; a file that is odd throughout must not fill the database.
STORED_LINES = 500


@dataclass(frozen=True, slots=True)
class Conflict:
    """A topic that was changed both here and at the source; what is here was kept."""

    line: int
    number: int
    title: str


@dataclass(slots=True)
class Report:
    """The outcome of one run. `created` to `unchanged` count records, one language each."""

    file_name: str = ""
    dry_run: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Take in the outcome of one batch."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.conflicts += other.conflicts
        self.refusals += other.refusals
        self.notes += other.notes

    @property
    def exit_status(self) -> int:
        """0 all well, 3 some records refused, 1 nothing usable."""
        usable = self.created + self.updated + self.unchanged + len(self.conflicts)
        if not usable:
            return 1
        return 3 if self.refusals else 0

    def counts(self) -> dict[str, int]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "conflicts": len(self.conflicts),
            "refused": len(self.refusals),
        }

    def lines(self) -> Iterator[str]:
        """The report as lines of plain English."""
        if self.dry_run:
            yield "This was a rehearsal: nothing was written."
        for name, count in self.counts().items():
            yield f"{name + ':':<11}{count:>7,}"
        if self.conflicts:
            yield ""
            yield "Changed both here and at the source. What is here was kept, the newer record is stored:"
            for conflict in self.conflicts:
                yield f"  line {conflict.line}, topic {conflict.number}: {conflict.title}"
        if self.refusals:
            yield ""
            yield "Refused:"
            for refusal in sorted(self.refusals, key=lambda refusal: refusal.line):
                yield f"  line {refusal.line}, topic {refusal.number or 'without id'}: {refusal.reason}"
        if self.notes:
            yield ""
            yield "Noted:"
            yield from (f"  {line}" for line in summarised(self.notes))

    def stored(self) -> dict[str, Any]:
        """Counts, refusals and notes in the form that ImportRun keeps."""
        return {
            "counts": self.counts(),
            "refusals": [
                {"line": one.line, "number": one.number, "reason": one.reason}
                for one in self.refusals[:STORED_LINES]
            ],
            "notes": list(summarised(self.notes))[:STORED_LINES],
        }


def summarised(notes: Iterable[Note]) -> Iterator[str]:
    """Notes of one kind in one line, with their number and the first one in full."""
    kinds: dict[str, list[Note]] = {}
    for note in notes:
        kind = re.sub(r"“.*?”|https?://\S+|\d+", "…", note.text) if note.line else note.text
        kinds.setdefault(kind, []).append(note)
    for found in kinds.values():
        first = found[0]
        if not first.line:
            yield first.text
            continue
        place = f"line {first.line}" + (f", topic {first.number}" if first.number else "")
        times = f"{len(found)} times, first on " if len(found) > 1 else ""
        yield f"{times}{place}: {first.text}"
