"""How the site stands, in a few numbers: Spanish beside English, links, reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.listing.filters import is_overdue
from editorial.states import State
from resources.models import Language, LinkCheck
from topics.editions.descent import outdated
from topics.models import HealthTopic, TopicLanguage

# The width of a whole bar in its own units.
WIDTH = 1000


class Part(NamedTuple):
    """One part of a bar: what it counts, how many, its color, the list of these, its place."""

    label: str
    count: int
    kind: str
    address: str
    start: int
    width: int


@dataclass(frozen=True)
class Bar:
    """Numbers that add up to a whole, drawn as one bar."""

    title: str
    total: int
    parts: list[Part]


def bars(person: User) -> list[Bar]:
    """What anybody at the desk should see at a glance; a fixed number of queries."""
    drawn = [_language(language) for language in Language.values] + [_reviews()]
    if person.has_perm("resources.view_linkcheck"):
        drawn.append(_links())
    return [bar for bar in drawn if bar.total]


def _bar(title: str, counted: Sequence[tuple[str, int, str, str]]) -> Bar:
    """A bar of (label, count, color, address); what there is none of is not shown."""
    total = sum(count for _label, count, _kind, _address in counted)
    parts, start = [], 0
    for label, count, kind, address in counted:
        if count:
            width = round(WIDTH * (start + count) / total) - round(WIDTH * start / total)
            parts.append(Part(label, count, kind, address, round(WIDTH * start / total), width))
            start += count
    return Bar(title, total, parts)


def _topics(**query: str) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('admin:topics_healthtopic_changelist')}?{pairs}"


def _language(language: str) -> Bar:
    """All topics by how they stand in a language; what is outdated has changes or not."""
    live = Q(live_edition__isnull=False)
    rows = TopicLanguage.objects.filter(language=language)
    counts = rows.aggregate(
        all=Count("pk"),
        live=Count("pk", filter=live),
        changed=Count("pk", filter=live & Q(has_changes=True)),
        withdrawn=Count("pk", filter=Q(withdrawn_at__isnull=False)),
    )
    behind = rows.filter(outdated()).aggregate(
        all=Count("pk"), changed=Count("pk", filter=Q(has_changes=True))
    )
    changed = counts["changed"] - behind["changed"]
    current = counts["live"] - behind["all"] - changed
    draft = counts["all"] - counts["live"] - counts["withdrawn"]
    missing = HealthTopic.objects.count() - counts["all"]
    parts = [
        (_("Live and up to date"), current, "good", "current"),
        (_("With unpublished changes"), changed, "changed", "unpublished"),
        (_("Outdated"), behind["all"], "warning", "outdated"),
        (State.DRAFT.label, draft, "plain", State.DRAFT),
        (State.WITHDRAWN.label, counts["withdrawn"], "gone", State.WITHDRAWN),
        (State.MISSING.label, missing, "bad", State.MISSING),
    ]
    state = f"state_{language}"
    return _bar(
        Language(language).label,
        [(label, count, kind, _topics(**{state: value})) for label, count, kind, value in parts],
    )


def _reviews() -> Bar:
    """Live languages by when they are to be reviewed."""
    live = Q(live_edition__isnull=False)
    counts = TopicLanguage.objects.filter(live).aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=is_overdue()),
        undated=Count("pk", filter=Q(next_review=None)),
    )
    current = counts["all"] - counts["overdue"] - counts["undated"]
    return _bar(
        _("Reviews of live pages"),
        [
            (_("Not due yet"), current, "good", _topics(review="current")),
            (_("Overdue"), counts["overdue"], "bad", _topics(review="overdue")),
            (_("Without a date"), counts["undated"], "plain", _topics(review="undated")),
        ],
    )


def _links() -> Bar:
    """All addresses that pages lead to, by what the last visit found."""
    state = LinkCheck.State
    kinds = {
        state.OK: "good",
        state.WALLED: "gone",
        state.UNCHECKED: "plain",
        state.SUSPECT: "warning",
        state.MOVED: "warning",
        state.CERTIFICATE: "bad",
        state.BROKEN: "bad",
    }
    rows = LinkCheck.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    queue = reverse("admin:resources_linkcheck_changelist")
    return _bar(
        _("Links"),
        [
            (one.label, counts.get(one, 0), kind, f"{queue}?state={one}")
            for one, kind in kinds.items()
        ],
    )
