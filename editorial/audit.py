"""The record of who did what: one row for each act, written in the transaction of the act."""

import ipaddress
import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest
from django.utils import timezone

from topics.models import Edition, HealthTopic, ScheduledEdition, TopicLanguage

from .models import Act

# 192.0.2.7:5678, [2001:db8::1]:5678 or [2001:db8::1]
_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")


def note_act(
    what: str,
    topic_language: TopicLanguage | None = None,
    *,
    topic: HealthTopic | None = None,
    by: AbstractBaseUser | None,
    request: HttpRequest | None = None,
    detail: str = "",
) -> Act:
    """Keep that somebody did something, to one language of a topic, to a `topic` or to neither.

    Runs in the transaction of the act, so that there is neither without the other; raises
    TransactionManagementError outside of one. What the record has no word for is kept in its own
    words.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError(
            "An act is recorded in the transaction in which it is done."
        )
    known = what in Act.What.values
    title = _title_of(topic_language) if topic_language else str(topic or "")
    now = timezone.now()
    return Act.objects.create(
        at=now,
        person=by,
        what=what if known else Act.What.OTHER,
        detail=(detail or ("" if known else what))[:500],
        topic_key=topic_language.topic_id if topic_language else topic and topic.pk,
        topic_language_key=topic_language and topic_language.pk,
        topic=title,
        language=topic_language.language if topic_language else "",
        address=address_of(request) if request else None,
        keep_until=timezone.localdate(now) + timedelta(days=settings.AUDIT_DAYS),
    )


def _title_of(topic_language: TopicLanguage) -> str:
    """The title as it is stored now: the act may have changed it after the row was read."""
    topics = HealthTopic.objects.filter(pk=topic_language.topic_id)
    return topics.values_list(f"title_{topic_language.language}", flat=True).get() or ""


def of_publication(result: Edition | ScheduledEdition) -> str:
    """The details of a publication: the number of the edition, or when it goes live."""
    if isinstance(result, ScheduledEdition):
        return f"due {result.due_at.isoformat()}"
    return f"edition {result.number}"


def address_of(request: HttpRequest) -> str | None:
    """The address a request came from; None where there is none, as through a local socket.

    Behind a proxy of one's own that is the last address in `X-Forwarded-For`, which the proxy
    wrote, some with a port; whatever stands before it, and the header without a proxy, is the
    sender's to invent. IPv4 through a socket of both kinds (::ffff:192.0.2.7) is IPv4.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    if with_port := _WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def forget_old_acts() -> int:
    """Delete the rows whose day has passed; how many they were."""
    # A day later than the rows say: the database counts days in universal time.
    old = Act.objects.filter(keep_until__lt=timezone.localdate() - timedelta(days=1))
    return old.delete()[0]
