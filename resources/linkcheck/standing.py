"""What is known of addresses, and how an answer changes it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings

from resources.models import LinkCheck, LinkVisit, Outcome, address_digest

from .answers import Answer

State = LinkCheck.State
_CHUNK = 500
_FAILING = {State.SUSPECT, State.BROKEN, State.CERTIFICATE}
_STATES = {
    Outcome.OK: State.OK,
    Outcome.MOVED: State.MOVED,
    Outcome.FRONT_PAGE: State.MOVED,
    Outcome.ROBOTS: State.WALLED,
    Outcome.REFUSED: State.WALLED,
    Outcome.COOKIES: State.WALLED,
    Outcome.BUSY: State.WALLED,
    Outcome.NOT_PUBLIC: State.WALLED,
    Outcome.CERTIFICATE: State.CERTIFICATE,
}
_DAY = timedelta(days=1)


def standing(addresses: Collection[str]) -> dict[str, LinkCheck]:
    """What is known of these addresses, by address; one query for every 500 of them.

    An address that is not in the answer has not been checked: it is new, or not of the web.
    """
    digests = {address_digest(address): address for address in addresses if address}
    keys = sorted(digests)
    found = (
        link
        for start in range(0, len(keys), _CHUNK)
        for link in LinkCheck.objects.filter(digest__in=keys[start : start + _CHUNK])
    )
    return {digests[link.digest]: link for link in found}


def broken(addresses: Collection[str]) -> set[str]:
    """Those of the addresses that are known to be broken; queries as for `standing`."""
    return {address for address, link in standing(addresses).items() if link.state == State.BROKEN}


def learn(link: LinkCheck, answer: Answer, now: datetime) -> LinkVisit | None:
    """Change a row by what a visit found; the row of the history, if something is new.

    A failure makes a link suspect; it is broken after LINK_BROKEN_AFTER failures in a row over at
    least LINK_BROKEN_DAYS days. A site that is busy says nothing about a link, so what was known
    of it stays.
    """
    before = (link.outcome, link.status, link.final_address)
    link.looked_at = now
    if answer.outcome == Outcome.BUSY and link.state != State.UNCHECKED:
        link.due_at = now + _DAY
        return None
    link.outcome, link.status, link.detail = answer.outcome, answer.status, answer.detail
    link.final_address = answer.final_address
    link.state = _STATES.get(answer.outcome, State.SUSPECT)
    if link.state in _FAILING:
        link.failures += 1
        link.failing_since = link.failing_since or now
        if link.state == State.SUSPECT and _is_certain(link, now):
            link.state = State.BROKEN
    else:
        link.failures, link.failing_since = 0, None
    if link.state != State.WALLED:
        link.fine_until = link.fine_by_id = None
    link.due_at = _next_look(link, now)
    if before == (link.outcome, link.status, link.final_address):
        return None
    return LinkVisit(
        link=link,
        at=now,
        outcome=link.outcome,
        status=link.status,
        final_address=link.final_address,
    )


def _is_certain(link: LinkCheck, now: datetime) -> bool:
    lasted = now - link.failing_since
    return link.failures >= settings.LINK_BROKEN_AFTER and lasted >= timedelta(
        days=settings.LINK_BROKEN_DAYS
    )


def _next_look(link: LinkCheck, now: datetime) -> datetime:
    """When it is worth looking again: soon and then later and later where a link is in doubt."""
    usual = timedelta(days=settings.LINK_CHECK_DAYS)
    if link.state == State.SUSPECT:
        return now + min(_DAY * 2 ** min(link.failures - 1, 5), usual)
    if link.state in (State.BROKEN, State.CERTIFICATE):
        return now + min(_DAY * 7, usual)
    if link.outcome == Outcome.BUSY:
        return now + _DAY
    return now + usual
