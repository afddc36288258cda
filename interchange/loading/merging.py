"""Three ways: what the last import made of a record, what is here now, what the new record says."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from interchange.xml_writer import summary_html
from topics.document import TopicDocument
from topics.models import Origin

from .matching import Match

# Editions that people or other machines wrote; the rest only repeats what an import brought.
EDITED_ORIGINS = {Origin.HUMAN, Origin.MACHINE}


class Action(Enum):
    """What a record that differs from the one last taken in leads to."""

    CREATE = "create"
    UPDATE = "update"
    REMEMBER = "remember"  # nothing that a reader could notice: only the record itself is kept
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Decided:
    """A matched record with what is to be done about it."""

    match: Match
    action: Action


@dataclass(frozen=True, slots=True)
class Here:
    """What is here of a topic in one language, as content digests.

    `base` is what the last import made of the record, None when nothing was imported; `working` is
    the working copy; `live` and `live_origin` tell of the live edition, None when there is none.
    """

    base: str | None
    working: str
    live: str | None = None
    live_origin: str | None = None

    @property
    def edited(self) -> bool:
        """Whether somebody changed the topic here since the last import."""
        published_here = self.live_origin in EDITED_ORIGINS and self.live != self.base
        return self.working != self.base or published_here


def decide(here: Here, upstream: str) -> Action:
    """What to do with a record whose document has the content digest `upstream`."""
    if upstream in (here.base, here.working):
        return Action.REMEMBER
    return Action.CONFLICT if here.edited else Action.UPDATE


def summary_digest(document: TopicDocument) -> str:
    """SHA-256 of summary and attribution, whatever the links in them are bound to."""
    return hashlib.sha256((summary_html(document) or "").encode()).hexdigest()
