"""The project's own source files, for the tests that read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Each app imports only apps that stand before it.
ROOMS = ("resources", "topics", "editorial", "search", "interchange", "api", "medline")


def modules() -> Iterator[Path]:
    """Every module of the rooms, without their tests and migrations."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if is_production(path):
                yield path


def migrations() -> Iterator[Path]:
    """Every migration of the rooms."""
    for room in ROOMS:
        yield from sorted((ROOT / room / "migrations").glob("[0-9]*.py"))


def is_production(path: Path) -> bool:
    """Is this file one of ours that runs on an installation?"""
    if not path.is_relative_to(ROOT):
        return False
    parts = path.relative_to(ROOT).parts
    return parts[0] in ROOMS and not {"tests", "migrations"}.intersection(parts)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """Where a finding stands, as editors and terminals understand it."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{shown}:{getattr(node, 'lineno', 1)}"
