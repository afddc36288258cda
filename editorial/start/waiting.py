"""What waits for one person: a few rows of each kind, how many there are, and where they all stand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from editorial.link_health.filters import WORK
from editorial.listing.ready import ready_for
from editorial.models import ProblemReport
from editorial.roles.rights import PUBLISH, open_to, works_in, writes_anywhere
from editorial.states import minute, who
from resources.models import Language, LinkCheck
from topics.editions.descent import outdated
from topics.editions.reviewing import asking_for_change, due_by
from topics.models import (
    DeskPage,
    Review,
    ScheduledEdition,
    TopicLanguage,
    TopicWriter,
    UnsavedText,
)
from topics.working_copy.places import links_of

SHOWN = 5
NOTE_SHOWN = 120


class Entry(NamedTuple):
    """One thing that waits: its words, their language (empty: the desk's), where it is, a remark."""

    words: str
    language: str
    address: str
    remark: str = ""


@dataclass(frozen=True)
class Waiting:
    """One kind of things that wait for somebody; `all` leads to all of them."""

    title: str
    count: int
    entries: list[Entry]
    all: str = ""


def waiting_for(person: User) -> list[Waiting]:
    """What waits for a person, the most pressing kind first; kinds of which nothing waits are left out."""
    kinds = [
        *(_unsaved, _overdue, _ready, _to_change, _reviews, _outdated, _drafts),
        *(_scheduled, _reports, _links),
    ]
    found = [kind(person) for kind in kinds]
    return [waiting for waiting in found if waiting and waiting.count]


def _first(
    title: str, rows: QuerySet, entry: Callable[[Any], Entry], all_of_them: str = ""
) -> Waiting:
    """The first rows; counted by the database only where there are more."""
    some = list(rows[: SHOWN + 1])
    count = rows.count() if len(some) > SHOWN else len(some)
    return Waiting(title, count, [entry(row) for row in some[:SHOWN]], all_of_them)


def _topic(row: TopicLanguage, page: str, remark: str = "") -> Entry:
    address = reverse(f"admin:topics_topiclanguage_{page}", args=[row.pk])
    return Entry(row.title or row.slug, row.language, address, remark)


def _unsaved(person: User) -> Waiting:
    """Texts that were typed and not saved."""
    pages = {DeskPage.TEXT: "change", DeskPage.LINKS: "links"}
    rows = UnsavedText.objects.filter(person=person).exclude(posted="")
    return _first(
        _("Texts that you have not saved yet"),
        rows.select_related("topic_language__topic").order_by("-kept_at"),
        lambda row: _topic(
            row.topic_language,
            pages[row.page],
            f"{row.get_page_display()}, {minute(row.kept_at)}",
        ),
    )


def _reviews(person: User) -> Waiting:
    return _first(
        _("Your overdue reviews"),
        due_by(localdate()).filter(review_owner=person),
        lambda row: _topic(
            row, "review", _("due on %(day)s") % {"day": date_format(row.next_review)}
        ),
        reverse("admin:topics_reviews_due") + "?whose=mine",
    )


def _to_change(person: User) -> Waiting:
    """What reviewers found has to be changed: on the person's own pages, and on those of nobody."""
    whose = Q(review_owner=person)
    languages = [code for code in Language.values if works_in(person, code)]
    if languages:
        whose |= Q(review_owner=None, language__in=languages) & open_to(person)
    page = "change" if writes_anywhere(person) else "review"
    rows = asking_for_change().filter(topic_language__in=TopicLanguage.objects.filter(whose))
    return _first(
        _("Has to be changed, as a reviewer found"),
        rows.select_related("topic_language__topic", "by").order_by("day", "pk"),
        lambda row: _topic(row.topic_language, page, _found(row)),
        reverse("admin:topics_healthtopic_changelist") + "?review=change",
    )


def _found(review: Review) -> str:
    """Who found that a page has to be changed, when, and the beginning of the note."""
    said = f"{review.topic_language.get_language_display()}, {who(review.by)}, {date_format(review.day)}"
    return f"{said}: {Truncator(review.note).chars(NOTE_SHOWN)}" if review.note else said


def _outdated(person: User) -> Waiting:
    """Translations behind their original, which the person owns or saved last."""
    rows = TopicLanguage.objects.filter(outdated(), _mine(person))
    return _first(
        _("Your translations that are outdated"),
        rows.select_related("topic").order_by("live_edition__created_at", "pk"),
        lambda row: _topic(row, "change", row.get_language_display()),
    )


def _drafts(person: User) -> Waiting:
    """What the person wrote in and the public does not see."""
    rows = TopicWriter.objects.filter(by=person, topic_language__has_changes=True)
    return _first(
        _("What you saved and nobody published yet"),
        rows.select_related("topic_language__topic").order_by("-at", "pk"),
        lambda row: _topic(row.topic_language, "change", minute(row.at)),
    )


def _ready(person: User) -> Waiting | None:
    """What others saved and a publisher can publish as it is, longest waiting first."""
    if not person.has_perm(PUBLISH):
        return None
    last = TopicWriter.objects.filter(topic_language=OuterRef("pk")).order_by("-at").values("at")
    found = TopicLanguage.objects.filter(ready_for(person)).order_by(Subquery(last[:1]), "pk")
    # Whether a draft is whole is looked up once for each, not again for the first and for the count.
    first = found.annotate(total=Window(Count("pk"))).values_list("pk", "total")[:SHOWN]
    totals = dict(first)
    writers = TopicWriter.objects.select_related("by").order_by("-at", "pk")
    rows = TopicLanguage.objects.select_related("topic").prefetch_related(
        Prefetch("writers", writers)
    )
    by_key = rows.in_bulk(totals)
    # What went live since the first query is not to be published any more.
    found_still = [by_key[key] for key in totals if key in by_key and by_key[key].writers.all()]
    entries = [_topic(row, "publish", _who_wrote(row)) for row in found_still]
    title = _("Saved by others and ready to publish")
    address = reverse("admin:topics_healthtopic_changelist") + "?publish=ready"
    return Waiting(title, max(totals.values(), default=0), entries, address)


def _who_wrote(row: TopicLanguage) -> str:
    """In what language a text is, who wrote in it since it went live, and when the last of them did."""
    writers = list(row.writers.all())
    names = [who(writer.by) for writer in writers]
    return ", ".join([row.get_language_display(), *names, minute(writers[0].at)])


def _overdue(person: User) -> Waiting | None:
    """What should have gone live and did not, whoever set the date."""
    if not person.has_perm(PUBLISH):
        return None
    stopped = _("the command “publish_scheduled” is not running: tell whoever operates the site")
    return _first(
        _("Overdue: should have gone live by itself"),
        _by_date(ScheduledEdition.objects.filter(ScheduledEdition.overdue())),
        lambda row: _topic(
            row.topic_language, "publish", f"{minute(row.due_at)}; {row.why_not_live or stopped}"
        ),
        reverse("admin:topics_schedulededition_changelist") + "?outcome__exact=waiting",
    )


def _scheduled(person: User) -> Waiting:
    rows = ScheduledEdition.objects.filter(
        created_by=person, outcome=ScheduledEdition.Outcome.WAITING
    )
    return _first(
        _("Your editions that wait to go live"),
        _by_date(rows.exclude(ScheduledEdition.overdue())),
        lambda row: _topic(row.topic_language, "publish", row.why_not_live or minute(row.due_at)),
        reverse("admin:topics_schedulededition_changelist") + "?outcome__exact=waiting"
        if person.has_perm("topics.view_schedulededition")
        else "",
    )


def _by_date(rows: QuerySet[ScheduledEdition]) -> QuerySet[ScheduledEdition]:
    return rows.select_related("topic_language__topic").defer("document").order_by("due_at", "pk")


def _reports(person: User) -> Waiting | None:
    """What readers reported about pages that the person owns, or that nobody does."""
    if not person.has_perm("editorial.view_problemreport"):
        return None
    whose = Q(topic_language__review_owner=person) | Q(topic_language__review_owner=None)
    rows = ProblemReport.objects.filter(whose, state=ProblemReport.State.NEW)
    return _first(
        _("New problem reports on your pages, or on pages without an owner"),
        rows.order_by("sent_at", "pk"),
        lambda row: Entry(
            row.get_kind_display(),
            "",
            reverse("admin:editorial_problemreport_change", args=[row.pk]),
            row.path,
        ),
        reverse("admin:editorial_problemreport_changelist") + "?state__exact=new",
    )


def _links(person: User) -> Waiting | None:
    if not person.has_perm("resources.view_linkcheck"):
        return None
    if not writes_anywhere(person):
        # Links are all that she is here for.
        return _first(
            _("Links to be repaired"),
            LinkCheck.objects.filter(WORK).order_by("state", "failing_since", "pk"),
            _link,
            reverse("admin:resources_linkcheck_changelist"),
        )
    mine = links_of(TopicLanguage.objects.filter(review_owner=person))
    return _first(
        _("Broken links on your topics"),
        LinkCheck.objects.filter(mine, state=LinkCheck.State.BROKEN).order_by(
            "failing_since", "pk"
        ),
        _link,
        reverse("admin:resources_linkcheck_changelist") + "?owner=me&state=broken",
    )


def _link(row: LinkCheck) -> Entry:
    address = reverse("admin:resources_linkcheck_change", args=[row.pk])
    return Entry(row.address, "", address, row.get_outcome_display())


def _mine(person: User) -> Q:
    return Q(review_owner=person) | Q(changed_by=person)
