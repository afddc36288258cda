"""What can be done to many topics at once: by the functions of the single pages, one topic at a time.

Each topic has a transaction of its own, so that one that is refused keeps none of the others back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from editorial.audit import note_act, of_publication
from editorial.pages.access import record
from editorial.pages.publication import (
    Changed,
    refuse_if_changed,
    refuse_if_not_shown,
    shown_digest,
)
from editorial.pages.withdrawing import refuse_if_published, what_readers_get
from editorial.roles.rights import is_open_to, may
from editorial.saving import Stale, hold_topics, note_changes, one_save
from editorial.states import State, minute, state_of, who
from topics import publishing
from topics.addresses import AddressTaken
from topics.editions.descent import NewerOriginal
from topics.editions.scheduling import schedule
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import NotReady
from topics.working_copy import assemble


class Seen(NamedTuple):
    """What a person was shown of a topic or language: its version, and what else the work depends on."""

    version: int
    shown: str = ""


@dataclass
class Report:
    """How many were done, and which were refused, each with the reason."""

    done: int = 0
    refused: list[tuple[TopicLanguage | HealthTopic, str]] = field(default_factory=list)


Deed = Callable[[HttpRequest, TopicLanguage, Seen, Mapping[str, Any]], None]


def to_each(
    request: HttpRequest,
    deed: Deed,
    right: str,
    versions: list[TopicLanguage],
    seen: Mapping[int, Seen],
    values: Mapping[str, Any],
) -> Report:
    """Do it to each of the languages on which the person has the right.

    `seen` holds what the person was shown.
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


def contents(versions: Iterable[TopicLanguage]) -> dict[int, str]:
    """By key, what stands for all that publishing would make public now; not where it says the same."""
    changed = [version for version in versions if state_of(version) != State.LIVE]
    return {key: shown_digest(document) for key, document in assemble(changed).items()}


def live_editions(versions: Iterable[TopicLanguage]) -> dict[int, str]:
    """By key, the number of what is live."""
    live = {version.pk: version.live_edition for version in versions}
    return {key: str(edition.number) for key, edition in live.items() if edition}


def publish(
    request: HttpRequest, version: TopicLanguage, seen: Seen, values: Mapping[str, Any]
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
    refuse_if_not_shown(result, seen.shown)
    deed = "scheduled" if values["due_at"] else "published"
    record(request, version, deed, of_publication(result))


def withdraw(
    request: HttpRequest, version: TopicLanguage, seen: Seen, values: Mapping[str, Any]
) -> None:
    """Take the language off the public site; its address answers with the reason."""
    _hold(version, seen)
    refuse_if_published(version, seen.shown)
    publishing.withdraw(version.pk, by=request.user, reason=values["note"])
    record(request, version, "withdrawn", what_readers_get(values["note"]))


def set_owner(
    request: HttpRequest, version: TopicLanguage, seen: Seen, values: Mapping[str, Any]
) -> None:
    """Let somebody, or nobody, look after the reviews."""
    if version.review_owner == values["owner"]:
        raise NotReady([_("It is so already.")])
    owner = values["owner"]
    with one_save(version, version=seen.version, by=request.user, writes=False, review_owner=owner):
        pass
    record(request, version, "owner set", owner.username if owner else "-")


def _hold(version: TopicLanguage, seen: Seen) -> None:
    """Lock the topic, then the language, and refuse what was saved since it was shown."""
    hold_topics([version.topic_id])
    publishing.hold(version.pk)
    refuse_if_changed(version, seen.version)
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
