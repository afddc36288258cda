"""Which topic here a record belongs to: by its number, else in the place of a demonstration."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from interchange.models import UpstreamRecord
from interchange.xml_reader import Note, Refusal
from interchange.xml_record import TopicRecord
from topics.models import Edition, HealthTopic, Origin, TaggedTopic, TopicLanguage

from .plan import Entry, Plan, Unit
from .report import Report

# Numbers that the demonstration made up because their real ones are not known.
INVENTED_NUMBERS = 1_000_000_000


@dataclass(slots=True)
class Match:
    """A record, and the row here that it is about; no row yet means a new one."""

    entry: Entry
    record: TopicRecord
    row: TopicLanguage | None = None


@dataclass(slots=True)
class Case:
    """The records of one topic. `joined` is a row that moves to `topic` from a topic of its own."""

    unit: Unit
    matches: list[Match] = field(default_factory=list)
    topic: int | None = None
    joined: TopicLanguage | None = None


class Matching:
    """Matches the units of one batch, with a number of queries that does not depend on how many.

    After `match`, `report` holds refusals and notes, and `waiting` the units whose address is
    about to be freed by another record of the file. Unless `final`, they come again at the end.
    `moved` are the rows that a rehearsal would have given other addresses by now, by key.
    """

    def __init__(
        self,
        plan: Plan,
        units: Iterable[tuple[Unit, list[TopicRecord]]],
        *,
        final: bool,
        origin: Origin = Origin.IMPORT,
        moved: Mapping[int, str],
    ):
        self.plan = plan
        self.moved = moved
        self.units = list(units)
        self.final = final
        self.demonstration = origin == Origin.DEMONSTRATION
        self.report = Report()
        self.waiting: list[Unit] = []
        self._load()

    def _load(self) -> None:
        entries = [entry for unit, _records in self.units for entry in unit.entries]
        numbers = {entry.number for entry in entries}
        numbers |= {unit.partner for unit, _records in self.units if unit.partner is not None}
        slugs: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            slugs[entry.language].add(entry.slug)
        wanted = Q(number__in=numbers)
        for language, ones in slugs.items():
            wanted |= Q(language=language, slug__in=ones)
        found = TopicLanguage.objects.filter(wanted)
        # Editors lock a topic before its languages, and so must everybody who locks both.
        topics = HealthTopic.objects.filter(pk__in=set(found.values_list("topic", flat=True)))
        list(topics.select_for_update().order_by("pk").values_list("pk"))
        rows = list(found.select_for_update(of=("self",)).select_related("topic").order_by("pk"))
        self.by_number = {row.number: row for row in rows}
        self.by_slug = {(row.language, row.slug): row for row in rows if row.pk not in self.moved}
        keys = [row.pk for row in rows]
        self.edited = set(
            Edition.objects.filter(topic_language__in=keys)
            .exclude(origin=Origin.DEMONSTRATION)
            .values_list("topic_language", flat=True)
        )
        self.shown = set(
            Edition.objects.filter(topic_language__in=keys).values_list("topic_language", flat=True)
        )
        self.real = set(keys) - set(
            UpstreamRecord.objects.filter(pk__in=keys, origin=Origin.DEMONSTRATION).values_list(
                "pk", flat=True
            )
        )
        self.languages: dict[int, dict[str, TopicLanguage]] = defaultdict(dict)
        for row in TopicLanguage.objects.filter(topic__in={row.topic_id for row in rows}):
            self.languages[row.topic_id][row.language] = row

    def match(self) -> list[Case]:
        """The cases of the batch, without what was refused or has to wait."""
        cases = []
        for unit, records in self.units:
            if self.demonstration and self._meets_real(unit):
                self.report.unchanged += len(records)
                continue
            case = self._case(unit, records)
            if case is None:
                self.waiting.append(unit)
                continue
            self._choose_topic(case)
            if case.matches:
                cases.append(case)
        return cases

    def _case(self, unit: Unit, records: list[TopicRecord]) -> Case | None:
        case = Case(unit)
        of_number = {record.document.number: record for record in records}
        for entry in unit.entries:
            record = of_number.get(entry.number)
            if record is None:
                continue
            row = self.by_number.get(entry.number)
            holder = self.by_slug.get((entry.language, entry.slug))
            if holder is not None and (row is None or holder.pk != row.pk):
                if row is None and self._replaceable(holder):
                    row = holder
                elif self._about_to_move(holder) and not self.final:
                    return None
                else:
                    self._refuse(entry, _held(holder))
                    continue
            if row is not None and row.language != entry.language:
                self._refuse(entry, f"Topic {entry.number} is in another language here.")
                continue
            case.matches.append(Match(entry, record, row))
        return case

    def _meets_real(self, unit: Unit) -> bool:
        """Whether a topic of the demonstration is here for real: then nothing is mixed into it."""
        here = [self.by_number.get(entry.number) for entry in unit.entries]
        here += [self.by_slug.get((entry.language, entry.slug)) for entry in unit.entries]
        here.append(self.by_number.get(unit.partner))
        return any(row is not None and row.pk in self.real for row in here)

    def _replaceable(self, holder: TopicLanguage) -> bool:
        """Whether a row is the demonstration's, to be replaced by the real topic of that address."""
        if holder.is_local:
            return False
        untouched = holder.pk in self.shown and holder.pk not in self.edited
        return untouched or holder.number >= INVENTED_NUMBERS

    def _about_to_move(self, holder: TopicLanguage) -> bool:
        return self.plan.slugs.get(holder.number, holder.slug) != holder.slug

    def _choose_topic(self, case: Case) -> None:
        """Find the topic of a case by its rows; what has no place in it is refused."""
        rows = [match.row for match in case.matches if match.row is not None]
        partner = self.by_number.get(case.unit.partner)
        if partner is not None and partner.language != case.unit.entries[0].language:
            rows.append(partner)
        rows.sort(key=lambda row: row.language)
        if not rows:
            return
        case.topic = rows[0].topic_id
        if len(rows) == 2 and rows[1].topic_id != case.topic:
            self._join(case, *rows)
        here = self.languages[case.topic]
        for match in [match for match in case.matches if match.row is None]:
            other = here.get(match.entry.language)
            if other is not None:
                self._refuse(
                    match.entry,
                    f"The topic “{other.title}” has a version in this language here already, under "
                    f"the address “{other.slug}.html” and number {other.number}.",
                )
                case.matches.remove(match)

    def _join(self, case: Case, first: TopicLanguage, second: TopicLanguage) -> None:
        """Make two topics that turn out to be two languages of one into one, where nothing is lost."""
        alone = all(len(self.languages[row.topic_id]) == 1 for row in (first, second))
        if alone and first.language != second.language and not _own_things(second.topic):
            case.joined = second
            return
        entry = case.unit.entries[0]
        text = (
            f"Topics {first.number} and {second.number} name each other as two languages of one, but "
            "stand in two topics here that each hold more; they were left apart."
        )
        self.report.notes.append(Note(entry.line, str(entry.number), text))

    def _refuse(self, entry: Entry, reason: str) -> None:
        self.report.refusals.append(Refusal(entry.line, str(entry.number), reason))


def _held(holder: TopicLanguage) -> str:
    if holder.is_local:
        return (
            f"Its address “{holder.slug}.html” belongs to the topic “{holder.title}”, which was made "
            "here. Give that topic another address, then import again."
        )
    return f"Its address “{holder.slug}.html” is that of topic {holder.number}, “{holder.title}”."


def _own_things(topic: HealthTopic) -> bool:
    """Whether a topic bears what belongs to no language and would be lost with it."""
    return (
        bool(topic.image)
        or TaggedTopic.objects.filter(content_object=topic).exists()
        or topic.owners.exists()
    )
