"""Saving a posted page of one language: at once, merged with what others saved, or after asking.

A page whose language was saved since it was loaded is merged with what is stored now. What both
changed differently is shown side by side; nothing is written until a person has decided.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from editorial.fields import whole_number
from editorial.keeping.base import Base
from editorial.keeping.merging import (
    Collision,
    FormValues,
    Path,
    Side,
    changed_paths,
    merge,
    take_theirs,
)
from editorial.saving import Stale, Unchanged
from editorial.states import minute, who
from topics.models import TopicLanguage
from topics.wording import Piece, pieces

from .access import at_the_desk, record

# Each turn somebody else must have saved in the moment between reading and writing.
TURNS = 5
PLACES_NAMED = 6


class Page(Protocol):
    """A page of one language whose forms are known as values."""

    name: str
    notes: list[str]

    def values(self) -> FormValues: ...
    def said(self, base: Base | None) -> FormValues: ...
    def as_post(self, values: FormValues) -> dict[str, Any]: ...
    def row_keys(self) -> dict[str, dict[str, str]]: ...
    def place_name(self, path: Path, values: FormValues) -> str: ...
    def in_words(self, path: Path, side: Side, values: FormValues) -> str: ...
    def is_valid(self) -> bool: ...
    def save(self, *, version: int, by: Any, base: Base | None) -> None: ...


@dataclass
class Question:
    """A collision as it is put to a person: three texts, with what each side changed marked."""

    place: str
    before: str
    mine: list[Piece]
    theirs: list[Piece]
    choice: str = ""


@dataclass
class Outcome:
    """What became of a posted page. `page` and `base` are for showing the form again."""

    page: Any
    base: str = ""
    saved: bool = False
    unchanged: bool = False
    undecided: bool = False
    questions: list[Question] = field(default_factory=list)
    colleagues: str = ""
    notes: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def fresh_base(page: Page, topic_language: TopicLanguage) -> str:
    """The hidden field of a form that shows the working copy."""
    return _base_of(page).signed(topic_language, page.name)


def loaded_base(page: Page, topic_language: TopicLanguage, text: str) -> Base | None:
    """The base that a form carried, where it fits the page as it is in this release."""
    base = Base.read(text, topic_language, page.name)
    if base and base.values.fields.keys() == page.values().fields.keys():
        return base
    return None


def save_page(
    request: HttpRequest,
    topic_language: TopicLanguage,
    build: Callable[[TopicLanguage, Any], Any],
) -> Outcome:
    """Save what was posted, as `build` reads it. Writes nothing unless `saved` is true."""
    data = request.POST
    page = build(topic_language, data)
    outcome = Outcome(page, base=data.get("base", ""))
    if not page.is_valid():
        return outcome
    base = loaded_base(page, topic_language, outcome.base)
    if base and base.undecided:
        base, page = _decided(outcome, base, data, topic_language, build)
        if outcome.questions or not page.is_valid():
            return outcome
    version = whole_number(data.get("version")) or 0
    for _turn in range(TURNS):
        try:
            with transaction.atomic():
                page.save(version=version, by=request.user, base=base)
                record(request, topic_language, page.name)
        except Unchanged:
            outcome.unchanged = True
        except Stale:
            outcome.notes += page.notes
            topic_language = at_the_desk().get(pk=topic_language.pk)
            base, page = _merged(outcome, base, page, topic_language, build)
            version = topic_language.version
            if outcome.questions or not page.is_valid():
                return outcome
            continue
        else:
            outcome.saved = True
            outcome.notes += page.notes
        return outcome
    return outcome


def shown_outcome(request: HttpRequest, outcome: Outcome) -> dict[str, Any]:
    """What the template of a page that was not saved, or not yet, needs of it."""
    posted = request.method == "POST"
    return {
        "base": outcome.base,
        "questions": outcome.questions,
        "colleagues": outcome.colleagues,
        "undecided": outcome.undecided,
        "errors": posted and not outcome.questions,
    }


def tell(request: HttpRequest, outcome: Outcome, saved: str) -> None:
    """Tell an editor in messages what became of what she sent, where nothing is left to ask."""
    if outcome.saved:
        messages.success(request, saved)
    elif outcome.colleagues:
        messages.info(request, _("What you sent is saved already."))
    else:
        messages.info(request, _("There was nothing to save."))
    if outcome.merged:
        messages.warning(
            request,
            _("Saved by %(colleagues)s after you opened this, and kept: %(places)s.")
            % {"colleagues": outcome.colleagues, "places": "; ".join(outcome.merged)},
        )
    for note in dict.fromkeys(outcome.notes):
        messages.warning(request, note)


def _base_of(page: Page) -> Base:
    now = timezone.now().timestamp()
    return Base(page.values(), opened_at=now, keys=page.row_keys())


def _merged(
    outcome: Outcome,
    base: Base | None,
    page: Page,
    now: TopicLanguage,
    build: Callable[[TopicLanguage, Any], Any],
) -> tuple[Base, Any]:
    """The page merged with what is stored now, and the base on which it then stands."""
    current = build(now, None)
    theirs, mine = current.values(), page.said(base)
    merged = merge(base and base.values, mine, theirs)
    outcome.colleagues = _colleagues(now, base.opened_at if base else None)
    outcome.questions = [
        _question(current, collision, mine, theirs) for collision in merged.collisions
    ]
    if base:
        outcome.merged = _places(current, base.values, theirs)
    stands = replace(_base_of(current), undecided=merged.collisions)
    outcome.base = stands.signed(now, current.name)
    outcome.page = build(now, current.as_post(merged.values))
    return stands, outcome.page


def _decided(
    outcome: Outcome,
    base: Base,
    data: QueryDict,
    topic_language: TopicLanguage,
    build: Callable[[TopicLanguage, Any], Any],
) -> tuple[Base, Any]:
    """The page after what was decided; where something was not, the questions are put again."""
    page, theirs = outcome.page, base.values
    mine = page.said(base)
    choices = [data.get(f"choice-{number}", "") for number in range(len(base.undecided))]
    if not all(choice in ("mine", "theirs") for choice in choices):
        outcome.undecided = True
        outcome.questions = [
            replace(_question(page, collision, mine, theirs), choice=choice)
            for collision, choice in zip(base.undecided, choices, strict=True)
        ]
        outcome.colleagues = _colleagues(topic_language)
        return base, page
    paths = [
        collision.path
        for collision, choice in zip(base.undecided, choices, strict=True)
        if choice == "theirs"
    ]
    base = replace(base, undecided=())
    outcome.base = base.signed(topic_language, page.name)
    if paths:
        posted = page.as_post(take_theirs(mine, theirs, paths))
        outcome.notes += page.notes
        outcome.page = build(topic_language, posted | {"version": data.get("version", "")})
    return base, outcome.page


def _question(page: Page, collision: Collision, mine: FormValues, theirs: FormValues) -> Question:
    path = collision.path
    before = page.in_words(path, collision.before, theirs)
    sides = [
        page.in_words(path, collision.mine, mine),
        page.in_words(path, collision.theirs, theirs),
    ]
    if sides[0] == sides[1] and isinstance(collision.mine, str):
        # They differ in what only the source shows.
        before, sides = str(collision.before or ""), [collision.mine, str(collision.theirs)]
    known = collision.before is not None
    place = page.place_name(path, theirs if collision.theirs is not None else mine)
    marked = [pieces(before if known else side, side) for side in sides]
    return Question(place, before, *marked)


def _places(page: Page, before: FormValues, after: FormValues) -> list[str]:
    """What an editor calls the places in which two forms differ."""
    paths = changed_paths(before, after)
    names = []
    for path in paths:
        if after.at(path) is not None:
            names.append(page.place_name(path, after))
        else:
            names.append(_("%(place)s (removed)") % {"place": page.place_name(path, before)})
    names = list(dict.fromkeys(names))
    more = len(names) - PLACES_NAMED
    if more > 0:
        names[PLACES_NAMED:] = [_("and %(number)s more") % {"number": more}]
    return names


def _colleagues(topic_language: TopicLanguage, since: float | None = None) -> str:
    """Who saved or reviewed this language since, and when; without a moment, who saved it last."""
    saves: dict[str, datetime] = {}
    if since is not None:
        then = datetime.fromtimestamp(since, UTC)
        drafts = topic_language.drafts.filter(created_at__gte=then).select_related("created_by")
        reviews = topic_language.reviews.filter(recorded_at__gte=then).select_related("by")
        acts = [(draft.created_at, who(draft.created_by)) for draft in drafts]
        acts += [
            (row.recorded_at, who(row.by)) for row in reviews.filter(next_review__isnull=False)
        ]
        saves = {name: when for when, name in sorted(acts)}
    if not saves and topic_language.changed_at:
        saves = {who(topic_language.changed_by): topic_language.changed_at}
    return get_text_list([f"{name} ({moment(when)})" for name, when in saves.items()], _("and"))


def moment(when: datetime) -> str:
    """The time of day, with the day where it is not today."""
    local = timezone.localtime(when)
    if local.date() == timezone.localdate():
        return date_format(local, "TIME_FORMAT")
    return minute(when)
