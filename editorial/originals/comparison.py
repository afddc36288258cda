"""Asking who publishes a translation whether it was compared with the original."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from editorial.states import day
from resources.models import Language
from topics.editions.descent import Descent, descent_of
from topics.models import Edition, TopicLanguage


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
    """What is to be asked where these languages of a topic can be published; None for nothing.

    The first is the one whose page it is, the second can go along in the same step.
    """
    for version in versions:
        descent = descent_of(version)
        if descent is None:
            continue
        goes_along = _goes_along(descent, versions)
        if not descent.is_current or goes_along:
            # From the original's page a translation is published with the original's new text only.
            newest = descent.newest if version == versions[0] or not goes_along else None
            return Comparison(
                version,
                descent,
                _label(version, descent, newest),
                _help(version, descent, may_follow=newest is not None and goes_along),
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


def _label(version: TopicLanguage, descent: Descent, newest: Edition | None) -> str:
    names = _names(version, descent)
    if newest is None:
        return _("I have compared the %(language)s text with the %(original)s text.") % names
    sentence = _(
        "I have compared the %(language)s text with %(original)s edition %(number)s of %(day)s, "
        "the newest one."
    )
    return sentence % {**names, "number": newest.number, "day": day(newest.created_at)}


def _help(version: TopicLanguage, descent: Descent, *, may_follow: bool) -> str:
    """What the tick changes; `may_follow`: only a choice on the page says with which text."""
    names = _names(version, descent)
    if descent.made_from is None:
        start = _("Nobody has said yet from which %(original)s edition it was made.") % names
    else:
        start = _("So far it is made from %(original)s edition %(number)s.") % {
            **names,
            "number": descent.made_from.number,
        }
    if descent.is_outdated:
        end = _("Without the tick the %(language)s page stays marked as outdated.") % names
    else:
        end = _("Without the tick the %(language)s page will be marked as outdated.") % names
    if not may_follow:
        return f"{start} {end}"
    sentence = _(
        "Where %(original)s is published in the same step, the tick is about its new text."
    )
    return f"{start} {sentence % names} {end}"
