"""What can be done to many topics at once: by the functions of the single pages, one topic at a time.

Each topic has a transaction of its own, so that one that is refused keeps none of the others back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from editorial.audit import note_act, of_publication
from editorial.pages.access import record
from editorial.pages.publication import Changed, refuse_if_changed
from editorial.pages.withdrawing import what_readers_get
from editorial.roles.rights import is_open_to, may
from editorial.saving import Stale, hold_topics, note_changes, one_save
from editorial.states import State, minute, state_of, who
from topics import publishing
from topics.addresses import AddressTaken
from topics.editions.correcting import led_to
from topics.editions.descent import NewerOriginal
from topics.editions.scheduling import schedule
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import NotReady


@dataclass
class Report:
    """How many were done, and which were refused, each with the reason."""

    done: int = 0
    refused: list[tuple[TopicLanguage | HealthTopic, str]] = field(default_factory=list)


Deed = Callable[[HttpRequest, TopicLanguage, int, Mapping[str, Any]], None]


def to_each(
    request: HttpRequest,
    deed: Deed,
    right: str,
    versions: list[TopicLanguage],
    seen: Mapping[int, int],
    values: Mapping[str, Any],
) -> Report:
    """Do it to each of the languages on which the person has the right.

    `seen` holds the version tokens that the person was shown.
    """
    report = Report()
    for version in versions:
        if not may(request.user, right, version):
            report.refused.append((version, _("This topic is limited to its owners.")))
            continue
        try:
            with transaction.atomic():
                deed(request, version, seen[version.pk], values)
        except NotReady as refusal:
            report.refused.append((version, " ".join(refusal.reasons)))
        except (Changed, AddressTaken, NewerOriginal) as refusal:
            report.refused.append((version, str(refusal)))
        except Stale as refusal:
            sentence = _("%(who)s saved this topic on %(when)s, after you opened this page.")
            saved = {"who": who(refusal.saved.changed_by), "when": minute(refusal.saved.changed_at)}
            report.refused.append((version, sentence % saved))
        except IntegrityError:
            report.refused.append((version, _("Somebody else was at it. Try again.")))
        else:
            report.done += 1
    return report


def publish(
    request: HttpRequest, version: TopicLanguage, seen: int, values: Mapping[str, Any]
) -> None:
    """Make the working copy live now, or at the date that was given."""
    _hold(version, seen)
    if state_of(version) == State.LIVE:
        raise NotReady([_("What is live says the same; there is nothing to publish.")])
    how = {"by": request.user, "note": values["note"]}
    if values["due_at"]:
        result = schedule(version.pk, due_at=values["due_at"], **how)
    else:
        result = publishing.publish(version.pk, **how)
    deed = "scheduled" if values["due_at"] else "published"
    record(request, version, deed, of_publication(result))


def withdraw(
    request: HttpRequest, version: TopicLanguage, seen: int, values: Mapping[str, Any]
) -> None:
    """Take the language off the public site; its address answers with the reason."""
    _hold(version, seen)
    if led_to(version).exists():
        raise NotReady(
            [_("Readers of other withdrawn pages are sent here. Withdraw it on its own page.")]
        )
    publishing.withdraw(version.pk, by=request.user, reason=values["note"])
    record(request, version, "withdrawn", what_readers_get(values["note"]))


def set_owner(
    request: HttpRequest, version: TopicLanguage, seen: int, values: Mapping[str, Any]
) -> None:
    """Let somebody, or nobody, look after the reviews."""
    if version.review_owner == values["owner"]:
        raise NotReady([_("It is so already.")])
    owner = values["owner"]
    with one_save(version, version=seen, by=request.user, writes=False, review_owner=owner):
        pass
    record(request, version, "owner set", owner.username if owner else "-")


def _hold(version: TopicLanguage, seen: int) -> None:
    """Lock the topic, then the language, and refuse what was saved since it was shown."""
    hold_topics([version.topic_id])
    publishing.hold(version.pk)
    refuse_if_changed(version, seen)
    version.refresh_from_db(fields=["live_edition", "has_changes", "withdrawn_at"])


def add_tag(request: HttpRequest, topics: list[HealthTopic], name: str) -> Report:
    """Give each of the topics a tag. It takes nothing away, so it needs no token of what was seen."""
    report = Report()
    for topic in topics:
        if not is_open_to(request.user, topic):
            report.refused.append((topic, _("This topic is limited to its owners.")))
            continue
        with transaction.atomic():
            hold_topics([topic.pk])
            if name.casefold() in map(str.casefold, topic.tags.names()):
                report.refused.append((topic, _("It is so already.")))
                continue
            topic.tags.add(name)
            HealthTopic.objects.filter(pk=topic.pk).update(version=F("version") + 1)
            note_changes(list(topic.languages.all()))
            note_act("tag added", topic=topic, by=request.user, request=request, detail=name)
            LogEntry.objects.log_actions(
                request.user.pk, [topic], CHANGE, change_message="tag added", single_object=True
            )
        report.done += 1
    return report
