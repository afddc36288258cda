"""How a view says that its answer is for everybody, and by which names a network can drop it."""

from collections.abc import Iterable
from itertools import accumulate

from django.http import HttpResponse

# Bytes. Networks and proxies take headers of some kilobytes, and what is longer may cost the whole page.
LONGEST_HEADER = 4_000


def shared(response: HttpResponse, *keys: str) -> HttpResponse:
    """Declare that everybody may be given this answer until the generation or the day changes.

    `keys` are the surrogate keys by which a network in front of the site can drop it, besides the
    one that all pages have. The page cache keeps no answer without.
    """
    response.surrogate_keys = ("pages", *keys)
    return response


def topic_keys(slugs: dict[str, str], named: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The surrogate keys of a topic's page: one for each topic that it shows or names.

    `slugs` is the topic's own address in each language, `named` are language and address of others.
    Of very many names the rest is left out.
    """
    others = sorted(set(named) - set(slugs.items()))
    keys = [f"topic-{language}-{slug}" for language, slug in [*slugs.items(), *others]]
    ends = accumulate(len(key) + 1 for key in keys)
    return [key for key, end in zip(keys, ends, strict=True) if end <= LONGEST_HEADER]
