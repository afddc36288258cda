"""What readers of a withdrawn page were told, and where they were sent."""

from datetime import datetime

from django.utils.translation import gettext as _

from editorial.states import minute, who
from topics.models import PublicationEvent, TopicLanguage

Kind = PublicationEvent.Kind
KINDS = (Kind.WITHDRAWN, Kind.NOTED, Kind.CORRECTED)


def withdrawals(topic_language: TopicLanguage) -> list[dict[str, str]]:
    """Every time the language was withdrawn, or that was corrected, as cells of a table; newest first."""
    return [
        {
            "when": minute(event.at),
            "kind": event.get_kind_display(),
            "who": who(event.by),
            "readers": _readers(event, newer, topic_language),
            "reason": event.reason,
        }
        for event, newer in _with_newer(topic_language)
    ]


def _with_newer(
    topic_language: TopicLanguage,
) -> list[tuple[PublicationEvent, PublicationEvent | None]]:
    """These events, newest first, each with the one that followed it."""
    events = list(topic_language.events.filter(kind__in=KINDS).select_related("by"))
    return list(zip(events, [None, *events], strict=False))


def _readers(
    event: PublicationEvent, newer: PublicationEvent | None, topic_language: TopicLanguage
) -> str:
    """What became of readers of the page, in a few words."""
    sent_to, exact = _where(event, newer, topic_language)
    if sent_to is None:
        return _("Not recorded")
    if not sent_to:
        return _("Told the reason")
    words = _("Sent to %(address)s") if exact else _("Sent to a page last known as %(address)s")
    return words % {"address": sent_to}


def withdrawn_on(moment: datetime, event: PublicationEvent, topic_language: TopicLanguage) -> str:
    """What readers got at a moment at which the page was withdrawn by that event."""
    newer = dict(_with_newer(topic_language))[event]
    sent_to, exact = _where(event, newer, topic_language)
    if sent_to is None:
        sentence = _(
            "On %(moment)s this page was withdrawn, since %(since)s. Whether readers were told the "
            "reason or sent to another page was not recorded at that time. The reason: %(reason)s"
        )
    elif not sent_to:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were told: %(reason)s"
        )
    elif exact:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were sent to "
            "%(address)s. The reason: %(reason)s"
        )
    else:
        sentence = _(
            "On %(moment)s this page was withdrawn. From %(since)s on, readers were sent to another "
            "page, last known as %(address)s. The reason: %(reason)s"
        )
    return sentence % {
        "moment": minute(moment),
        "since": minute(event.at),
        "address": sent_to,
        "reason": event.reason,
    }


def _where(
    event: PublicationEvent, newer: PublicationEvent | None, topic_language: TopicLanguage
) -> tuple[str | None, bool]:
    """Where readers were sent, empty for nowhere, None for unknown; whether by its address of that day.

    Old events did not record it. It is known still of one after which nobody has published the page
    or corrected its withdrawal, and of one after which a correction first noted how it
    was (`topics.editions.correcting`); only the page may have been renamed in between.
    """
    if event.sent_to is not None:
        return event.sent_to, True
    if newer is None:
        return (topic_language.readers_go_to if topic_language.withdrawn_at else None), False
    return (newer.sent_to if newer.kind == Kind.NOTED else None), False
