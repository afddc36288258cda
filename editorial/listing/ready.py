"""Drafts that somebody saved and a publisher can publish now, found by the database alone."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, StrIndex
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.roles.rights import PUBLISH, open_to
from resources.models import InformationCategory, Language
from topics.models import Placement, ScheduledEdition, TopicSection, TopicWriter

from .filters import VersionFilter


def ready_for(person: AbstractBaseUser) -> Q:
    """The condition for TopicLanguages in which only others wrote, with something new, and whole.

    Withdrawn ones are not meant, nor those that wait for a date. What readers would not be shown
    whole is what `topics.readiness` calls blocking, which a test holds against this.
    """
    waiting = ScheduledEdition.objects.filter(
        topic_language=OuterRef("pk"), outcome=ScheduledEdition.Outcome.WAITING
    )
    writers = TopicWriter.objects.filter(topic_language=OuterRef("pk"))
    by_others = Q(Exists(writers)) & ~Exists(writers.filter(by=person))
    saved = Q(has_changes=True, withdrawn_at=None)
    # A choice and no OR, for which SQLite would look at all pages of each language first.
    whole = Case(
        *(When(_is_whole(language), language=language, then=True) for language in Language.values),
        default=False,
        output_field=BooleanField(),
    )
    return saved & by_others & Q(whole) & ~Exists(waiting) & open_to(person)


def _is_whole(language: str) -> Q:
    """The condition that nothing blocks publishing in this language."""
    sections = TopicSection.objects.filter(
        topic=OuterRef("topic"), **{f"position_{language}__isnull": False}
    )
    headless = sections.filter(
        _is_empty(f"heading_{language}"), **{f"level_{language}__isnull": False}
    )
    links = Placement.objects.filter(topic_language=OuterRef("pk"))
    broken = links.filter(_lacks("url", language) | _lacks("title", language))
    return (
        Q(Q(has_summary=True) & Exists(sections) | Exists(links))
        & ~_is_empty(f"topic__title_{language}")
        & ~(Q(has_summary=True) & Exists(headless))
        & ~Exists(broken)
        & ~Exists(_in_nameless_sections(links, language))
    )


def _in_nameless_sections(links: QuerySet[Placement], language: str) -> QuerySet[Placement]:
    """Those of the links that stand in a section without a name in a language."""
    # The keys are a list in JSON, in which no database looks as the other does.
    found = StrIndex(OuterRef("written"), Concat(Value('"'), "key", Value('"')))
    nameless = InformationCategory.objects.filter(_is_empty(f"name_{language}"))
    return links.annotate(written=Cast("categories", TextField())).filter(
        Exists(nameless.annotate(place=found).filter(place__gt=0))
    )


def _lacks(name: str, language: str) -> Q:
    """The condition for links without this in a language, of their own or of the shared link."""
    return Q(**{f"own_{name}": ""}) | (
        Q(**{f"own_{name}": None}) & _is_empty(f"resource__{name}_{language}")
    )


def _is_empty(column: str) -> Q:
    return Q(**{column: None}) | Q(**{column: ""})


class ReadyFilter(VersionFilter):
    """Topics that the reader can publish, because others saved something new that is whole."""

    title = gettext_lazy("to publish")
    parameter_name = "publish"

    def lookups(self, request, model_admin):
        # A filter without choices is not shown.
        if not request.user.has_perm(PUBLISH):
            return []
        return [("ready", _("Saved by others and ready to publish"))]

    def versions(self, request):
        return ready_for(request.user) if self.value() == "ready" else None
