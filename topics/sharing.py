"""How a view says that its answer is for everybody, and by which names a network can drop it."""

from django.http import HttpResponse


def shared(response: HttpResponse, *keys: str) -> HttpResponse:
    """Declare that everybody may be given this answer until the generation or the day changes.

    `keys` are the surrogate keys by which a network in front of the site can drop it, besides the
    one that all pages have. The page cache keeps no answer without.
    """
    response.surrogate_keys = ("pages", *keys)
    return response


def topic_keys(slugs: dict[str, str]) -> list[str]:
    """The surrogate keys of a topic's page, by its slug in each language it links to."""
    return [f"topic-{language}-{slug}" for language, slug in slugs.items()]
