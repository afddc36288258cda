"""Knowing an address again that is written a little differently."""

from .models import Resource, parts_of


def normalized(address: str) -> str:
    """What two spellings of one address share: no scheme, host in small letters, no last slash.

    What cannot be taken apart is its own only spelling.
    """
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    rest = "".join(
        mark + part for mark, part in (("?", parts.query), ("#", parts.fragment)) if part
    )
    return _place(address) + rest


def _place(address: str) -> str:
    """Host and path alone."""
    parts = parts_of(address)
    if parts is None:
        return address.strip()
    return parts.netloc.lower() + parts.path.rstrip("/")


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
