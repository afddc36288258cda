"""Where a topic stands in one language, as editors speak of it."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topics.models import HealthTopic, TopicLanguage


class State(models.TextChoices):
    """What an editor wants to know of a language at a glance."""

    MISSING = "missing", gettext_lazy("Missing")
    DRAFT = "draft", gettext_lazy("Draft")
    LIVE = "live", gettext_lazy("Live")
    CHANGED = "changed", gettext_lazy("Live, with unpublished changes")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


_CONDITIONS = {
    State.DRAFT: Q(live_edition=None, withdrawn_at=None),
    State.LIVE: Q(live_edition__isnull=False, has_changes=False),
    State.CHANGED: Q(live_edition__isnull=False, has_changes=True),
    State.WITHDRAWN: Q(withdrawn_at__isnull=False),
}


def state_of(topic_language: TopicLanguage | None) -> State:
    """The state of a topic in one language; None stands for a language it does not have."""
    if topic_language is None:
        return State.MISSING
    if topic_language.withdrawn_at:
        return State.WITHDRAWN
    if topic_language.live_edition_id is None:
        return State.DRAFT
    return State.CHANGED if topic_language.has_changes else State.LIVE


def topics_in_state(language: str, state: str) -> Q:
    """The condition for HealthTopics that are in a state in a language."""
    versions = TopicLanguage.objects.filter(topic=OuterRef("pk"), language=language)
    if state == State.MISSING:
        return ~Exists(versions)
    return Q(Exists(versions.filter(_CONDITIONS[State(state)])))


def state_line(topic_language: TopicLanguage) -> str:
    """One sentence on what the public sees and what it does not see yet."""
    state = state_of(topic_language)
    if state == State.WITHDRAWN:
        words = {
            "day": day(topic_language.withdrawn_at),
            "reason": topic_language.withdrawn_reason,
            "address": topic_language.readers_go_to,
        }
        if words["address"]:
            return _("Withdrawn on %(day)s; readers are sent to %(address)s: %(reason)s") % words
        return _("Withdrawn on %(day)s; readers are told: %(reason)s") % words
    edition = topic_language.live_edition
    if edition is None:
        return _("Draft: the public does not see this language yet.")
    line = _("Live: edition %(number)s of %(day)s, published by %(who)s") % {
        "number": edition.number,
        "day": day(edition.created_at),
        "who": who(edition.created_by) if edition.created_by else edition.get_origin_display(),
    }
    if state == State.CHANGED:
        return _("%(live)s; there are unpublished changes.") % {"live": line}
    return _("%(live)s.") % {"live": line}


def day(moment) -> str:
    """A moment's day in the form of the active language."""
    return date_format(localtime(moment), "DATE_FORMAT")


def minute(moment) -> str:
    """A moment to the minute in the form of the active language."""
    return date_format(localtime(moment), "DATETIME_FORMAT")


def who(user) -> str:
    """A person as colleagues call them; a change nobody made by hand has no person."""
    return (user.get_full_name() or user.get_username()) if user else _("the system")


def by_language(topic: HealthTopic) -> dict[str, TopicLanguage]:
    """The languages a topic has, from what is prefetched where it is."""
    return {version.language: version for version in topic.languages.all()}
