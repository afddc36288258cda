"""Dates as readers, machines and citations want them."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext


class Day(NamedTuple):
    """A day for machines and for readers."""

    iso: str
    shown: str


def day(when: date | datetime) -> Day:
    """A date, or the local date of a moment, in the form of the active language."""
    local = _local(when)
    return Day(iso=local.isoformat(), shown=_written(local, get_language()))


def cited_day(when: date | datetime) -> str:
    """A day as a citation writes it, in the active language."""
    return _cited(_local(when), get_language())


def today() -> date:
    """The day in the site's time zone."""
    return _local(datetime.now(UTC))


def _local(when: date | datetime) -> date:
    if not isinstance(when, datetime):
        return when
    return when.astimezone(timezone.get_default_timezone()).date()


@lru_cache(maxsize=1024)
def _written(when: date, language: str) -> str:
    # Translators: how a date is written, in the letters of Django's date filter.
    return date_format(when, pgettext("date", "F j, Y"))


@lru_cache(maxsize=1024)
def _cited(when: date, language: str) -> str:
    # Translators: how a citation writes a date, in the letters of Django's date filter.
    return date_format(when, pgettext("date of a citation", "Y M d"))
