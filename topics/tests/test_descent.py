"""A translation knows from which edition of its original it was made, and when that moved on."""

from dataclasses import replace

import pytest
from django.db import transaction

from resources.models import Resource
from topics.document import Section, TopicDocument
from topics.editions.descent import NewerOriginal, descent_of, outdated, text_digest
from topics.editions.scheduling import schedule
from topics.models import HealthTopic, Origin, RefreshJob, TopicLanguage
from topics.publishing import Publication, append_editions, publish, withdraw
from topics.refresh import request_refresh, run_refresh
from topics.working_copy import assemble, store

from .documents import ENGLISH, SPANISH, saved

pytestmark = pytest.mark.django_db


@transaction.atomic
def begun(*documents, source="en"):
    """A topic with these documents as its working copies."""
    topic = HealthTopic.objects.create(source_language=source)
    versions = []
    for document in documents:
        version = saved(document, topic)
        store([(version, document)])
        versions.append(version)
    return versions


@transaction.atomic
def write(version, **changes):
    """Change the working copy."""
    row = TopicLanguage.objects.select_related("topic").get(pk=version.pk)
    store([(row, replace(assemble([row])[row.pk], **changes))])


def say(version, text):
    write(version, summary=(Section(2, "Dose", f"<p>{text}</p>"),))


def is_outdated(version):
    """As a list asks, and as a page does; they have to agree."""
    listed = TopicLanguage.objects.filter(outdated(), pk=version.pk).exists()
    row = TopicLanguage.objects.select_related("topic", "live_edition").get(pk=version.pk)
    descent = descent_of(row)
    assert listed == bool(descent and descent.is_outdated)
    return listed


def both_live():
    english, spanish = begun(ENGLISH, SPANISH)
    publish(english.pk, by=None)
    publish(spanish.pk, by=None, compared_with=1)
    return english, spanish


def test_a_translation_that_was_compared_with_the_newest_is_current():
    english, spanish = both_live()
    assert not is_outdated(spanish)
    assert not is_outdated(english)
    assert spanish.editions.get().made_from == english.editions.get()


def test_new_words_of_the_original_make_it_outdated_until_somebody_compares():
    english, spanish = both_live()
    say(english, "Take three.")
    assert not is_outdated(spanish), "nobody sees the draft"
    publish(english.pk, by=None)
    assert is_outdated(spanish)
    say(spanish, "Tome dos.")
    publish(spanish.pk, by=None)
    assert is_outdated(spanish), "publishing alone confirms nothing"
    assert spanish.editions.get(number=2).made_from.number == 1
    confirmed = publish(spanish.pk, by=None, compared_with=2)
    assert not is_outdated(spanish)
    assert (confirmed.number, confirmed.made_from.number) == (3, 2)
    before = spanish.editions.get(number=2)
    assert confirmed.content_changed_at == before.content_changed_at, "no news to readers"
    assert publish(spanish.pk, by=None, compared_with=2) == confirmed


def test_links_groups_names_and_refreshes_of_the_original_are_not_news_to_a_translator():
    english, spanish = both_live()
    write(english, links=(), groups=(), also_called=("Another",))
    publish(english.pk, by=None)
    assert not is_outdated(spanish)
    write(english, links=ENGLISH.links)
    publish(english.pk, by=None)
    link = Resource.objects.get(url_en=ENGLISH.links[0].url)
    Resource.objects.filter(pk=link.pk).update(title_en="New title")
    with transaction.atomic():
        job = request_refresh(RefreshJob.Kind.RESOURCE, link.pk, by=None)
    run_refresh(job)
    assert english.editions.latest("number").origin == Origin.REFRESH
    assert not is_outdated(spanish)


def test_a_refresh_of_an_outdated_translation_leaves_it_outdated():
    english, spanish = both_live()
    say(english, "Take three.")
    publish(english.pk, by=None)
    link = Resource.objects.get(url_es=SPANISH.links[0].url)
    Resource.objects.filter(pk=link.pk).update(title_es="Otro")
    with transaction.atomic():
        job = request_refresh(RefreshJob.Kind.RESOURCE, link.pk, by=None)
    run_refresh(job)
    assert spanish.editions.count() == 2
    assert is_outdated(spanish)


def test_an_original_taken_back_to_old_words_is_what_the_translation_says_again():
    english, spanish = both_live()
    old = assemble([english])[english.pk].summary
    say(english, "Take three.")
    publish(english.pk, by=None)
    write(english, summary=old)
    publish(english.pk, by=None)
    assert not is_outdated(spanish)


def test_without_a_word_on_it_a_translation_counts_as_outdated():
    english, spanish = begun(ENGLISH, SPANISH)
    publish(spanish.pk, by=None)
    assert not is_outdated(spanish), "there is no original to be behind of"
    publish(english.pk, by=None)
    assert is_outdated(spanish)
    withdraw(english.pk, by=None, reason="Gone")
    assert not is_outdated(spanish)


def test_a_topic_written_in_spanish_first_has_an_english_translation():
    english, spanish = begun(ENGLISH, SPANISH, source="es")
    publish(spanish.pk, by=None)
    publish(english.pk, by=None, compared_with=1)
    say(spanish, "Tome tres.")
    publish(spanish.pk, by=None)
    assert is_outdated(english)
    assert not is_outdated(spanish)


def test_comparing_with_anything_but_the_newest_publishes_nothing():
    english, spanish = both_live()
    say(english, "Take three.")
    publish(english.pk, by=None)
    say(spanish, "Tome tres.")
    for number in (1, 3):
        with pytest.raises(NewerOriginal):
            publish(spanish.pk, by=None, compared_with=number)
    assert spanish.editions.count() == 1


def test_what_is_scheduled_keeps_what_it_was_compared_with():
    english, spanish = both_live()
    say(spanish, "Tome dos.")
    from_now = spanish.editions.get().created_at.replace(year=2100)
    assert schedule(spanish.pk, due_at=from_now, by=None).made_from.number == 1
    say(english, "Take three.")
    publish(english.pk, by=None)
    with pytest.raises(NewerOriginal):
        schedule(spanish.pk, due_at=from_now, by=None, compared_with=1)
    confirmed = schedule(spanish.pk, due_at=from_now, by=None, compared_with=2)
    assert confirmed.made_from.number == 2


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("<p>Take <em>two</em>.</p>", True),
        ('<p>Take <a href="https://example.org/">two</a>.</p>', True),
        ("<p>Take three.</p>", False),
        ("<ul><li>Take two.</li></ul>", False),
    ],
)
def test_words_count_and_markup_does_not(body, same):
    one, other = (
        replace(ENGLISH, summary=(Section(2, "Dose", text),)) for text in ("<p>Take two.</p>", body)
    )
    assert (text_digest(one) == text_digest(other)) == same


def test_an_import_of_a_pair_is_no_confirmation_by_itself():
    english, spanish = begun(ENGLISH, SPANISH)
    for version, document in ((english, ENGLISH), (spanish, SPANISH)):
        with transaction.atomic():
            append_editions([Publication(version, document)], by=None, origin=Origin.IMPORT)
    assert is_outdated(spanish)
    assert TopicDocument.from_json(english.editions.get().document) == ENGLISH
