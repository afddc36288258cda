"""Two people at the links of one page: merged link by link, asked about where they collide."""

import pytest
from django.db import transaction
from django.test import Client

from resources.models import Resource
from topics.models import TopicLanguage
from topics.tests.documents import ENGLISH
from topics.working_copy import store

from .desk import edit, fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    client = Client()
    client.force_login(person("Bob", "change_topiclanguage", "add_resource"))
    return client


@pytest.fixture
def english():
    return pair()[0]


def opened(client, version):
    return fields(client.get(url_of(version, "links")))


def placed(version):
    rows = version.placements.select_related("resource")
    return [(row.resource.title_en, row.categories, row.own_title) for row in rows]


def said(response):
    return " ".join(map(str, response.context["messages"]))


def test_different_links_and_fields_are_merged(client, ana, bob, english):
    shared = Resource.objects.create(title_en="Shared", url_en="https://example.org/shared")
    mine = opened(client, english) | {
        "links-0-own_title": "Mine",
        "new-0-link": f"#{shared.pk}",
        "new-0-categories": "Start Here",
    }
    theirs = {"links-0-categories": "Encyclopedia; Start Here", "links-1-DELETE": "on"}
    assert edit(bob, english, "links", **theirs).status_code == 302
    answer = client.post(url_of(english, "links"), mine, follow=True)
    assert placed(english) == [
        ("Belly pain", ["encyclopedia", "start-here"], "Mine"),
        ("Shared", ["start-here"], None),
    ]
    assert "Saved by Bob" in said(answer)
    assert "Link “No organization” (removed)" in said(answer)


def test_an_order_and_an_added_link_are_merged(client, ana, bob, english):
    mine = opened(client, english) | {"links-0-ORDER": "2", "links-1-ORDER": "1"}
    new = {
        "new-0-link": "https://example.org/n",
        "new-0-title": "N",
        "new-0-categories": "Start Here",
    }
    assert edit(bob, english, "links", **new).status_code == 302
    assert client.post(url_of(english, "links"), mine).status_code == 302
    # A new link stays behind the one behind which it was added.
    assert [title for title, *_rest in placed(english)] == ["No organization", "N", "Belly pain"]


def test_what_collides_is_asked_about(client, ana, bob, english):
    mine = opened(client, english) | {"links-0-own_title": "Mine", "links-1-DELETE": "on"}
    edit(bob, english, "links", **{"links-0-own_title": "Bob's", "links-1-own_title": "Kept"})
    before = working_copy(english)
    answer = client.post(url_of(english, "links"), mine)
    assert answer.status_code == 409
    assert working_copy(english) == before
    assert [question.place for question in answer.context["questions"]] == [
        "Link “Belly pain”: Title on this page",
        "Link “No organization”",
    ]
    again = fields(answer) | {"choice-0": "mine", "choice-1": "theirs"}
    assert client.post(url_of(english, "links"), again).status_code == 302
    assert [(title, own) for title, _keys, own in placed(english)] == [
        ("Belly pain", "Mine"),
        ("No organization", "Kept"),
    ]


def test_a_form_with_a_new_link_that_is_posted_twice_adds_it_once(client, ana, english):
    mine = opened(client, english) | {
        "links-0-own_title": "Mine",
        "new-0-link": "https://example.org/n",
        "new-0-title": "N",
        "new-0-categories": "Start Here",
    }
    assert client.post(url_of(english, "links"), mine).status_code == 302
    after = working_copy(english)
    again = client.post(url_of(english, "links"), mine, follow=True)
    assert "What you sent is saved already." in said(again)
    assert working_copy(english) == after
    assert Resource.objects.filter(title_en="N").count() == 1


def test_two_people_add_the_same_link_to_different_sections(client, ana, bob, english):
    shared = Resource.objects.create(title_en="Shared", url_en="https://example.org/shared")
    new = {"new-0-link": f"#{shared.pk}"}
    mine = opened(client, english) | new | {"new-0-categories": "Start Here"}
    edit(bob, english, "links", **new | {"new-0-categories": "Encyclopedia"})
    answer = client.post(url_of(english, "links"), mine)
    assert answer.status_code == 409
    again = fields(answer) | {"choice-0": "mine"}
    assert client.post(url_of(english, "links"), again).status_code == 302
    assert placed(english)[-1] == ("Shared", ["start-here"], None)
    assert len(placed(english)) == 3


def test_the_text_and_the_links_of_one_language_do_not_collide(client, ana, bob, english):
    mine = opened(client, english) | {"links-0-own_title": "Mine"}
    edit(bob, english, title="Bob's title")
    assert client.post(url_of(english, "links"), mine).status_code == 302
    assert working_copy(english)["title"] == "Bob's title"
    assert placed(english)[0][2] == "Mine"


def test_rows_that_an_import_made_anew_are_the_same_links(client, ana, english):
    mine = opened(client, english) | {"links-0-own_title": "Mine"}
    with transaction.atomic():
        store([(TopicLanguage.objects.get(pk=english.pk), ENGLISH)])
    assert client.post(url_of(english, "links"), mine).status_code == 302
    assert [own for _title, _keys, own in placed(english)] == ["Mine", None]


def test_typed_links_are_kept_and_taken_up(client, ana, english):
    mine = opened(client, english) | {
        "links-0-own_title": "Mine",
        "new-0-link": "https://example.org/n",
        "new-0-title": "N",
        "new-0-categories": "Start Here",
    }
    client.post(url_of(english, "links/keep"), mine)
    (text,) = client.get(url_of(english, "links")).context["waiting"]
    assert [place for place, _pieces in text.differences] == [
        "Link “Belly pain”: Title on this page",
        "Link “https://example.org/n”",
    ]
    assert not client.get(url_of(english)).context["waiting"]
    taken = fields(client.get(f"{url_of(english, 'links')}?take={text.key}"))
    assert client.post(url_of(english, "links"), taken).status_code == 302
    assert placed(english)[2][0] == "N"
