"""Texts as words: what a text says without its markup, and which words two texts differ in."""

from .blocks import Block, blocks, plain
from .differences import Piece, SectionChange, paired, pieces, runs, section_changes

__all__ = [
    "Block",
    "Piece",
    "SectionChange",
    "blocks",
    "paired",
    "pieces",
    "plain",
    "runs",
    "section_changes",
]
