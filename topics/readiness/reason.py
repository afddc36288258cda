"""A reason to look at a topic again before it goes live."""

from typing import NamedTuple


class Reason(NamedTuple):
    """A sentence for the editor. `code` names the rule; `blocking` ones forbid publishing.

    `section` is the place of the section of the summary that is meant, None for the whole topic.
    """

    code: str
    sentence: str
    blocking: bool = False
    section: int | None = None
