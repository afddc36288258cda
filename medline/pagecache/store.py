"""Pages in the memory of this process: the least recently used leave when there are too many bytes."""

import threading
from collections import OrderedDict
from typing import NamedTuple

from .page import Page


class Asked(NamedTuple):
    """Which page is wanted: all of a request that its answer may depend on."""

    scheme: str
    path: str


class Version(NamedTuple):
    """What a page was made under: the generation, and the day in the site's time zone."""

    generation: int
    day: str


class Kept(NamedTuple):
    """A page, what it was made under, and the weight that was counted for it."""

    version: Version
    page: Page
    weight: int


class Store:
    """At most `limit` bytes of pages, one version of each: the one made last."""

    def __init__(self, limit: int):
        self._limit = limit
        self._kept: OrderedDict[Asked, Kept] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def get(self, asked: Asked) -> Kept | None:
        """The last version of a page, however old: the caller compares what it was made under."""
        with self._lock:
            kept = self._kept.get(asked)
            if kept is not None:
                self._kept.move_to_end(asked)
            return kept

    def put(self, asked: Asked, version: Version, page: Page) -> None:
        """Keep a page in the place of its last version; a page heavier than all may be is left out."""
        weight = page.weight
        with self._lock:
            if before := self._kept.pop(asked, None):
                self._weight -= before.weight
            if weight > self._limit:
                return
            self._kept[asked] = Kept(version, page, weight)
            self._weight += weight
            while self._weight > self._limit:
                _asked, oldest = self._kept.popitem(last=False)
                self._weight -= oldest.weight

    @property
    def weight(self) -> int:
        """How many bytes are held."""
        return self._weight
