"""How a name or an outside address becomes the last part of an address here."""

import re


def slug_of(name: str) -> str:
    """The format's rule for addresses: small letters and digits of the name, nothing else."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def slug_of_address(url: str | None) -> str:
    """The slug in a page's address: its last part without “.html”; empty when there is none."""
    last = (url or "").split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    return slug_of(last.removesuffix(".html"))
