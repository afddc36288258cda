"""Knowing an address again that is written a little differently."""

import re

from .models import Resource, parts_of

_DEFAULT_PORT = re.compile(r":(?:80|443)$")
# What campaigns append to an address; the page is the same without it.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id")


def normalized(address: str) -> str:
    """What the spellings of one address share.

    No scheme, no “www.”, no default port, host in small letters, no last slash, no marks of
    campaigns. What cannot be taken apart is its own only spelling.
    """
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    asked = parts.query.split("&")
    query = "&".join(one for one in asked if not _TRACKING.fullmatch(one.partition("=")[0]))
    rest = "".join(mark + part for mark, part in (("?", query), ("#", parts.fragment)) if part)
    return _place(address) + rest


def _place(address: str) -> str:
    """Host and path alone."""
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    host = _DEFAULT_PORT.sub("", parts.netloc.lower()).removeprefix("www.")
    return host + parts.path.rstrip("/")


def resource_at(address: str, language: str) -> Resource | None:
    """The link that stands at this address in a language, or at another spelling of it."""
    wanted = normalized(address)
    # The database narrows down by what every spelling contains; the rest is compared here.
    candidates = Resource.objects.filter(**{f"url_{language}__icontains": _place(address)})
    fitting = [
        resource
        for resource in candidates.order_by("pk")
        if normalized(getattr(resource, f"url_{language}")) == wanted
    ]
    fitting.sort(key=lambda resource: getattr(resource, f"url_{language}") != address)
    return fitting[0] if fitting else None
