"""Knowing an address again that is written a little differently."""

import re
from urllib.parse import quote

from .models import Resource, parts_of

_DEFAULT_PORT = re.compile(r":(?:80|443)$")
# What stands between the parts of a place that are the same in every spelling.
_BETWEEN = re.compile(r"%[0-9A-Fa-f]{2}|[^\w.~-]", re.ASCII)
# By how many of these parts the database narrows down; of some addresses there are hundreds.
_NARROWING = 3
# What `quote` leaves as it is, besides letters and digits: what an address may hold anywhere.
_MARKS = "/%:?#[]@!$&'()*+,;="
# What campaigns append to an address; the page is the same without it.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id")


def normalized(address: str) -> str:
    """What the spellings of one address share.

    No scheme, no “www.”, no default port, host in small letters, no last slash, no marks of
    campaigns; blanks and letters with accents as browsers write them. What cannot be taken apart
    is its own only spelling.
    """
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    asked = parts.query.split("&")
    query = "&".join(one for one in asked if not _TRACKING.fullmatch(one.partition("=")[0]))
    rest = "".join(mark + part for mark, part in (("?", query), ("#", parts.fragment)) if part)
    return _place(address) + quote(rest, safe=_MARKS)


def _place(address: str) -> str:
    """Host and path alone."""
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    host = _DEFAULT_PORT.sub("", parts.netloc.lower()).removeprefix("www.")
    return host + quote(parts.path.rstrip("/"), safe=_MARKS)


def resource_at(address: str, language: str) -> Resource | None:
    """The link that stands at this address in a language, or at another spelling of it."""
    wanted = normalized(address)
    # The database narrows down by what every spelling contains; the rest is compared here.
    candidates = Resource.objects.all()
    for part in sorted(set(_BETWEEN.split(_place(address))), key=len)[-_NARROWING:]:
        candidates = candidates.filter(**{f"url_{language}__icontains": part})
    fitting = [
        resource
        for resource in candidates.order_by("pk")
        if normalized(getattr(resource, f"url_{language}")) == wanted
    ]
    fitting.sort(key=lambda resource: getattr(resource, f"url_{language}") != address)
    return fitting[0] if fitting else None
