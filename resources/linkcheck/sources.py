"""Where the addresses stand that readers are led to.

A room to the right adds its own in AppConfig.ready.
"""

from collections.abc import Callable, Iterable, Iterator

from resources.models import Language, Resource


def _shared_links() -> Iterator[str]:
    for language in Language.values:
        rows = Resource.objects.filter(**{f"url_{language}__gt": ""})
        yield from rows.values_list(f"url_{language}", flat=True).iterator()


# Each returns addresses, repeated or not.
sources: list[Callable[[], Iterable[str]]] = [_shared_links]
