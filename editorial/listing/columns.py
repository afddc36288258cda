"""What the list of topics shows of each."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.originals import marks_of, with_standing
from editorial.states import by_language, minute, state_of, who
from resources.models import Language, LinkCheck
from topics.models import HealthTopic, TopicLanguage
from topics.working_copy.places import topics_with

from .filters import is_overdue, name_of_group


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
    marks = [(state.value, state.label), *marks_of(version), *_needs(version)]
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


def _needs(version: TopicLanguage | None) -> list[tuple[str, str]]:
    """Marks of what waits for somebody; for rows that came through `with_needs`."""
    if version is None:
        return []
    marks = [("overdue", _("Review overdue"))] if version.review_overdue else []
    return [*marks, ("link-broken", _("Broken links"))] if version.has_broken_links else marks


def with_needs(topic_languages: QuerySet[TopicLanguage]) -> QuerySet[TopicLanguage]:
    """The rows with what else the list marks on them, in the same query."""
    broken = LinkCheck.objects.filter(state=LinkCheck.State.BROKEN)
    return with_standing(topic_languages).annotate(
        review_overdue=Q(live_edition__isnull=False) & is_overdue(),
        has_broken_links=topics_with(broken),
    )


@admin.display(description=gettext_lazy("owner"))
def owners(topic: HealthTopic) -> str:
    """Who looks after the reviews of a topic, in whichever language."""
    people = {row.review_owner for row in topic.languages.all() if row.review_owner}
    return ", ".join(sorted(map(who, people)))
