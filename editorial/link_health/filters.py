"""How the queue of links is narrowed down."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import whole_number
from editorial.listing.filters import groups_to_choose, owned_by, owners_to_choose
from resources.models import Language, LinkCheck
from topics.models import TopicLanguage
from topics.working_copy.places import links_of

State = LinkCheck.State
# What somebody has to do something about; a link that only might be broken is none of it.
WORK = Q(state__in=[State.BROKEN, State.CERTIFICATE, State.MOVED])


class StateFilter(admin.SimpleListFilter):
    """Links by state; at first those that need somebody."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*State.choices, ("all", _("All"))]

    def choices(self, changelist):
        own = list(super().choices(changelist))[1:]
        need = {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("To be repaired"),
        }
        return [need, *own]

    def queryset(self, request, queryset):
        if self.value() in State.values:
            return queryset.filter(state=self.value())
        return queryset if self.value() == "all" else queryset.filter(WORK)


class TopicsFilter(admin.SimpleListFilter):
    """Links by the topics on which they stand."""

    def topics(self, request) -> QuerySet[TopicLanguage] | None:
        """The topics that the chosen value means; None for a value that means nothing."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        topics = self.topics(request) if self.value() else None
        return queryset if topics is None else queryset.filter(links_of(topics))


class OwnerFilter(TopicsFilter):
    """Links on the topics of one person."""

    title = gettext_lazy("owner of the topic")
    parameter_name = "owner"

    def lookups(self, request, model_admin):
        return owners_to_choose(request)

    def topics(self, request):
        owned = owned_by(self.value(), request)
        return None if owned is None else TopicLanguage.objects.filter(owned)


class GroupFilter(TopicsFilter):
    """Links on the topics of one group."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        return groups_to_choose()

    def topics(self, request):
        key = whole_number(self.value())
        return None if key is None else TopicLanguage.objects.filter(memberships__group=key)


class LanguageFilter(TopicsFilter):
    """Links on the pages of one language."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return Language.choices

    def topics(self, request):
        known = self.value() in Language.values
        return TopicLanguage.objects.filter(language=self.value()) if known else None
