"""The record of who did what: one row for each act, written in the transaction of the act."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest
from django.utils import timezone

from resources.models import Language
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
    _refuse_outside_of_a_transaction()
    on: dict[str, Any] = {}
    if topic_language:
        on = _on(topic_language, _titles([topic_language])[topic_language.pk])
    elif topic:
        on = {"topic_key": topic.pk, "topic": str(topic)}
    return Act.objects.create(**_values(what, by, request, detail), **on)


def note_acts(
    what: str,
    details: Iterable[str] = (),
    *,
    on: Sequence[TopicLanguage] = (),
    by: AbstractBaseUser | None,
    request: HttpRequest | None = None,
    detail: str = "",
) -> None:
    """As `note_act` for each of the `details`, and with one `detail` for each of the languages `on`.

    The number of queries hardly grows with how many these are.
    """
    _refuse_outside_of_a_transaction()
    acts = [Act(**_values(what, by, request, one)) for one in details]
    titles = _titles(on)
    said = _values(what, by, request, detail)
    acts += [Act(**said, **_on(row, titles[row.pk])) for row in on]
    Act.objects.bulk_create(acts)


def _refuse_outside_of_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError(
            "An act is recorded in the transaction in which it is done."
        )


def _values(
    what: str, by: AbstractBaseUser | None, request: HttpRequest | None, detail: str
) -> dict[str, Any]:
    """What an act says besides what it was done to."""
    known = what in Act.What.values
    now = timezone.now()
    return {
        "at": now,
        "person": by,
        "what": what if known else Act.What.OTHER,
        "detail": (detail or ("" if known else what))[:500],
        "address": address_of(request) if request else None,
        "keep_until": timezone.localdate(now) + timedelta(days=settings.AUDIT_DAYS),
    }


def _on(topic_language: TopicLanguage, title: str) -> dict[str, Any]:
    """What an act says of the language of a topic to which it was done."""
    return {
        "topic_key": topic_language.topic_id,
        "topic_language_key": topic_language.pk,
        "topic": title,
        "language": topic_language.language,
    }


def _titles(topic_languages: Sequence[TopicLanguage]) -> dict[int, str]:
    """Titles by key as they are stored now: the act may have changed them after the rows were read."""
    keys = {row.topic_id for row in topic_languages}
    columns = [f"title_{language}" for language in Language.values]
    topics = {
        row["pk"]: row for row in HealthTopic.objects.filter(pk__in=keys).values("pk", *columns)
    }
    return {row.pk: topics[row.topic_id][f"title_{row.language}"] or "" for row in topic_languages}


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
