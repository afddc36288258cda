"""How the queue of links is narrowed down."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import whole_number
from editorial.listing.filters import name_of_group
from editorial.states import who
from resources.models import Language, LinkCheck
from topics.models import TopicGroup, TopicLanguage
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
        owners = get_user_model().objects.filter(topics_to_review__isnull=False).distinct()
        named = [(user.pk, who(user)) for user in owners if user != request.user]
        named.sort(key=lambda choice: choice[1].casefold())
        return [("me", _("Me")), ("none", _("Nobody")), *named]

    def topics(self, request):
        topics = TopicLanguage.objects.all()
        if self.value() == "none":
            return topics.filter(review_owner=None)
        key = request.user.pk if self.value() == "me" else whole_number(self.value())
        return None if key is None else topics.filter(review_owner=key)


class GroupFilter(TopicsFilter):
    """Links on the topics of one group."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        named = [(group.pk, name_of_group(group)) for group in TopicGroup.objects.all()]
        return sorted(named, key=lambda choice: choice[1].casefold())

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
