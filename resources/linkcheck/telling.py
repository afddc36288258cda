"""What the command says: what is to be visited, how far it is, and what was found."""

import time
from datetime import timedelta
from typing import Any, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resources.models import LinkCheck

from .ledger import Wanted, survey
from .running import Report

SECONDS_BETWEEN = 0.2


def _number(text: str) -> int:
    """A number from an option; ValueError makes the parser say what is wrong."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number


# The options of the command, as its parser takes them.
OPTIONS: dict[str, dict[str, Any]] = {
    "--limit": {"type": _number, "metavar": "N", "help": "visit at most N links"},
    "--older-than": {
        "type": _number,
        "metavar": "DAYS",
        "help": "visit what was not looked at for so many days, due or not",
    },
    "--host": {"default": "", "metavar": "NAME", "help": "visit links of one site"},
    "--dry-run": {"action": "store_true", "help": "say what is to be visited; ask nobody"},
}


def wanted(*, older_than: int | None, host: str) -> Wanted:
    """The links that the options of the command mean; `older_than` in days."""
    age = None if older_than is None else timedelta(days=older_than)
    return Wanted(older_than=age, host=host.strip().lower())


def in_turn(wanted: Wanted) -> str:
    """How many links a run would visit now, on how many sites. Writes nothing, asks nobody."""
    links = wanted.links()
    new, _unused = survey(dry=True)
    sites = links.values("host").distinct().count()
    return _("%(links)d links on %(sites)d sites are to be visited, and %(new)d new addresses.") % {
        "links": links.count(),
        "sites": sites,
        "new": new,
    }


def lines(report: Report) -> list[str]:
    """The report of a run in sentences."""
    visited = ngettext("%(links)d link visited", "%(links)d links visited", report.visited)
    sites = ngettext("on %(sites)d site", "on %(sites)d sites", report.sites)
    took = _("in %(seconds).0f seconds") % {"seconds": report.seconds}
    head = f"{visited % {'links': report.visited}} {sites % {'sites': report.sites}} {took}."
    told = [f"{LinkCheck.State(state).label}: {n}" for state, n in report.states.most_common()]
    if report.offline:
        told.append(
            _("No site answers any more: is this machine connected? Their links stay as they were.")
        )
    return [head, *told]


class Counter:
    """A number on the terminal that grows; silent anywhere else."""

    def __init__(self, stream: TextIO):
        self.stream, self.on, self.drawn_at = stream, stream.isatty(), 0.0

    def __call__(self, visited: int) -> None:
        """Show how many links were visited, at most five times a second."""
        now = time.monotonic()
        if self.on and now - self.drawn_at > SECONDS_BETWEEN:
            self.drawn_at = now
            self.stream.write(f"\r{visited:>8}")
            self.stream.flush()

    def close(self) -> None:
        """Take the number away, so that the report begins on a clean line."""
        if self.on:
            self.stream.write("\r" + " " * 8 + "\r")
