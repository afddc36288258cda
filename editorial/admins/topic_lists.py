"""What the list of topics shows and how it is narrowed down."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from editorial.fields import whole_number
from editorial.originals import is_scheduled, marks_of
from editorial.states import State, by_language, minute, state_of, topics_in_state, who
from resources.models import Language
from topics.editions.descent import outdated
from topics.models import HealthTopic, TopicGroup, TopicLanguage, TopicTag

STANDING = [
    ("outdated", gettext_lazy("Outdated"), outdated),
    ("scheduled", gettext_lazy("Scheduled"), is_scheduled),
]


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


class GroupFilter(admin.SimpleListFilter):
    """Topics by group, in the reader's words."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        named = [(group.pk, name_of_group(group)) for group in TopicGroup.objects.all()]
        return sorted(named, key=lambda choice: choice[1].casefold())

    def queryset(self, request, queryset):
        group = whole_number(self.value())
        if group is None:
            return queryset
        in_group = TopicLanguage.objects.filter(memberships__group=group)
        return queryset.filter(pk__in=in_group.values("topic"))


class TagFilter(admin.SimpleListFilter):
    """Topics by tag."""

    title = gettext_lazy("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        return [(tag.pk, str(tag)) for tag in TopicTag.objects.order_by("slug")]

    def queryset(self, request, queryset):
        tag = whole_number(self.value())
        return queryset if tag is None else queryset.filter(taggedtopic__tag=tag)


def name_of_group(group: TopicGroup) -> str:
    """A group in the language of the admin, or in the one that has a name for it."""
    return getattr(group, f"name_{get_language()}", None) or str(group)


@admin.display(description=Language.ENGLISH.label, ordering="title_en")
def in_english(topic: HealthTopic) -> SafeString:
    """The column of the English versions."""
    return _cell(topic, Language.ENGLISH)


@admin.display(description=Language.SPANISH.label, ordering="title_es")
def in_spanish(topic: HealthTopic) -> SafeString:
    """The column of the Spanish versions."""
    return _cell(topic, Language.SPANISH)


def _cell(topic: HealthTopic, language: str) -> SafeString:
    """Title and state of a topic in one language, leading to that language's page."""
    version = by_language(topic).get(language)
    state = state_of(version)
    marks = [(state.value, state.label), *marks_of(version)]
    badge = format_html_join(" ", '<span class="state {}">{}</span>', marks)
    if version is None:
        return badge
    title = getattr(topic, f"title_{language}") or _("(no title yet)")
    address = reverse("admin:topics_topiclanguage_change", args=[version.pk])
    return format_html('<a href="{}" lang="{}">{}</a><br>{}', address, language, title, badge)


@admin.display(description=gettext_lazy("groups"))
def in_groups(topic: HealthTopic) -> str:
    """The groups of all languages of a topic."""
    versions = topic.languages.all()
    groups = {group.pk: group for version in versions for group in version.groups.all()}
    return ", ".join(map(name_of_group, groups.values()))


@admin.display(description=gettext_lazy("last saved"))
def last_saved(topic: HealthTopic) -> str:
    """When and by whom any language of a topic was saved last."""
    saved = [version for version in topic.languages.all() if version.changed_at]
    if not saved:
        return ""
    last = max(saved, key=lambda version: version.changed_at)
    return format_html("{}<br>{}", minute(last.changed_at), who(last.changed_by))
