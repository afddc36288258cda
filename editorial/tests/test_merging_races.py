"""Merging two topics while somebody else publishes, saves, withdraws or merges them too."""

from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from editorial import parts
from editorial.pages.publication import Changed
from editorial.pages.starting import start_language
from editorial.saving import Stale, hold_topics, one_save
from editorial.uniting.doing import unite
from editorial.uniting.plan import plan
from topics.models import Address, HealthTopic, TopicLanguage
from topics.publishing import NotReady, hold, publish, withdraw
from topics.tests.test_publication_races import at_once
from topics.tests.test_races import while_another_waits
from topics.tests.test_scheduling import retitle

from .desk import pair
from .test_merging_topics import belly, lonely

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bob():
    return User.objects.create_superuser("bob")


class Two:
    """Two topics in both languages; `unite` merges the second into the first as it was shown."""

    @transaction.atomic
    def __init__(self, by: User):
        self.by = by
        self.staying, self.staying_spanish = pair()
        self.leaving, self.leaving_spanish = belly().languages.order_by("language")
        self.shown = self.seen(self.leaving.topic_id, self.staying.topic_id)

    def seen(self, leaving: int, staying: int) -> str:
        topics = HealthTopic.objects.in_bulk([leaving, staying])
        return plan(topics[leaving], topics[staying], self.by).seen

    def unite(self) -> None:
        unite(self.leaving.topic_id, self.staying.topic_id, seen=self.shown, by=self.by)


def ends(deed, *kinds):
    """Call it and note of which of these kinds its refusal was, None where it was done."""
    raised = []

    def run():
        try:
            deed()
        except kinds as refusal:
            raised.append(type(refusal))
        else:
            raised.append(None)

    return run, raised


def held(deed):
    """As the first of two: done at once, committed when the other waits."""

    def begin():
        deed()
        return lambda: None

    return begin


def check_what_has_to_hold():
    rows = TopicLanguage.objects.select_related("withdrawn_to__topic_language", "live_edition")
    for row in rows:
        assert (row.live_edition is None) or (row.withdrawn_at is None)
        assert row.live_names.exists() == (row.live_edition is not None)
        if row.withdrawn_to is not None:
            target = row.withdrawn_to.topic_language
            assert target.live_edition is not None, "readers are sent where something is"
        if row.editions.exists():
            assert Address.objects.filter(topic_language=row).count() == 1


def test_what_is_published_meanwhile_keeps_its_topic_from_being_merged(bob):
    two = Two(bob)
    retitle(two.leaving, "Paunch")
    run, raised = ends(two.unite, Changed)
    while_another_waits(held(lambda: publish(two.leaving.pk, by=bob)), run)
    assert raised == [Changed]
    two.leaving.refresh_from_db()
    assert two.leaving.live_edition.title == "Paunch"
    check_what_has_to_hold()


@pytest.mark.parametrize("which", ["staying", "staying_spanish"])
def test_what_is_withdrawn_meanwhile_is_not_published_by_a_merge(bob, which):
    two = Two(bob)
    row = getattr(two, which)
    run, raised = ends(two.unite, Changed)
    while_another_waits(held(lambda: withdraw(row.pk, by=bob, reason="Wrong")), run)
    assert raised == [Changed]
    row.refresh_from_db()
    assert row.live_edition is None
    check_what_has_to_hold()


@pytest.mark.parametrize("which", ["staying", "leaving"])
def test_a_text_that_is_being_saved_keeps_its_topic_from_being_merged(bob, which):
    two = Two(bob)
    row = getattr(two, which)
    run, raised = ends(two.unite, Changed)
    while_another_waits(held(lambda: save(row, "Tummy", bob)), run)
    assert raised == [Changed]
    assert HealthTopic.objects.get(pk=row.topic_id).title_en == "Tummy"
    check_what_has_to_hold()


@pytest.mark.parametrize("which", ["staying", "leaving"])
def test_a_save_of_what_is_being_merged_is_asked_to_look_again(bob, which):
    two = Two(bob)
    row = getattr(two, which)
    before = HealthTopic.objects.get(pk=row.topic_id).title_en
    run, raised = ends(lambda: save(row, "Tummy", bob), Stale)
    while_another_waits(held(two.unite), run)
    assert raised == [Stale]
    assert HealthTopic.objects.get(pk=row.topic_id).title_en == before
    check_what_has_to_hold()


def test_a_save_of_a_language_that_is_moving_is_asked_to_look_again(bob):
    with transaction.atomic():
        english, spanish = pair()
        staying = lonely()
    seen = plan(english.topic, staying.topic, bob).seen
    run, raised = ends(lambda: save(spanish, "Barriga", bob), Stale)
    merge = held(lambda: unite(english.topic_id, staying.topic_id, seen=seen, by=bob))
    while_another_waits(merge, run)
    assert raised == [Stale]
    assert TopicLanguage.objects.get(pk=spanish.pk).topic == staying.topic
    check_what_has_to_hold()


def test_a_save_that_has_begun_and_a_merge_do_not_wait_for_each_other(bob):
    two = Two(bob)
    run, raised = ends(two.unite, Changed)

    def saving():
        hold_topics([two.staying.topic_id])
        return lambda: save(two.staying, "Tummy", bob)

    while_another_waits(saving, run)
    assert raised == [Changed]
    assert HealthTopic.objects.get(pk=two.staying.topic_id).title_en == "Tummy"
    check_what_has_to_hold()


def test_a_language_that_is_begun_meanwhile_keeps_another_one_from_moving_there(bob):
    with transaction.atomic():
        english, spanish = pair()
        staying = lonely()
    seen = plan(english.topic, staying.topic, bob).seen
    merge = partial(unite, english.topic_id, staying.topic_id, seen=seen, by=bob)
    run, raised = ends(merge, Changed)

    def starting():
        hold_topics([staying.topic_id])
        start_language(staying.topic, "es", "nuevo", by=bob)

    while_another_waits(held(starting), run)
    assert raised == [Changed]
    spanish.refresh_from_db()
    assert spanish.topic_id == english.topic_id


def save(row: TopicLanguage, title: str, by: User) -> None:
    with one_save(row, version=row.version, by=by):
        parts.store_texts(row, title=title)


def test_of_two_merges_in_opposite_directions_one_is_done(bob):
    two = Two(bob)
    one, other = two.leaving.topic_id, two.staying.topic_id
    back = two.seen(other, one)
    refused = at_once(two.unite, lambda: unite(other, one, seen=back, by=bob))
    assert [type(error) for error in refused] == [Changed]
    live = TopicLanguage.objects.filter(topic__in=[one, other], live_edition__isnull=False)
    assert len(live) == 2 and len({row.topic_id for row in live}) == 1
    check_what_has_to_hold()


def test_a_topic_that_is_merged_into_two_at_once_goes_to_one(bob):
    two = Two(bob)
    with transaction.atomic():
        third = lonely()
    seen = two.seen(two.leaving.topic_id, third.topic_id)
    refused = at_once(
        two.unite,
        lambda: unite(two.leaving.topic_id, third.topic_id, seen=seen, by=bob),
    )
    assert [type(error) for error in refused] == [Changed]
    check_what_has_to_hold()


def test_a_page_that_was_sent_to_a_merged_one_is_published_meanwhile_without_a_deadlock(bob):
    two = Two(bob)
    with transaction.atomic():
        third = lonely()
        there = Address.objects.get(topic_language=two.leaving)
        withdraw(third.pk, by=bob, reason="Elsewhere", to=there)
    two.shown = two.seen(two.leaving.topic_id, two.staying.topic_id)
    run, raised = ends(two.unite, Changed)

    def publishing():
        hold(third.pk)
        return lambda: publish(third.pk, by=bob)

    while_another_waits(publishing, run)
    assert raised == [Changed]
    third.refresh_from_db()
    assert third.live_edition is not None
    check_what_has_to_hold()


def test_publishing_withdrawing_and_merging_at_once_ends_without_a_deadlock(bob):
    two = Two(bob)
    with transaction.atomic():
        third = lonely()
        there = Address.objects.get(topic_language=two.leaving)
    refused = at_once(
        two.unite,
        lambda: publish(two.staying_spanish.pk, by=bob),
        lambda: withdraw(third.pk, by=bob, reason="Wrong", to=there),
    )
    assert {type(error) for error in refused} <= {Changed, NotReady}
    check_what_has_to_hold()
