"""A translation beside its original at the desk: where it stands, what is new, who compared."""

from .comparison import Comparison, comparison_of
from .new_words import NewWords, new_words, put_beside
from .standing import Mark, is_scheduled, marks_of, with_standing

__all__ = [
    "Comparison",
    "Mark",
    "NewWords",
    "comparison_of",
    "is_scheduled",
    "marks_of",
    "new_words",
    "put_beside",
    "with_standing",
]
