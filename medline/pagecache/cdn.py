"""What a content delivery network in front of the site is told, where one is configured."""

import logging
import threading
import urllib.request
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from .page import Headers

logger = logging.getLogger(__name__)

PURGE_SECONDS = 5


def for_cdn(headers: Headers, keys: Iterable[str]) -> Headers:
    """The headers of a page, with the keys by which a network can purge it, where we can purge.

    Browsers ask again before they show a page they have, with and without a network.
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


def purge_after_commit() -> None:
    """Have the network drop every page once this transaction is committed, beside the request.

    Every page, because what one topic changes is on others too: lists, related titles, the other
    language. A purge that gets lost matters for CDN_MAX_AGE at the longest.
    """
    if settings.CDN_PURGE_URL:
        transaction.on_commit(lambda: threading.Thread(target=purge, name="purge").start())


def purge() -> bool:
    """Ask for the purge and wait for it; whether the network agreed.

    Networks differ in what they want to be told: some the key of all pages, some a body of JSON.
    """
    # The operator's own setting names the address, and nobody else does.
    request = urllib.request.Request(  # noqa: S310
        settings.CDN_PURGE_URL,
        data=b'{"purge_everything": true}',
        headers={"Content-Type": "application/json", "Surrogate-Key": "pages"},
    )
    if settings.CDN_PURGE_TOKEN:
        request.add_header("Authorization", f"Bearer {settings.CDN_PURGE_TOKEN}")
    try:
        with urllib.request.urlopen(request, timeout=PURGE_SECONDS):  # noqa: S310
            return True
    except (OSError, ValueError) as error:
        logger.error("The network in front of the site was not purged: %s", error)
        return False
