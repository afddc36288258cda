"""What stands beside the state of a language: it is outdated, has to be changed, or waits to go live."""

from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from editorial.states import minute
from topics.editions.descent import outdated
from topics.editions.reviewing import to_be_changed
from topics.models import ScheduledEdition, TopicLanguage
from topics.models.schedule import is_late


class Mark(NamedTuple):
    """A mark after the state: `key` for the stylesheet, and its words."""

    key: str
    label: str


def with_standing(topic_languages: QuerySet[TopicLanguage]) -> QuerySet[TopicLanguage]:
    """The rows with what `marks_of` asks them, in the same query."""
    waiting = ScheduledEdition.objects.filter(
        topic_language=OuterRef("pk"), outcome=ScheduledEdition.Outcome.WAITING
    )
    return topic_languages.annotate(
        is_outdated=outdated(),
        is_to_be_changed=to_be_changed(),
        due_at=Subquery(waiting.values("due_at")[:1]),
    )


def is_scheduled() -> Q:
    """The condition for rows of which a text waits to go live."""
    return Q(scheduled__outcome=ScheduledEdition.Outcome.WAITING)


def marks_of(topic_language: TopicLanguage | None) -> list[Mark]:
    """The marks of a row; one that did not come through `with_standing` costs a query."""
    if topic_language is None:
        return []
    if not hasattr(topic_language, "is_outdated"):
        topic_language = with_standing(TopicLanguage.objects.all()).get(pk=topic_language.pk)
    marks = [Mark("outdated", _("Outdated"))] if topic_language.is_outdated else []
    if topic_language.is_to_be_changed:
        marks.append(Mark("to-change", _("Review: has to be changed")))
    if topic_language.due_at:
        when = {"when": minute(topic_language.due_at)}
        if is_late(topic_language.due_at):
            marks.append(Mark("overdue", _("Overdue: should have gone live on %(when)s") % when))
        else:
            marks.append(Mark("scheduled", _("Goes live on %(when)s") % when))
    return marks
