"""Tags: an editor's own words, the same in every language, one for each word."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from topics.models import HealthTopic, TaggedTopic, TopicTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic():
    return HealthTopic.objects.create()


@pytest.mark.parametrize("same", ["heart", "HEART", "Heart"])
def test_a_word_in_other_capitals_is_the_same_tag(topic, same):
    topic.tags.add("Heart")
    HealthTopic.objects.create().tags.add(same)
    assert TopicTag.objects.get().tagged_topics.count() == 2


@pytest.mark.parametrize("words", [("Ácido", "ácido"), ("niñez", "NIÑEZ")])
def test_accented_letters_have_capitals_too(topic, words):
    topic.tags.add(*words)
    topic.tags.set(words)
    other = HealthTopic.objects.create()
    other.tags.add(words[1])
    assert TopicTag.objects.get().name == words[0]
    assert list(topic.tags.names()) == list(other.tags.names()) == [words[0]]


def test_words_that_differ_in_an_accent_are_two_tags(topic):
    topic.tags.add("papa", "papá")
    assert set(topic.tags.names()) == {"papa", "papá"}


@pytest.mark.parametrize("language", ["en", "es", "es-mx", "xx", None])
def test_a_tag_is_the_same_in_every_language(topic, language):
    topic.tags.add("heart")
    tag = TopicTag.objects.get()
    TopicTag.objects.update(label_en="Heart", label_es="Corazón")
    with translation.override(language):
        topic.tags.add("heart")
        assert list(topic.tags.names()) == ["heart"]
        assert str(TopicTag.objects.get(name="heart")) == "heart"
        TopicTag.objects.get().save()
    tag.refresh_from_db()
    assert (tag.name, tag.label_en, tag.label_es) == ("heart", "Heart", "Corazón")


def test_words_that_make_the_same_slug_stay_two_tags(topic):
    topic.tags.add("C", "C++", "日本")
    assert TopicTag.objects.values("slug").distinct().count() == 3


def test_a_topic_bears_a_tag_once_and_leaves_it_behind(topic):
    topic.tags.add("heart", "heart")
    row = TaggedTopic.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        TaggedTopic.objects.create(tag=row.tag, content_object=topic)
    topic.delete()
    assert not TaggedTopic.objects.exists()
    assert TopicTag.objects.exists()
