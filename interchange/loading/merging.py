"""Three ways: what the last import made of a record, what is here now, what the new record says."""

import hashlib
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from interchange.xml_writer import summary_html
from topics.document import TopicDocument
from topics.models import Origin

# Editions that people or other machines wrote; the rest only repeats what an import brought.
EDITED_ORIGINS = {Origin.HUMAN, Origin.MACHINE}
# Editions that are nobody's work here. A refresh is not among them: it repeats what was live before.
IMPORTED_ORIGINS = {Origin.IMPORT, Origin.DEMONSTRATION}


class Action(Enum):
    """What a record that differs from the one last taken in leads to."""

    CREATE = "create"
    UPDATE = "update"
    REMEMBER = "remember"  # nothing that a reader could notice: only the record itself is kept
    CONFLICT = "conflict"


class State(NamedTuple):
    """A topic in one language at some moment, as digests; both leave the picture out."""

    content: str
    structure: str


def state_of(document: TopicDocument) -> State:
    """The state that a document is; no record holds a picture, so it plays no part."""
    document = replace(document, image=None)
    return State(document.content_digest(), document.structure_digest())


def in_words_of(document: TopicDocument, *records: TopicDocument) -> TopicDocument:
    """The document with related topics that an editor chose called as the records call them.

    A document holds no title of those; the first record that names one says what it is.
    """
    titles = {one.number: one.title for record in reversed(records) for one in record.related}
    related = tuple(
        one if one.title else replace(one, title=titles.get(one.number, ""))
        for one in document.related
    )
    return replace(document, related=related)


@dataclass(frozen=True, slots=True)
class Here:
    """What is here of a topic in one language.

    `base` is what the last import made of the record, None when nothing was imported; `working` is
    the working copy; `live` and `live_origin` tell of the live edition, None when there is none.
    `pending` is the content of the newer record that conflicts, empty when none does.
    """

    base: State | None
    working: State
    live: State | None = None
    live_origin: str | None = None
    pending: str = ""

    @property
    def edited(self) -> bool:
        """Whether somebody changed this topic here since the last import.

        A change of a link, organisation or category that topics share is no change of the topics
        that show it. Whoever took over exactly what the pending record says has no change either.
        """
        published_here = self.live is not None and self.live_origin not in IMPORTED_ORIGINS
        return not self._imported(self.working) or (
            published_here and not self._imported(self.live)
        )

    @property
    def took_pending(self) -> bool:
        """Whether the working copy says exactly what the pending record says."""
        return bool(self.pending) and self.working.content == self.pending

    def _imported(self, state: State) -> bool:
        if self.pending and state.content == self.pending:
            return True
        base = self.base
        return base is not None and (
            state.content == base.content
            # A base that was settled by hand, not made by an import, has no structure.
            or bool(base.structure)
            and state.structure == base.structure
        )


def decide(here: Here, upstream: str) -> Action:
    """What to do with a record whose document has the content digest `upstream`."""
    if upstream == here.working.content or (here.base and upstream == here.base.content):
        return Action.REMEMBER
    return Action.CONFLICT if here.edited else Action.UPDATE


def summary_digest(document: TopicDocument) -> str:
    """SHA-256 of summary and attribution, whatever the links in them are bound to."""
    return hashlib.sha256((summary_html(document) or "").encode()).hexdigest()
