"""Whoever publishes is told what to look at first, compared with what the other language says."""

import pytest
from django.db import transaction

from topics.document import TopicDocument
from topics.publishing import publish
from topics.working_copy import assemble, store

from .desk import pair, url_of

pytestmark = pytest.mark.django_db


def write(version, body):
    """Put one section into the working copy."""
    with transaction.atomic():
        document = assemble([version])[version.pk]
        section = document.summary[-1]
        changed = document.to_json().replace(section.body.replace('"', '\\"'), body)
        store([(version, TopicDocument.from_json(changed))])


def page_of(client, version):
    return client.get(url_of(version, "publish")).content.decode()


def test_the_publish_page_tells_what_to_look_at(client, ana):
    english, spanish = pair()
    write(english, "<p>Take 50 mg of it.</p>")
    write(spanish, "<p>If you have a fever, call your doctor right away.</p>")
    page = page_of(client, spanish)
    assert "Still in Spanish" not in page
    assert "Still in English, in “¿Cuándo es grave?”: “If you have a fever" in page
    assert "too short to tell" in page
    assert "50 mg" not in page, "English is compared as the public sees it"
    publish(english.pk, by=ana)
    assert "lacks “50 mg”, which the English text says there" in page_of(client, spanish)


def test_a_draft_takes_the_place_of_what_is_not_public_yet(client, ana):
    english, spanish = pair(live=False)
    write(english, "<p>Take 50 mg of it.</p>")
    assert "lacks “50 mg”" in page_of(client, spanish)


def test_a_topic_in_one_language_only_says_so(client, ana):
    english, spanish = pair(live=False)
    assert "There is no text in Spanish yet." not in page_of(client, english)
    spanish.delete()
    assert "There is no text in Spanish yet." in page_of(client, english)
