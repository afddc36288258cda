"""Publish, withdraw, restore, schedule and refresh in any order: what has to hold, holds."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.models import Resource
from topics import live
from topics.document import TopicDocument
from topics.editions.correcting import correct_withdrawal
from topics.editions.scheduling import cancel, publish_due, schedule
from topics.models import (
    Address,
    Edition,
    HealthTopic,
    LiveName,
    PublicationEvent,
    ScheduledEdition,
    TopicLanguage,
)
from topics.publishing import NotReady, publish, withdraw
from topics.refresh import request_refresh, run_refresh
from topics.working_copy import assemble, store

from .documents import ENGLISH, saved
from .test_publishing import reread

TITLES = ["Pain", "Belly"]
SLUGS = ["abdominalpain", "bellypain", "ache"]

HISTORIES, STEPS_EACH = 10, 25


class History:
    """One topic in one language, and what a careful reader would write down beside it.

    A deed that can only be refused is left out: in as few steps as there is time for, as much as
    possible has to happen. For the same reason this is no state machine of Hypothesis, whose first
    examples do one thing over and over.
    """

    def __init__(self):
        self.version = saved(ENGLISH)
        store([(self.version, ENGLISH)])
        self.link = Resource.objects.get(url_en=ENGLISH.links[0].url)
        # What the public reads as title, None for nothing; and what waits, None for nothing.
        self.public: str | None = None
        self.told: str | None = None
        self.waiting: str | None = None
        self.documents: dict[int, str] = {}

    @property
    def title(self) -> str:
        return HealthTopic.objects.values_list("title_en", flat=True).get(pk=self.version.topic_id)

    def edit(self, choice):
        self._edit(TITLES[choice % 2], SLUGS[choice // 2])

    def empty(self, choice):
        self._edit("", SLUGS[choice // 2])

    def _edit(self, title, slug):
        HealthTopic.objects.filter(pk=self.version.topic_id).update(title_en=title)
        TopicLanguage.objects.filter(pk=self.version.pk).update(slug=slug, has_changes=True)

    def publish(self, choice):
        title = self.title
        try:
            publish(self.version.pk, by=None)
        except NotReady:
            assert not title
        else:
            self.public, self.waiting = title, None

    def withdraw(self, choice):
        if self.public is None:
            return
        withdraw(self.version.pk, by=None, reason="Wrong")
        self.public, self.waiting, self.told = None, None, "Wrong"

    def correct(self, choice):
        if reread(self.version).withdrawn_at is None:
            with pytest.raises(NotReady):
                correct_withdrawal(self.version.pk, by=None, reason="Wrong")
            return
        reason = f"Wrong {choice}"
        assert correct_withdrawal(self.version.pk, by=None, reason=reason) != (self.told == reason)
        self.told = reason

    def schedule(self, choice):
        self.edit(choice)
        title = self.title
        try:
            schedule(self.version.pk, due_at=timezone.now() + timedelta(hours=1), by=None)
        except NotReady:
            assert reread(self.version).live_edition.title == title
        else:
            self.waiting = title

    def call_off(self, choice):
        if self.waiting is None:
            return
        assert cancel(self.version.pk, by=None)
        self.waiting = None

    def time_passes(self, choice):
        if self.waiting is None:
            return
        ScheduledEdition.objects.filter(outcome="waiting").update(
            due_at=timezone.now() - timedelta(seconds=1)
        )
        (due,) = publish_due()
        assert due.edition
        self.public, self.waiting = self.waiting, None

    def restore(self, choice):
        if self.documents:
            document = self.documents[choice % len(self.documents) + 1]
            store([(reread(self.version), TopicDocument.from_json(document))])

    def refresh(self, choice):
        Resource.objects.filter(pk=self.link.pk).update(title_en=f"Link {choice}")
        run_refresh(request_refresh("resource", self.link.pk, by=None))

    def the_public_sees_what_was_published_last(self):
        version = reread(self.version)
        edition = version.live_edition
        assert (edition.title if edition else None) == self.public
        assert not (edition and version.withdrawn_at)
        names = LiveName.objects.filter(topic_language=version, kind="title")
        assert [name.name for name in names] == ([self.public] if edition else [])
        if edition:
            assert TopicDocument.from_json(edition.document).title == edition.title

    def nobody_is_told_that_all_is_public_while_it_is_not(self):
        version = reread(self.version)
        if version.live_edition is not None and not version.has_changes:
            now = assemble([version])[version.pk]
            assert now.content_digest() == version.live_edition.digest

    def editions_are_numbered_and_never_change(self):
        found = dict(self.version.editions.order_by("number").values_list("number", "document"))
        assert list(found) == list(range(1, len(found) + 1))
        assert self.documents.items() <= found.items()
        self.documents = found

    def every_address_that_was_public_answers(self):
        slugs = set(self.version.editions.values_list("slug", flat=True))
        for slug in slugs:
            found = live.find("en", slug)
            assert found.document or found.redirect_slug or found.withdrawn
            assert found.redirect_slug in (None, reread(self.version).address.slug), "in one step"
        owned = Address.objects.filter(topic_language=self.version)
        assert owned.count() == (1 if slugs else 0)

    def the_events_tell_the_same_story(self):
        last = self.version.events.filter(kind__in=PublicationEvent.PUBLIC).first()
        live_now = last is not None and last.kind == PublicationEvent.Kind.LIVE
        assert live_now == (self.public is not None)
        if live_now:
            assert last.edition == reread(self.version).live_edition
        elif last is not None:
            told = (self.told, last.reason, reread(self.version).withdrawn_reason)
            assert len(set(told)) == 1
        waiting = ScheduledEdition.objects.filter(topic_language=self.version, outcome="waiting")
        assert [row.outcome for row in waiting] == (["waiting"] if self.waiting is not None else [])
        assert Edition.objects.filter(topic_language=self.version).count() == (
            self.version.events.filter(kind=PublicationEvent.Kind.LIVE).count()
        )


DEEDS = (
    # What leads to the most states comes oftener.
    *(History.publish, History.publish, History.schedule, History.schedule, History.refresh),
    *(History.withdraw, History.withdraw, History.refresh, History.edit, History.empty),
    *(History.restore, History.call_off, History.time_passes, History.correct),
)
INVARIANTS = (
    History.the_public_sees_what_was_published_last,
    History.nobody_is_told_that_all_is_public_while_it_is_not,
    History.editions_are_numbered_and_never_change,
    History.every_address_that_was_public_answers,
    History.the_events_tell_the_same_story,
)
STEPS = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 5)), min_size=STEPS_EACH, max_size=STEPS_EACH
)


@pytest.mark.django_db
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_in_any_order_what_has_to_hold_holds(steps):
    with transaction.atomic():
        history = History()
        for deed, choice in steps:
            deed(history, choice)
            for holds in INVARIANTS:
                holds(history)
        transaction.set_rollback(True)
