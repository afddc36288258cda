"""The canonical form of HTML, and what is done with it.

`clean` turns HTML from anywhere into the canonical form that is stored; everything else here
works on that form only, where every element is closed, every attribute quoted and no link inside
another, so a small scanner replaces a second parser. What is allowed: allowed.py.
"""

from .allowed import ATTRIBUTES, TAGS
from .cleaning import Cleaned, clean
from .links import addresses, bind, rewrite_links, topic_numbers
from .presenting import plain, presentable
from .sections import join, split

__all__ = [
    "ATTRIBUTES",
    "TAGS",
    "Cleaned",
    "addresses",
    "bind",
    "clean",
    "join",
    "plain",
    "presentable",
    "rewrite_links",
    "split",
    "topic_numbers",
]
