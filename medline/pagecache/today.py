"""The day in the site's time zone, which is part of every page's key.

Citations name the day on which they are made. Nothing on a public page depends on a finer time, nor
on a day without depending on the generation or on this one.
"""

import time
from datetime import datetime, timedelta

from django.utils import timezone


class Today:
    """Tells the day as text. It is reckoned anew at midnight and not for every request."""

    def __init__(self) -> None:
        self._known = ("", 0.0, 0.0)

    def __call__(self) -> str:
        day, begins, ends = self._known
        if begins <= time.time() < ends:
            return day
        today = timezone.localdate()
        begins, ends = (_midnight(today + timedelta(days=days)) for days in (0, 1))
        self._known = (today.isoformat(), begins, ends)
        return today.isoformat()


def _midnight(day) -> float:
    """When a day begins, in seconds since 1970."""
    return datetime(
        day.year, day.month, day.day, tzinfo=timezone.get_default_timezone()
    ).timestamp()
