"""What both languages of a topic share is merged too, and asked about where it collides."""

import pytest
from django.test import Client

from editorial.models import Act
from topics.models import HealthTopic, TopicTag

from .desk import EDITOR_RIGHTS, fields, pair, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    client = Client()
    client.force_login(person("Bob", *EDITOR_RIGHTS))
    return client


@pytest.fixture
def topic():
    return pair()[0].topic


def address(topic):
    return f"/admin/topics/healthtopic/{topic.pk}/change/"


def opened(client, topic):
    return fields(client.get(address(topic)), "healthtopic_form")


def names(topic):
    return sorted(HealthTopic.objects.get(pk=topic.pk).tags.values_list("name", flat=True))


def test_a_tag_and_the_language_of_origin_are_both_saved(client, ana, bob, topic):
    mine = opened(client, topic) | {"tags": "mine"}
    theirs = opened(bob, topic) | {"tags": "theirs", "source_language": "es"}
    assert bob.post(address(topic), theirs).status_code == 302
    assert client.post(address(topic), mine).status_code == 302
    assert names(topic) == ["mine", "theirs"]
    assert HealthTopic.objects.get(pk=topic.pk).source_language == "es"


def test_a_tag_that_a_colleague_removed_stays_removed(client, ana, bob, topic):
    bob.post(address(topic), opened(bob, topic) | {"tags": "old, kept"})
    mine = opened(client, topic) | {"tags": "old, kept, mine"}
    bob.post(address(topic), opened(bob, topic) | {"tags": "kept"})
    assert client.post(address(topic), mine).status_code == 302
    assert names(topic) == ["kept", "mine"]
    assert TopicTag.objects.filter(name="old").exists()


@pytest.mark.parametrize("base", ["", "rubbish"])
def test_what_collides_is_said_and_replaced_only_when_asked_again(client, ana, bob, topic, base):
    # Of a form whose base was lost nobody can tell what was changed in it.
    mine = opened(client, topic) | {"tags": "mine", "base": base}
    bob.post(address(topic), opened(bob, topic) | {"tags": "theirs"})
    answer = client.post(address(topic), mine)
    assert "Somebody else saved “theirs” here" in answer.content.decode()
    assert names(topic) == ["theirs"]
    again = fields(answer, "healthtopic_form")
    assert client.post(address(topic), again).status_code == 302
    assert names(topic) == ["mine"]


def done(username):
    return sorted(Act.objects.filter(person__username=username).values_list("what", "detail"))


def test_the_record_names_for_each_change_who_made_it(client, ana, topic):
    bob = Client()
    bob.force_login(person("Bob", is_superuser=True))
    eva = person("Eva")
    mine = opened(client, topic) | {"tags": "mine"}
    theirs = opened(bob, topic) | {"image_credit_en": "Bob", "owners": [eva.pk], "tags": "theirs"}
    assert bob.post(address(topic), theirs).status_code == 302
    assert client.post(address(topic), mine).status_code == 302
    assert names(topic) == ["mine", "theirs"] and topic.owners.get() == eva
    credit = "Credit of the picture (English)"
    assert done("bob") == [("changed", f"Tags, Owners, {credit}"), ("topic owners set", "eva")]
    assert done("ana") == [("changed", "Tags")]
