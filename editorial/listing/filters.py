"""How the list of topics is narrowed down. Every filter lives in the address of the list."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from editorial.fields import whole_number
from editorial.originals import is_scheduled
from editorial.states import State, topics_in_state, who
from resources.models import Language, LinkCheck
from topics.editions.descent import outdated
from topics.editions.reviewing import to_be_changed
from topics.models import TopicGroup, TopicLanguage, TopicTag
from topics.working_copy.places import topics_with

SOON_DAYS = 30
_LIVE = Q(live_edition__isnull=False)
STANDING = [
    (
        "current",
        gettext_lazy("Live and up to date"),
        lambda: _LIVE & Q(has_changes=False) & ~outdated(),
    ),
    (
        "unpublished",
        gettext_lazy("Live, with unpublished changes, not outdated"),
        lambda: _LIVE & Q(has_changes=True) & ~outdated(),
    ),
    ("outdated", gettext_lazy("Outdated"), outdated),
    ("scheduled", gettext_lazy("Scheduled"), is_scheduled),
]


class VersionFilter(admin.SimpleListFilter):
    """Topics of which one language, English or Spanish, fits.

    Several of these together mean the same language: overdue and mine is what I have to review, not
    a topic of which I own the one language while the other is overdue. So TopicList asks for all of
    them in one condition; a filter asks by itself only to count the topics of each of its choices.
    """

    is_counting = False

    def versions(self, request: HttpRequest) -> Q | None:
        """The condition for TopicLanguages that the chosen value means; None for no condition."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        condition = self.versions(request) if self.is_counting else None
        if condition is None:
            return queryset
        fitting = TopicLanguage.objects.filter(condition)
        return queryset.filter(pk__in=fitting.values("topic"))

    def get_facet_counts(self, pk_attname, filtered_qs):
        self.is_counting = True
        return super().get_facet_counts(pk_attname, filtered_qs)


class TopicList(ChangeList):
    """The list, narrowed down to topics of which one language fits all filters on versions."""

    def get_queryset(self, request, exclude_parameters=None):
        found = super().get_queryset(request, exclude_parameters)
        skipped = exclude_parameters or []
        conditions = [
            condition
            for chosen in self.filter_specs
            if isinstance(chosen, VersionFilter)
            and chosen.parameter_name not in skipped
            and (condition := chosen.versions(request)) is not None
        ]
        if not conditions:
            return found
        together = TopicLanguage.objects.filter(*conditions)
        return found.filter(pk__in=together.values("topic"))


class StateFilter(admin.SimpleListFilter):
    """Topics by their state in one language."""

    language = ""

    def lookups(self, request, model_admin):
        return [*State.choices, *((key, label) for key, label, _condition in STANDING)]

    def queryset(self, request, queryset):
        for key, _label, condition in STANDING:
            if self.value() == key:
                versions = TopicLanguage.objects.filter(condition(), language=self.language)
                return queryset.filter(pk__in=versions.values("topic"))
        if self.value() not in State.values:
            return queryset
        return queryset.filter(topics_in_state(self.language, self.value()))


class EnglishStateFilter(StateFilter):
    """Topics by their state in English."""

    language = Language.ENGLISH
    title = Language.ENGLISH.label
    parameter_name = "state_en"


class SpanishStateFilter(StateFilter):
    """Topics by their state in Spanish."""

    language = Language.SPANISH
    title = Language.SPANISH.label
    parameter_name = "state_es"


def groups_to_choose() -> list[tuple[int, str]]:
    """Key and name of every group, by name."""
    named = [(group.pk, name_of_group(group)) for group in TopicGroup.objects.all()]
    return sorted(named, key=lambda choice: choice[1].casefold())


def owners_to_choose(request: HttpRequest) -> list[tuple[int | str, str]]:
    """The reader, nobody, and everybody else who looks after the reviews of a topic."""
    owners = get_user_model().objects.filter(topics_to_review__isnull=False).distinct()
    named = [(user.pk, who(user)) for user in owners if user != request.user]
    named.sort(key=lambda choice: choice[1].casefold())
    return [("me", _("Me")), ("none", _("Nobody")), *named]


def owned_by(value: str | None, request: HttpRequest) -> Q | None:
    """The condition for TopicLanguages that such a choice means; None for no condition."""
    if value == "none":
        return Q(review_owner=None)
    key = request.user.pk if value == "me" else whole_number(value)
    return None if key is None else Q(review_owner=key)


class GroupFilter(VersionFilter):
    """Topics by group, in the reader's words."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        return groups_to_choose()

    def versions(self, request):
        group = whole_number(self.value())
        return None if group is None else Q(memberships__group=group)


class OwnerFilter(VersionFilter):
    """Topics by who looks after their reviews."""

    title = gettext_lazy("owner")
    parameter_name = "owner"

    def lookups(self, request, model_admin):
        return owners_to_choose(request)

    def versions(self, request):
        return owned_by(self.value(), request)


class ReviewFilter(VersionFilter):
    """Topics by when their next review is due, and those of which the last one found fault."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [
            ("current", _("Not due yet")),
            ("overdue", _("Overdue")),
            ("soon", _("Due within %(days)d days") % {"days": SOON_DAYS}),
            ("undated", _("Without a date")),
            ("change", _("Has to be changed")),
        ]

    def versions(self, request):
        return {
            "current": _LIVE & Q(next_review__gt=localdate()),
            "overdue": _LIVE & is_overdue(),
            "soon": _LIVE & Q(next_review__lte=localdate() + timedelta(days=SOON_DAYS)),
            "undated": _LIVE & Q(next_review=None),
            "change": to_be_changed(),
        }.get(self.value())


class LinksFilter(VersionFilter):
    """Topics on which a link stands that needs somebody."""

    title = gettext_lazy("links")
    parameter_name = "links"

    def lookups(self, request, model_admin):
        return [("broken", _("With broken links")), ("moved", _("With links that moved"))]

    def versions(self, request):
        if self.value() not in ("broken", "moved"):
            return None
        return topics_with(LinkCheck.objects.filter(state=self.value()))


class TagFilter(admin.SimpleListFilter):
    """Topics by tag."""

    title = gettext_lazy("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        return [(tag.pk, str(tag)) for tag in TopicTag.objects.order_by("slug")]

    def queryset(self, request, queryset):
        tag = whole_number(self.value())
        return queryset if tag is None else queryset.filter(taggedtopic__tag=tag)


def is_overdue() -> Q:
    """The condition for TopicLanguages whose review was due by today; readers see only live ones."""
    return Q(next_review__lte=localdate())


def name_of_group(group: TopicGroup) -> str:
    """A group in the language of the admin, or in the one that has a name for it."""
    return getattr(group, f"name_{get_language()}", None) or str(group)
