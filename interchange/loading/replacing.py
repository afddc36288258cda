"""Addresses that an editor replaced wherever they stood, and records that still have the old ones.

Such a replacement is no edit of the topics that it reaches, as the repair of a shared link is none.
"""

from collections.abc import Sequence

from topics.document import TopicDocument
from topics.editions.embedding import with_address
from topics.richtext import outside_addresses

from .merging import State, state_of

# Old and new addresses, the oldest replacement first.
Replaced = Sequence[tuple[str, str]]


def imported_state(document: TopicDocument, base: State | None, replaced: Replaced) -> State:
    """The state of a document; the structure is the base's where nothing but replacements part them."""
    state = state_of(document)
    if base is None or base.structure in ("", state.structure):
        return state
    here = _addresses(document)
    for old, new in reversed(replaced):
        if new in here:
            document = with_address(document, new, old)
            here = _addresses(document)
            if document.structure_digest() == base.structure:
                return State(state.content, base.structure)
    return state


def keeping_replaced(
    upstream: TopicDocument, base: TopicDocument, working: TopicDocument, replaced: Replaced
) -> TopicDocument:
    """The newer document, with the present address for one that the source left alone.

    Not where the working copy has the old one again, or neither of them.
    """
    here = _addresses(working)
    for address in sorted(_addresses(base) - here):
        now = address
        for old, new in replaced:
            if now == old:
                now = new
        if now in here:
            upstream = with_address(upstream, address, now)
    return upstream


def _addresses(document: TopicDocument) -> set[str | None]:
    things = [document.institute, *document.links, *document.other_languages]
    return {thing.url for thing in things if thing} | outside_addresses(document.rich_text())
