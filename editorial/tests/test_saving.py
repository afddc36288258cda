"""Locks are taken in one order, so that two savers wait for each other in turn."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from editorial import parts
from editorial.saving import hold_topics, note_changes, one_save
from topics.models import HealthTopic

from .desk import pair


@pytest.mark.django_db
def test_a_topic_is_locked_before_its_languages():
    english, _spanish = pair()
    with (
        CaptureQueriesContext(connection) as queries,
        one_save(english, version=english.version, by=None),
    ):
        parts.store_texts(english, title="Mine")
    spoken = [query["sql"] for query in queries]
    held = next(n for n, sql in enumerate(spoken) if 'FROM "topics_healthtopic"' in sql)
    claimed = next(n for n, sql in enumerate(spoken) if 'UPDATE "topics_topiclanguage"' in sql)
    assert held < claimed
    if connection.features.has_select_for_update:
        assert "FOR NO KEY UPDATE" in spoken[held]


@pytest.mark.django_db(transaction=True)
def test_a_language_and_its_topic_are_saved_at_the_same_moment():
    english, _spanish = pair()
    by = User.objects.create_superuser("ana", password="x")
    ready, done = Barrier(2), []

    def save_language() -> None:
        ready.wait()
        with one_save(english, version=english.version, by=by):
            parts.store_texts(english, title="Mine")
        done.append("language")
        connection.close()

    def save_topic() -> None:
        with transaction.atomic():
            ready.wait()
            hold_topics([english.topic_id])
            HealthTopic.objects.filter(pk=english.topic_id).update(image_alt_en="A belly")
            note_changes([english])
        done.append("topic")
        connection.close()

    threads = [Thread(target=save_language), Thread(target=save_topic)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["language", "topic"]
    topic = HealthTopic.objects.get(pk=english.topic_id)
    assert (topic.title_en, topic.image_alt_en) == ("Mine", "A belly")
