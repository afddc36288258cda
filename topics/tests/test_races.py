"""Two people at once: what one of them changed is never lost between the other's reading and writing."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction

from resources.models import InformationCategory, Resource
from topics import live
from topics.document import TopicDocument
from topics.models import Installation, Origin, RefreshJob, TopicLanguage
from topics.publishing import Publication, append_editions
from topics.refresh import request_refresh, run_refresh
from topics.site import hold_shared_things, rewrite_frame
from topics.working_copy import assemble, store

from .documents import ENGLISH, saved

pytestmark = pytest.mark.django_db(transaction=True)
# Longer than anything here takes, shorter than SQLite waits for a lock.
PATIENCE = 10


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Work on a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def while_another_waits(
    first: Callable[[], Callable[[], None]], second: Callable[[], None]
) -> None:
    """Run `first` in a transaction, `second` beside it, and what `first` returned at its end."""
    begun, go_on = threading.Event(), threading.Event()

    def held() -> None:
        with transaction.atomic():
            finish = first()
            begun.set()
            go_on.wait(PATIENCE)
            finish()

    one = in_thread(held)
    assert begun.wait(PATIENCE)
    other = in_thread(second)
    other.join(0.5)
    go_on.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert not one.is_alive()
    assert not other.is_alive()


def test_two_changes_of_the_frame_are_both_in_it():
    with transaction.atomic():
        rewrite_frame()

    def rename_site() -> Callable[[], None]:
        Installation.objects.filter(pk=1).update(name_en="New name")
        rewrite_frame()
        return lambda: None

    @transaction.atomic
    def rename_category() -> None:
        InformationCategory.objects.filter(key="start-here").update(name_en="Begin Here")
        rewrite_frame()

    while_another_waits(rename_site, rename_category)
    frame = live.read_frame()
    assert frame.installation["name_en"] == "New name"
    assert frame.categories["start-here"].names["en"] == "Begin Here"


def test_a_page_that_is_being_published_is_refreshed_too():
    with transaction.atomic():
        lonely = saved(replace(ENGLISH, links=()))
        bound = store([(lonely, replace(ENGLISH, links=()))])
        append_editions([Publication(lonely, bound[0])], by=None, origin=Origin.IMPORT)
        store([(lonely, ENGLISH)])
    resource = Resource.objects.get(url_en=ENGLISH.links[0].url)

    def publish_with_the_old_title() -> Callable[[], None]:
        hold_shared_things()
        document = assemble([lonely])[lonely.pk]
        return lambda: append_editions(
            [Publication(lonely, document)], by=None, origin=Origin.HUMAN
        )

    def change_and_refresh() -> None:
        with transaction.atomic():
            Resource.objects.filter(pk=resource.pk).update(title_en="New title")
            job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=None)
        run_refresh(job)

    while_another_waits(publish_with_the_old_title, change_and_refresh)
    shown = TopicLanguage.objects.select_related("live_edition").get(pk=lonely.pk)
    document = TopicDocument.from_json(shown.live_edition.document)
    assert document.links[0].title == "New title"
