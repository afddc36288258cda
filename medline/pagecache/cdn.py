"""What a content delivery network in front of the site is told, where one is configured."""

from collections.abc import Iterable

from django.conf import settings

from .page import Headers


def for_cdn(headers: Headers, keys: Iterable[str]) -> Headers:
    """The headers of a page, with the keys by which a CDN can purge it, for CDNs that we can purge.

    Browsers ask again before they show a page they have, with and without a CDN.
    """
    if not settings.CDN_PURGE_URL:
        return headers
    names = " ".join(keys)
    control = f"max-age=0, must-revalidate, s-maxage={settings.CDN_MAX_AGE}"
    return [
        *((name, value) for name, value in headers if name.lower() != "cache-control"),
        ("Cache-Control", control),
        ("Surrogate-Key", names),
        ("Cache-Tag", names.replace(" ", ",")),
    ]
