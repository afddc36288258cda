"""Publish, withdraw, restore, schedule and refresh in any order: what has to hold, holds."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from resources.models import Resource
from topics import live
from topics.document import TopicDocument
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

NEW_TITLES = st.sampled_from(["Pain", "Belly", "Ache"])
TITLES = NEW_TITLES | st.just("")
SLUGS = st.sampled_from(["abdominalpain", "bellypain", "ache"])


class History(RuleBasedStateMachine):
    """One topic in one language, and what a careful reader would write down beside it."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.version = saved(ENGLISH)
        store([(self.version, ENGLISH)])
        self.link = Resource.objects.get(url_en=ENGLISH.links[0].url)
        # What the public reads as title, None for nothing; and what waits, None for nothing.
        self.public: str | None = None
        self.waiting: str | None = None
        self.documents: dict[int, str] = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @property
    def title(self) -> str:
        return HealthTopic.objects.values_list("title_en", flat=True).get(pk=self.version.topic_id)

    @rule(title=TITLES, slug=SLUGS)
    def edit(self, title, slug):
        HealthTopic.objects.filter(pk=self.version.topic_id).update(title_en=title)
        TopicLanguage.objects.filter(pk=self.version.pk).update(slug=slug, has_changes=True)

    @rule()
    def publish(self):
        title = self.title
        try:
            publish(self.version.pk, by=None)
        except NotReady:
            assert not title
        else:
            self.public, self.waiting = title, None

    # What is refused leads nowhere, so a step is taken only where it can: in as few steps as there
    # is time for, as much as possible has to happen.
    @precondition(lambda self: self.public is not None)
    @rule()
    def withdraw(self):
        withdraw(self.version.pk, by=None, reason="Wrong")
        self.public = self.waiting = None

    @rule(title=NEW_TITLES, slug=SLUGS)
    def schedule(self, title, slug):
        self.edit(title, slug)
        try:
            schedule(self.version.pk, due_at=timezone.now() + timedelta(hours=1), by=None)
        except NotReady:
            assert reread(self.version).live_edition.title == title
        else:
            self.waiting = title

    @precondition(lambda self: self.waiting is not None)
    @rule()
    def call_off(self):
        assert cancel(self.version.pk, by=None)
        self.waiting = None

    @precondition(lambda self: self.waiting is not None)
    @rule()
    def time_passes(self):
        ScheduledEdition.objects.filter(outcome="waiting").update(
            due_at=timezone.now() - timedelta(seconds=1)
        )
        (due,) = publish_due()
        assert not due.trouble
        self.public, self.waiting = self.waiting, None

    @precondition(lambda self: self.documents)
    @rule(data=st.data())
    def restore(self, data):
        number = data.draw(st.sampled_from(sorted(self.documents)))
        store([(reread(self.version), TopicDocument.from_json(self.documents[number]))])

    @precondition(lambda self: self.public is not None)
    @rule(title=st.sampled_from(["One", "Two"]))
    def refresh(self, title):
        Resource.objects.filter(pk=self.link.pk).update(title_en=title)
        run_refresh(request_refresh("resource", self.link.pk, by=None))

    @invariant()
    def the_public_sees_what_was_published_last(self):
        version = reread(self.version)
        edition = version.live_edition
        assert (edition.title if edition else None) == self.public
        assert not (edition and version.withdrawn_at)
        names = LiveName.objects.filter(topic_language=version, kind="title")
        assert [name.name for name in names] == ([self.public] if edition else [])
        if edition:
            assert TopicDocument.from_json(edition.document).title == edition.title

    @invariant()
    def nobody_is_told_that_all_is_public_while_it_is_not(self):
        version = reread(self.version)
        if version.live_edition is not None and not version.has_changes:
            now = assemble([version])[version.pk]
            assert now.content_digest() == version.live_edition.digest

    @invariant()
    def editions_are_numbered_and_never_change(self):
        found = dict(self.version.editions.order_by("number").values_list("number", "document"))
        assert list(found) == list(range(1, len(found) + 1))
        assert self.documents.items() <= found.items()
        self.documents = found

    @invariant()
    def every_address_that_was_public_answers(self):
        slugs = set(self.version.editions.values_list("slug", flat=True))
        for slug in slugs:
            found = live.find("en", slug)
            assert found.document or found.redirect_slug or found.withdrawn
        owned = Address.objects.filter(topic_language=self.version)
        assert owned.count() == (1 if slugs else 0)

    @invariant()
    def the_events_tell_the_same_story(self):
        kinds = (PublicationEvent.Kind.LIVE, PublicationEvent.Kind.WITHDRAWN)
        last = self.version.events.filter(kind__in=kinds).first()
        live_now = last is not None and last.kind == PublicationEvent.Kind.LIVE
        assert live_now == (self.public is not None)
        if live_now:
            assert last.edition == reread(self.version).live_edition
        waiting = ScheduledEdition.objects.filter(topic_language=self.version, outcome="waiting")
        assert [row.outcome for row in waiting] == (["waiting"] if self.waiting is not None else [])
        assert Edition.objects.filter(topic_language=self.version).count() == (
            self.version.events.filter(kind=PublicationEvent.Kind.LIVE).count()
        )


@pytest.mark.django_db
def test_in_any_order_what_has_to_hold_holds():
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
