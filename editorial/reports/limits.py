"""How many reports are taken from one place and in all.

Of the place nothing is kept but a keyed hash, in the cache and for an hour.
"""

import ipaddress
import logging
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from editorial.audit import address_of
from editorial.models import ProblemReport

PLACE_SECONDS = 3600
MOST_OF_A_PLACE = 5
MOST_AN_HOUR = 200

logger = logging.getLogger(__name__)


def place_of(request: HttpRequest) -> str:
    """From where the request comes, as a hash; a household's IPv6 addresses are one place."""
    address = address_of(request) or ""
    if ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    return salted_hmac("editorial.reports.place", address, algorithm="sha256").hexdigest()[:32]


def too_many(request: HttpRequest) -> bool:
    """Whether this place, or the world, sent more within the last hour than people would."""
    return _too_many_here(place_of(request)) or _too_many_in_all()


def _too_many_here(place: str) -> bool:
    key = f"problem-reports-{place}"
    try:
        cache.add(key, 0, PLACE_SECONDS)
        return cache.incr(key) > MOST_OF_A_PLACE
    except Exception:
        # Whatever a cache server that is away raises: the limit for all still holds.
        logger.exception("The cache does not count problem reports")
        return False


def _too_many_in_all() -> bool:
    since = timezone.now() - timedelta(hours=1)
    return ProblemReport.objects.filter(sent_at__gt=since).count() >= MOST_AN_HOUR
