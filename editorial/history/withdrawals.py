"""What readers of a withdrawn page were told, and where they were sent."""

from datetime import datetime

from django.utils.translation import gettext as _

from editorial.states import minute, who
from topics.models import PublicationEvent, TopicLanguage

KINDS = (PublicationEvent.Kind.WITHDRAWN, PublicationEvent.Kind.CORRECTED)


def withdrawals(topic_language: TopicLanguage) -> list[dict[str, str]]:
    """Every time the language was withdrawn, or that was corrected, as cells of a table; newest first."""
    events = topic_language.events.filter(kind__in=KINDS).select_related("by")
    return [
        {
            "when": minute(event.at),
            "kind": event.get_kind_display(),
            "who": who(event.by),
            "readers": _readers(event, topic_language),
            "reason": event.reason,
        }
        for event in events
    ]


def _readers(event: PublicationEvent, topic_language: TopicLanguage) -> str:
    """What became of readers of the page, in a few words."""
    sent_to, still = _where(event, topic_language)
    if sent_to is None:
        return _("Not recorded")
    if not sent_to:
        return _("Told the reason")
    words = _("Sent to a page that is %(address)s now") if still else _("Sent to %(address)s")
    return words % {"address": sent_to}


def withdrawn_on(moment: datetime, event: PublicationEvent, topic_language: TopicLanguage) -> str:
    """What readers got at a moment at which the page was withdrawn by that event."""
    sent_to, still = _where(event, topic_language)
    if sent_to is None:
        sentence = _(
            "On %(moment)s this page was withdrawn, since %(since)s. Whether readers were told the "
            "reason or sent to another page was not recorded at that time. The reason: %(reason)s"
        )
    elif not sent_to:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were told: %(reason)s"
        )
    elif still:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were sent to another "
            "page, which is %(address)s now. The reason: %(reason)s"
        )
    else:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were sent to "
            "%(address)s. The reason: %(reason)s"
        )
    return sentence % {
        "moment": minute(moment),
        "since": minute(event.at),
        "address": sent_to,
        "reason": event.reason,
    }


def _where(event: PublicationEvent, topic_language: TopicLanguage) -> tuple[str | None, bool]:
    """Where readers were sent, empty for nowhere, None for unknown; whether only today's place is known.

    Old events did not record it. Of the last one it is known still, since nobody has published the
    page or corrected its withdrawal; only the page to which readers are sent may have been renamed.
    """
    if event.sent_to is not None:
        return event.sent_to, False
    last = topic_language.events.filter(kind__in=PublicationEvent.PUBLIC).first()
    if event != last:
        return None, False
    return topic_language.readers_go_to, True
