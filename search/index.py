"""The index behind one interface, whichever database is in use."""

from typing import Protocol

from django.db import connection

from . import postgresql, sqlite
from .readings import Query, Reading


class Index(Protocol):
    """What each database's module can do."""

    def best(self, query: Query) -> tuple[Reading, int]:
        """The strictest reading that finds anything, and how many topics; one query."""

    def keys(self, query: Query, reading: Reading, first: int, count: int) -> list[int]:
        """The keys of some of the topics that a reading finds, best first; one query."""

    def repair(self) -> None:
        """Derive the index from the entries anew."""

    def settle(self) -> None:
        """Bring the index into its best shape after much was written."""

    def out_of_line(self) -> list[str]:
        """The languages whose index holds other words than their entries."""


def of_this_database() -> Index:
    """The index of the database in use."""
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
