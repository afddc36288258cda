"""Publishing, withdrawing and refreshing at the same moment, and a refresh that is killed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from resources.models import Resource
from topics.models import (
    Address,
    Edition,
    HealthTopic,
    Origin,
    PublicationEvent,
    RefreshJob,
    RelatedTopic,
    TopicLanguage,
)
from topics.publishing import NotReady, Publication, append_editions, hold, publish, withdraw
from topics.refresh import _refresh, request_refresh, run_pending, run_refresh

from .documents import ENGLISH
from .test_publishing import live_document, make_live, reread
from .test_races import PATIENCE, in_thread, while_another_waits
from .test_scheduling import address_of_the_database, retitle

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 2000


def at_once(*deeds: Callable[[], None]) -> list[Exception]:
    """Do all at the same moment, each on a connection of its own; what they raised."""
    start = threading.Barrier(len(deeds))
    raised: list[Exception] = []

    def run(deed: Callable[[], None]) -> None:
        start.wait(PATIENCE)
        try:
            deed()
        except Exception as error:  # Compared with what is allowed, by the test.
            raised.append(error)

    threads = [in_thread(lambda deed=deed: run(deed)) for deed in deeds]
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    return raised


@transaction.atomic
def live_version() -> TopicLanguage:
    return make_live(ENGLISH)


def test_of_two_publishes_one_makes_the_edition():
    version = live_version()
    for number in range(2, 6):
        retitle(version, f"Title {number}")
        assert at_once(*[lambda: publish(version.pk, by=None)] * 2) == []
        assert reread(version).live_edition.number == number
    assert version.editions.count() == 5
    assert version.events.count() == 5


def test_publishing_against_withdrawing_ends_as_one_of_the_two():
    version = live_version()
    for number in range(6):
        retitle(version, f"Title {number}")
        refused = at_once(
            lambda: publish(version.pk, by=None),
            lambda: withdraw(version.pk, by=None, reason="Wrong"),
        )
        assert all(isinstance(error, NotReady) for error in refused)
        now = reread(version)
        last = version.events.first()
        assert (now.live_edition is None) == (now.withdrawn_at is not None)
        expected = (
            PublicationEvent.Kind.LIVE if now.live_edition else PublicationEvent.Kind.WITHDRAWN
        )
        assert last.kind == expected
        assert version.live_names.exists() == bool(now.live_edition)


def test_who_withdraws_while_somebody_publishes_withdraws_what_was_published():
    version = live_version()
    retitle(version, "Belly Pain")

    def publishing() -> Callable[[], None]:
        publish(version.pk, by=None)
        return lambda: None

    while_another_waits(publishing, lambda: withdraw(version.pk, by=None, reason="Wrong"))
    assert reread(version).live_edition is None
    last = version.events.first()
    assert (last.kind, last.edition.title) == (PublicationEvent.Kind.WITHDRAWN, "Belly Pain")


def test_who_publishes_while_somebody_withdraws_makes_it_public_again():
    version = live_version()

    def withdrawing() -> Callable[[], None]:
        withdraw(version.pk, by=None, reason="Wrong")
        return lambda: None

    while_another_waits(withdrawing, lambda: publish(version.pk, by=None) and None)
    now = reread(version)
    assert (now.live_edition.number, now.withdrawn_at) == (2, None)
    assert version.live_names.exists()


def change_and_refresh(resource: Resource) -> None:
    with transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(title_en="New title")
        job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=None)
    run_refresh(job)


def test_a_refresh_and_a_publish_both_reach_the_public():
    version = live_version()
    resource = Resource.objects.get(url_en=ENGLISH.links[0].url)
    retitle(version, "Belly Pain")

    def publishing() -> Callable[[], None]:
        publish(version.pk, by=None)
        return lambda: None

    while_another_waits(publishing, lambda: change_and_refresh(resource))
    document = live_document(version)
    assert (document.title, document.links[0].title) == ("Belly Pain", "New title")
    assert not reread(version).has_changes


def test_what_is_published_during_a_refresh_follows_it():
    version = live_version()
    resource = Resource.objects.get(url_en=ENGLISH.links[0].url)
    retitle(version, "Belly Pain")
    with transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(title_en="New title")
        job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=None)

    def refreshing() -> Callable[[], None]:
        # Its second step; the first one waits for everybody who publishes.
        _refresh(job, [version.pk])
        return lambda: None

    while_another_waits(refreshing, lambda: publish(version.pk, by=None) and None)
    document = live_document(version)
    assert (document.title, document.links[0].title) == ("Belly Pain", "New title")
    assert reread(version).live_edition.number == 3


def test_a_refresh_leaves_an_edit_that_is_being_saved_to_its_editor():
    version = live_version()
    resource = Resource.objects.get(url_en=ENGLISH.links[0].url)

    def saving() -> Callable[[], None]:
        TopicLanguage.objects.select_for_update().get(pk=version.pk)
        return lambda: retitle(version, "Not public yet")

    while_another_waits(saving, lambda: change_and_refresh(resource))
    document = live_document(version)
    assert (document.title, document.links[0].title) == (ENGLISH.title, "New title")
    assert reread(version).has_changes
    publish(version.pk, by=None)
    assert live_document(version).title == "Not public yet"


def test_a_refresh_waits_for_an_edit_that_names_one_of_its_pages_as_related():
    first = live_version()
    with transaction.atomic():
        second = make_live(replace(ENGLISH, number=2, slug="second", links=(), groups=()))

    def refreshing() -> Callable[[], None]:
        hold(first.pk)
        return lambda: hold(second.pk)

    @transaction.atomic
    def saving() -> None:
        TopicLanguage.objects.filter(pk=second.pk).update(version=F("version") + 1)
        RelatedTopic.objects.create(topic_language=second, target=first)

    while_another_waits(refreshing, saving)
    assert RelatedTopic.objects.filter(topic_language=second, target=first).exists()


def test_of_two_pages_that_are_withdrawn_in_favour_of_each_other_one_stays():
    first = live_version()
    with transaction.atomic():
        second = make_live(replace(ENGLISH, number=2, slug="second", links=(), groups=()))
    there = {row.pk: Address.objects.get(topic_language=row) for row in (first, second)}
    refused = at_once(
        lambda: withdraw(first.pk, by=None, reason="Wrong", to=there[second.pk]),
        lambda: withdraw(second.pk, by=None, reason="Wrong", to=there[first.pk]),
    )
    assert [type(error) for error in refused] == [NotReady]
    assert TopicLanguage.objects.filter(live_edition__isnull=False).count() == 1


@transaction.atomic
def many_small_pages(resource: Resource) -> None:
    """As many live pages as a large site has, all of which show one link."""
    link = replace(
        ENGLISH.links[0], resource=resource.pk, category_keys=("start-here", "patient-handouts")
    )
    topics = HealthTopic.objects.bulk_create(HealthTopic() for _number in range(MANY))
    versions = TopicLanguage.objects.bulk_create(
        TopicLanguage(topic=topic, language="en", slug=f"t{number}", number=number + 1)
        for number, topic in enumerate(topics)
    )
    publications = [
        Publication(
            version,
            replace(
                ENGLISH,
                number=version.number,
                slug=version.slug,
                links=(link,),
                groups=(),
                summary=None,
                also_called=(),
                see_references=(),
            ),
        )
        for version in versions
    ]
    append_editions(publications, by=None, origin=Origin.IMPORT)


def test_a_refresh_of_two_thousand_pages_is_killed_and_finishes_when_run_again():
    resource = Resource.objects.create(title_en="Old title", url_en=ENGLISH.links[0].url)
    many_small_pages(resource)
    Resource.objects.filter(pk=resource.pk).update(title_en="New title")
    job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=None)
    environment = os.environ | {"DATABASE_URL": address_of_the_database()}
    command = [sys.executable, "manage.py", "refresh"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    deadline = time.monotonic() + 60
    while RefreshJob.objects.get(pk=job.pk).changed < MANY // 10:
        assert process.poll() is None, "the refresh ended before it could be killed"
        assert time.monotonic() < deadline
    process.kill()
    process.wait()
    job.refresh_from_db()
    assert job.finished_at is None
    assert MANY // 10 <= job.changed < MANY
    done = Edition.objects.filter(number=2)
    assert done.count() == job.changed
    assert job.last_done == done.aggregate(last=Max("topic_language"))["last"]
    begun = timezone.now()
    assert run_pending() == (1, MANY - job.changed)
    assert Edition.objects.filter(number=2, created_at__gte=begun).count() == MANY - job.changed
    assert TopicLanguage.objects.filter(live_edition__number=2).count() == MANY
    assert run_pending() == (0, 0)
    assert run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=None)) == 0
