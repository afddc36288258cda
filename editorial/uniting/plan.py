"""What merging one topic into another would do, language by language, before anybody does it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from editorial.roles.rights import is_open_to, owners_of
from editorial.states import by_language
from resources.models import Language
from topics.editions.correcting import led_to
from topics.models import (
    HealthTopic,
    Membership,
    Placement,
    RelatedTopic,
    TopicLanguage,
    TopicName,
)

ALSO = TopicName.Kind.ALSO_CALLED


@dataclass
class Side:
    """One language of both topics: what goes along, and what stays behind because it is there."""

    leaving: TopicLanguage
    staying: TopicLanguage
    names: list[tuple[str, str]] = field(default_factory=list)
    links: list[Placement] = field(default_factory=list)
    groups: list[Membership] = field(default_factory=list)
    related: list[RelatedTopic] = field(default_factory=list)
    pointing: list[RelatedTopic] = field(default_factory=list)
    sent: list[TopicLanguage] = field(default_factory=list)
    names_there: list[str] = field(default_factory=list)
    links_there: list[Placement] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.leaving.language

    @property
    def language_name(self) -> str:
        return Language(self.language).label

    @property
    def redirects(self) -> bool:
        """Whether readers of the leaving page are sent to the staying one."""
        return self.leaving.live_edition_id is not None

    @property
    def goes_live(self) -> bool:
        """Whether it is published at once: only where nobody's unpublished work would go along.

        With four eyes never: whoever merges saves, and another person has to publish.
        """
        live = self.staying.live_edition_id is not None
        return live and not self.staying.has_changes and not settings.FOUR_EYES


@dataclass
class Plan:
    """The whole merge; `reasons` forbid it. `seen` stands for all that the plan was made from.

    `moving` are the languages that the staying topic lacks: they become its own, whole.
    """

    leaving: HealthTopic
    staying: HealthTopic
    sides: list[Side]
    moving: list[TopicLanguage]
    reasons: list[str]
    tags: list[str]
    seen: str

    @property
    def topics(self) -> set[int]:
        """Keys of every topic that the merge writes to."""
        pointing = {row.topic_language.topic_id for side in self.sides for row in side.pointing}
        return {self.leaving.pk, self.staying.pk, *pointing}

    @property
    def languages(self) -> set[int]:
        """Keys of every language of a topic that the merge writes to."""
        keys = {row.pk for row in self.moving}
        for side in self.sides:
            keys |= {side.leaving.pk, side.staying.pk, *(row.pk for row in side.sent)}
            keys |= {row.topic_language_id for row in side.pointing}
        return keys | {row.pk for row in self.with_another_picture}

    @property
    def picture_goes_along(self) -> bool:
        """Whether the staying topic, which has none, gets the picture that a moving page shows."""
        return bool(self.moving and self.leaving.image and not self.staying.image)

    @property
    def picture_stays_behind(self) -> bool:
        """Whether a moving page gets another picture with its next edition, or its first one."""
        other = self.staying.image
        return bool(self.moving and other and other != self.leaving.image)

    @property
    def with_another_picture(self) -> list[TopicLanguage]:
        """The languages that show another picture than before, once somebody publishes them."""
        if self.picture_goes_along:
            return list(self.staying.languages.all())
        return self.moving if self.picture_stays_behind else []


def plan(leaving: HealthTopic, staying: HealthTopic, by: Any) -> Plan:
    """What merging `leaving` into `staying` would do, as both are now, if this person did it."""
    going, there = by_language(leaving), by_language(staying)
    sides = [
        _side(going[code], there[code], by)
        for code in Language.values
        if code in going and code in there
    ]
    moving = [going[code] for code in Language.values if code in going and code not in there]
    held = set(staying.tags.values_list("name", flat=True))
    tags = sorted(set(leaving.tags.values_list("name", flat=True)) - held)
    return Plan(
        leaving,
        staying,
        sides,
        moving,
        _reasons(leaving, staying, by),
        tags,
        _seen([leaving, staying], sides),
    )


def _reasons(leaving: HealthTopic, staying: HealthTopic, by: Any) -> list[str]:
    """Why the merge must not be, in sentences."""
    if leaving.pk == staying.pk:
        return [_("A topic cannot be merged into itself.")]
    if not (is_open_to(by, leaving) and is_open_to(by, staying)):
        return [_("This topic is limited to its owners.")]
    there = by_language(staying)
    owners = owners_of(leaving).keys()
    others = owners and owners != owners_of(staying).keys()
    reasons = []
    for code, version in by_language(leaving).items():
        names = {"topic": str(staying), "language": Language(code).label}
        if code not in there and others:
            # Its draft, editions and private links would be in the hands of other people.
            sentence = _(
                "This topic is limited to its owners, but its version in %(language)s would belong to "
                "“%(topic)s”, which is not limited to the same people. Have both topics limited to the "
                "same owners first."
            )
            reasons.append(sentence % names)
        if code in there and version.live_edition_id and not there[code].live_edition_id:
            sentence = _(
                "“%(topic)s” is not live in %(language)s. Publish it first; readers are sent there."
            )
            reasons.append(sentence % names)
    return reasons


def _side(leaving: TopicLanguage, staying: TopicLanguage, by: Any) -> Side:
    side = Side(leaving, staying)
    _names(side)
    present = set(staying.placements.values_list("resource", flat=True))
    for placement in leaving.placements.select_related("resource"):
        (side.links_there if placement.resource_id in present else side.links).append(placement)
        present.add(placement.resource_id)
    held = set(staying.memberships.values_list("group", flat=True))
    rows = leaving.memberships.select_related("group")
    side.groups = [row for row in rows if row.group_id not in held]
    known = {_place(row) for row in staying.related.all()}
    for row in leaving.related.select_related("target__topic"):
        if row.target_id not in (leaving.pk, staying.pk) and _place(row) not in known:
            side.related.append(row)
            known.add(_place(row))
    pointing = leaving.pointed_at_by.exclude(topic_language=leaving).order_by("pk")
    # What somebody else keeps to herself stays as it is, and leads readers there by the address.
    side.pointing = [
        row
        for row in pointing.select_related("topic_language__topic")
        if is_open_to(by, row.topic_language.topic)
    ]
    side.sent = [row for row in led_to(leaving) if is_open_to(by, row.topic)]
    return side


def _names(side: Side) -> None:
    """The leaving title and names, each once; what the staying topic is called already stays."""
    present = {side.staying.title.casefold()}
    present |= {row.name.casefold() for row in side.staying.names.all()}
    title = [(ALSO.value, side.leaving.title)] if side.leaving.title else []
    for kind, name in [*title, *side.leaving.names.values_list("kind", "name")]:
        if name.casefold() in present:
            side.names_there.append(name)
        else:
            side.names.append((kind, name))
            present.add(name.casefold())


def _place(row: RelatedTopic) -> tuple[str, int | str]:
    """What a pointer leads to, comparable."""
    if row.target_id:
        return "topic", row.target_id
    return ("number", row.number) if row.number is not None else ("address", row.url)


def _seen(topics: Sequence[HealthTopic], sides: Sequence[Side]) -> str:
    """A digest of the versions of everything that the plan read and the merge would write."""
    held = [
        [[topic.pk, topic.version] for topic in topics],
        sorted(
            [row.pk, row.version, row.live_edition_id]
            for topic in topics
            for row in topic.languages.all()
        ),
        sorted(
            [row.pk, row.topic_language_id, row.topic_language.version]
            for side in sides
            for row in side.pointing
        ),
        sorted(row.pk for side in sides for row in side.sent),
    ]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()
