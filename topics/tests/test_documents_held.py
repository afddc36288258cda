"""A document in memory is used only while it is the live one."""

from dataclasses import replace

import pytest

from topics import live
from topics.live import documents
from topics.models import Edition, Origin
from topics.publishing import Publication, append_editions

from .public import plain, publish

pytestmark = pytest.mark.django_db

FLU = plain("Flu", 12)


def publish_again(topic_language, document):
    append_editions([Publication(topic_language, document)], by=None, origin=Origin.HUMAN)


def test_the_next_reader_after_a_publish_gets_the_new_document():
    (flu,) = publish(FLU)
    first = live.find("en", "flu").document
    assert live.find("en", "flu").document is first
    publish_again(flu, replace(FLU, title="Influenza"))
    assert "Influenza" in live.find("en", "flu").document


def test_only_the_key_decides_and_not_what_is_in_memory():
    publish(FLU)
    live.find("en", "flu")
    held = documents.get("en", "flu")
    old = held._replace(key=held.key.upper() + "?", text="an old document")
    documents.keep("en", "flu", old)
    assert live.find("en", "flu").document == Edition.objects.get().document


def test_an_address_that_another_topic_took_over_gets_its_document():
    publish(FLU)
    live.find("en", "flu")
    documents.keep("en", "cold", documents.get("en", "flu"))
    publish(plain("Cold", 13))
    assert '"title":"Cold"' in live.find("en", "cold").document


def test_no_more_documents_are_held_than_the_setting_says(settings):
    settings.DOCUMENTS_HELD = 2
    for number in range(5):
        publish(plain(f"Topic{number}", 100 + number))
        live.find("en", f"topic{number}")
    assert documents.get("en", "topic4").text
    assert documents.get("en", "topic0") == documents.NOTHING
    settings.DOCUMENTS_HELD = 0
    assert live.find("en", "topic0").document == live.find("en", "topic0").document
