"""The canonical form of HTML, and what is done with it.

`clean` turns HTML from anywhere into the canonical form that is stored; everything else here
works on that form only, where every element is closed, every attribute quoted and no link inside
another, so a small scanner replaces a second parser. What is allowed: allowed.py.
"""

from .allowed import ATTRIBUTES, TAGS
from .cleaning import Cleaned, clean
from .links import (
    ANCHOR,
    addresses,
    bind,
    outside_addresses,
    rewrite_links,
    with_address,
    words_with_address,
)
from .presenting import plain, presentable
from .sections import join, split
from .tags import attributes_of

__all__ = [
    "ANCHOR",
    "ATTRIBUTES",
    "TAGS",
    "Cleaned",
    "addresses",
    "attributes_of",
    "bind",
    "clean",
    "join",
    "outside_addresses",
    "plain",
    "presentable",
    "rewrite_links",
    "split",
    "with_address",
    "words_with_address",
]
