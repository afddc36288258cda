"""What no browser sends is answered in a sentence, never with an error of ours."""

import pytest
from django.contrib.auth.models import User

from editorial.admins import topic_forms
from editorial.pages import language_forms, links_forms
from resources.models import Resource
from resources.recognition import resource_at
from topics.models import HealthTopic, TopicLanguage

from .desk import fields, pair, url_of

pytestmark = pytest.mark.django_db

NINES = "9" * 30


@pytest.fixture(autouse=True)
def ana(client):
    client.force_login(User.objects.create_superuser("ana", password="x"))


@pytest.mark.parametrize("end", ["change", "links"])
def test_a_page_that_arrives_without_its_forms_is_a_sentence(client, end):
    english, _spanish = pair()
    answer = client.post(url_of(english, end), {})
    assert answer.status_code == 200
    assert "did not arrive" in answer.content.decode()
    posted = fields(client.get(url_of(english, end)))
    for name in [name for name in posted if name.endswith("-TOTAL_FORMS")]:
        rest = {key: value for key, value in posted.items() if key != name}
        assert "did not arrive" in client.post(url_of(english, end), rest).content.decode()


def test_other_forms_that_arrive_empty_are_no_error_either(client):
    english, _spanish = pair()
    assert client.post(url_of(english, "publish"), {}).status_code == 409
    assert client.post(url_of(english, "withdraw"), {}).status_code == 200
    link = Resource.objects.first()
    answer = client.post(f"/admin/resources/resource/{link.pk}/change/", {})
    assert answer.status_code == 200


def test_a_language_that_nobody_publishes_is_not_found(client):
    topic = HealthTopic.objects.create(title_en="New")
    assert client.post(f"/admin/topics/healthtopic/{topic.pk}/start/fr/").status_code == 404
    assert not topic.languages.exists()


@pytest.mark.parametrize("number", ["²", "٣", NINES, "-1", "1.5", ""])
def test_what_is_no_number_of_ours_means_nothing(client, number):
    english, _spanish = pair()
    text = fields(client.get(url_of(english)))
    links = fields(client.get(url_of(english, "links")))
    text |= {"title": "Mine", "version": number, "sections-0-key": number, "related-0-key": number}
    assert client.post(url_of(english), text).status_code in (200, 302, 409)
    links |= {"links-0-own_title": "Mine"}
    # The form's base tells what was changed in it, whatever its version says.
    assert client.post(url_of(english, "links"), links | {"version": number}).status_code == 302
    answer = client.post(url_of(english, "links"), links | {"links-0-key": number})
    assert answer.status_code in (200, 302, 409)
    for name in ("group", "tag", "state_en"):
        assert client.get("/admin/topics/healthtopic/", {name: number}).status_code == 200


@pytest.mark.parametrize("end", ["change", "links", "publish", "preview", "editions"])
def test_a_topic_with_an_endless_number_is_not_found(client, end):
    english, _spanish = pair()
    assert client.get(f"/admin/topics/topiclanguage/{NINES}/{end}/").status_code == 404
    assert client.get(url_of(english, f"editions/{NINES}")).status_code == 404


def test_an_address_that_cannot_be_taken_apart_is_no_error(client):
    english, _spanish = pair()
    bad = "https://[bad/x"
    find = url_of(english, "links/find")
    assert client.get(find, {"q": bad}).json() == {"results": []}
    assert client.get(url_of(english, "topics/find"), {"q": bad}).json() == {"results": []}
    posted = fields(client.get(url_of(english, "links")))
    posted |= {"new-0-link": bad, "new-0-title": "Bad", "new-0-categories": "Start Here"}
    answer = client.post(url_of(english, "links"), posted)
    assert "is not a web address" in answer.content.decode()
    Resource.objects.create(url_en=bad, title_en="Bad")
    assert resource_at(bad, "en").title_en == "Bad"
    assert resource_at("https://[bad/", "en") is None
    related = fields(client.get(url_of(english))) | {"related-1-topic": bad}
    assert client.post(url_of(english), related).status_code == 200


def test_a_character_that_no_database_keeps_is_no_error(client):
    english, _spanish = pair()
    for end in ("links/find", "topics/find"):
        assert client.get(url_of(english, end), {"q": "ab\0c"}).status_code == 200
    for name in ("title", "slug", "also_called", "meta_description", "sections-0-body"):
        posted = fields(client.get(url_of(english))) | {name: "ab\0c"}
        assert (
            "Null characters are not allowed"
            in client.post(url_of(english), posted).content.decode()
        )
    assert client.get("/admin/topics/healthtopic/", {"q": "ab\0c"}).status_code == 200


def taken_first(monkeypatch, module, name, take):
    """Let a colleague take what a check has just found free."""
    check, asked = getattr(module, name), []

    def checked(*args, **options):
        if asked:
            # Done within the transaction under test, the deed was undone with it.
            take()
            return check(*args, **options)
        asked.append(1)
        found = check(*args, **options)
        take()
        return found

    monkeypatch.setattr(module, name, checked)


def test_an_address_that_a_colleague_takes_at_the_same_moment_is_a_sentence(client, monkeypatch):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english))) | {"slug": "raced"}

    def take():
        topic = HealthTopic.objects.get_or_create(title_en="Theirs")[0]
        TopicLanguage.objects.get_or_create(topic=topic, language="en", slug="raced")

    # Asked between the check of the address and the save.
    taken_first(monkeypatch, language_forms, "topic_named", take)
    answer = client.post(url_of(english), posted | {"related-1-topic": "Abdominal Pain"})
    assert answer.status_code == 200
    assert "in use by something else" in answer.content.decode()
    TopicLanguage.objects.get(slug="raced").delete()
    new = {"language": "en", "first_title": "New", "slug": "raced"}
    taken_first(monkeypatch, topic_forms, "is_free", take)
    answer = client.post("/admin/topics/healthtopic/add/", new)
    assert answer.status_code == 200
    assert "in use" in answer.content.decode()


def test_a_link_that_a_colleague_adds_at_the_same_moment_is_offered(client, monkeypatch):
    english, _spanish = pair()
    address = "https://example.org/raced"
    posted = fields(client.get(url_of(english, "links")))
    posted |= {"new-0-link": address, "new-0-title": "Mine", "new-0-categories": "Start Here"}
    taken_first(
        monkeypatch,
        links_forms,
        "resource_at",
        lambda: Resource.objects.get_or_create(title_en="Theirs", url_en=address),
    )
    answer = client.post(url_of(english, "links"), posted)
    assert answer.status_code == 200
    assert "This address is here already as “Theirs”" in answer.content.decode()
