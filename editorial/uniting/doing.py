"""Merging one topic into another, all of it in one transaction or none of it."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from editorial import parts
from editorial.pages.publication import Changed
from editorial.saving import hold_topics, note_changes, one_save
from topics import publishing
from topics.editions.correcting import lead_on
from topics.editions.scheduling import cancel
from topics.editions.writers import note_writers
from topics.models import (
    Address,
    HealthTopic,
    Placement,
    RelatedTopic,
    TopicLanguage,
    TopicName,
)
from topics.publishing import NotReady

from .moving import move
from .plan import Plan, Side, plan

_OWN = (
    *("resource_id", "categories", "own_title", "own_url", "own_mapped_url"),
    *("own_organizations", "own_descriptions"),
)


@dataclass
class Merged:
    """What became of the languages of topics that the merge wrote to.

    `joined` took in what `left` had; `moved` are of the other topic now; `pointing` name another
    topic as related than before; `led_on`, withdrawn earlier, send readers to another topic than before.
    `redirected` are those of `left` that readers saw until then, who are led on.
    `published` went live with it, and `to_publish` wait for somebody to publish them by hand.
    """

    joined: list[TopicLanguage] = field(default_factory=list)
    left: list[TopicLanguage] = field(default_factory=list)
    moved: list[TopicLanguage] = field(default_factory=list)
    pointing: list[TopicLanguage] = field(default_factory=list)
    led_on: list[TopicLanguage] = field(default_factory=list)
    redirected: list[TopicLanguage] = field(default_factory=list)
    published: list[TopicLanguage] = field(default_factory=list)

    @property
    def to_publish(self) -> list[TopicLanguage]:
        return [row for row in [*self.joined, *self.pointing] if row not in self.published]


@transaction.atomic
def unite(leaving: int, staying: int, *, seen: str, by: Any) -> Merged:
    """Merge the topic `leaving` into `staying`, exactly as the plan with the digest `seen` said.

    Raises Changed when anything is different by now, NotReady with reasons. No text is deleted: what
    leaves stays as history, withdrawn, and its address leads to the other topic; a language that the
    other one lacks moves there whole.
    """
    agreed = _held_plan(leaving, staying, by)
    if agreed is None or agreed.seen != seen:
        raise Changed(
            _("Somebody changed one of these topics after you opened this page. Look again.")
        )
    if agreed.reasons:
        raise NotReady(agreed.reasons)
    merged = Merged()
    for row in agreed.moving:
        move(row, to=agreed.staying.pk, with_picture=agreed.picture_goes_along)
        merged.moved.append(row)
    for side in agreed.sides:
        _take_along(side, by)
        _point_anew(side, by, merged)
    _take_tags(agreed)
    note_writers([row.pk for row in agreed.with_another_picture], [by.pk])
    for side in agreed.sides:
        _let_readers_follow(side, by, merged)
    return merged


def _held_plan(leaving: int, staying: int, by: Any) -> Plan | None:
    """The plan as it is once all that it writes to is locked; None when that changed meanwhile.

    Topics are locked before any language, both in the order of their keys. Whoever publishes,
    withdraws or sends readers elsewhere locks the language alone, so only then the plan stands.
    """
    first = _plan(leaving, staying, by)
    if first is None:
        return None
    hold_topics(first.topics)
    publishing.hold(*first.languages)
    agreed = _plan(leaving, staying, by)
    if agreed is None or agreed.topics - first.topics or agreed.languages - first.languages:
        return None
    return agreed


def _plan(leaving: int, staying: int, by: Any) -> Plan | None:
    found = HealthTopic.objects.prefetch_related("languages__topic").in_bulk([leaving, staying])
    if leaving not in found or staying not in found:
        return None
    return plan(found[leaving], found[staying], by)


def _take_along(side: Side, by: Any) -> None:
    """Write names, links, groups and related topics into the working copy that stays."""
    staying = side.staying
    with one_save(staying, version=staying.version, by=by):
        # What they wrote in the leaving page may go along, and is as unread there.
        note_writers([staying.pk], list(side.leaving.writers.values_list("by", flat=True)))
        _append(TopicName, staying, [{"kind": kind, "name": name} for kind, name in side.names])
        _append(
            Placement,
            staying,
            [{name: getattr(row, name) for name in _OWN} for row in side.links],
        )
        held = list(staying.memberships.values_list("group", flat=True))
        parts.store_groups(staying, [*held, *(row.group_id for row in side.groups)])
        staying.related.filter(target=side.leaving).delete()
        kept = ("number", "title", "url", "target_id")
        _append(
            RelatedTopic,
            staying,
            [{name: getattr(row, name) for name in kept} for row in side.related],
        )


def _append(model: type, topic_language: TopicLanguage, rows: list[dict[str, Any]]) -> None:
    """Add rows of a part at the end."""
    stored = model.objects.filter(topic_language=topic_language)
    last = stored.aggregate(last=Max("position"))["last"]
    begin = 0 if last is None else last + 1
    model.objects.bulk_create(
        model(topic_language=topic_language, position=begin + number, **row)
        for number, row in enumerate(rows)
    )


def _point_anew(side: Side, by: Any, merged: Merged) -> None:
    """Let other topics that name the leaving one as related name the staying one."""
    for row in side.pointing:
        other = row.topic_language
        if other.pk == side.staying.pk:
            continue
        with one_save(other, version=other.version, by=by):
            if other.related.filter(target=side.staying).exists():
                row.delete()
            else:
                # As an editor would choose it: what a record called the other one is no longer meant.
                RelatedTopic.objects.filter(pk=row.pk).update(
                    target=side.staying, number=None, title="", url=""
                )
        merged.pointing.append(other)


def _take_tags(agreed: Plan) -> None:
    """Let the staying topic bear the tags of both."""
    if agreed.tags:
        agreed.staying.tags.add(*agreed.tags)
    HealthTopic.objects.filter(pk__in=[agreed.leaving.pk, agreed.staying.pk]).update(
        version=F("version") + 1
    )
    note_changes(list(agreed.staying.languages.all()))


def _let_readers_follow(side: Side, by: Any, merged: Merged) -> None:
    """Publish what stays, where that publishes the merge only; send readers of the other page there."""
    title = side.staying.title
    with override(side.language):
        reason = _("This topic is now part of “%(topic)s”.") % {"topic": title}
    if side.goes_live:
        publishing.publish(
            side.staying.pk,
            by=by,
            note=_("Merged with “%(topic)s”") % {"topic": side.leaving.title},
        )
        merged.published.append(side.staying)
    merged.joined.append(side.staying)
    merged.left.append(side.leaving)
    cancel(side.leaving.pk, by=by)
    # Whoever opened it before and saves or publishes it now is asked to look again.
    TopicLanguage.objects.filter(pk=side.leaving.pk).update(
        version=F("version") + 1, changed_at=timezone.now(), changed_by=by
    )
    if side.redirects:
        there = Address.objects.get(topic_language=side.staying)
        publishing.withdraw(side.leaving.pk, by=by, reason=reason, to=there)
        side.leaving.refresh_from_db(fields=["withdrawn_to"])
        merged.redirected.append(side.leaving)
        # Whoever was sent to the leaving page before goes straight to the staying one.
        lead_on(side.sent, there, by=by)
        merged.led_on += side.sent
