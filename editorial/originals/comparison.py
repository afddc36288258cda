"""Asking who publishes a translation whether it was compared with the original."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from editorial.states import day
from resources.models import Language
from topics.editions.descent import Descent, descent_of
from topics.models import TopicLanguage


class Comparison(NamedTuple):
    """The tick beside the button that publishes. `original` is the number of the edition meant.

    `is_outdated` is True where readers see a translation that is behind.
    """

    translation: TopicLanguage
    descent: Descent
    label: str
    help: str
    original: int | None

    @property
    def is_outdated(self) -> bool:
        return self.descent.is_outdated


def comparison_of(versions: Sequence[TopicLanguage]) -> Comparison | None:
    """What is to be asked when these languages of a topic may be published; None for nothing."""
    for version in versions:
        descent = descent_of(version)
        if descent is not None and (not descent.is_current or _goes_along(descent, versions)):
            return Comparison(
                version,
                descent,
                _label(version, descent),
                _help(version, descent),
                descent.newest and descent.newest.number,
            )
    return None


def _goes_along(descent: Descent, versions: Sequence[TopicLanguage]) -> bool:
    """Whether the original has something new that may be published in the same step."""
    return descent.original.has_changes and descent.original.pk in [one.pk for one in versions]


def _names(version: TopicLanguage, descent: Descent) -> dict[str, str]:
    return {
        "language": Language(version.language).label,
        "original": Language(descent.original.language).label,
    }


def _label(version: TopicLanguage, descent: Descent) -> str:
    names = _names(version, descent)
    if descent.newest is None:
        return _("I have compared the %(language)s text with the %(original)s text.") % names
    sentence = _(
        "I have compared the %(language)s text with %(original)s edition %(number)s of %(day)s, "
        "the newest one."
    )
    newest = {"number": descent.newest.number, "day": day(descent.newest.created_at)}
    return sentence % (names | newest)


def _help(version: TopicLanguage, descent: Descent) -> str:
    names = _names(version, descent)
    if descent.made_from is None:
        start = _("Nobody has said yet from which %(original)s edition it was made.") % names
    else:
        start = _("So far it is made from %(original)s edition %(number)s.") % {
            **names,
            "number": descent.made_from.number,
        }
    end = _("Without the tick the %(language)s page stays marked as outdated.") % names
    return f"{start} {end}"
