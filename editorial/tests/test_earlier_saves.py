"""Every save can be taken back, as an edit like any other."""

import pytest
from django.db import transaction

from topics.models import Draft, TopicLanguage
from topics.tests.documents import ENGLISH
from topics.working_copy import store

from .desk import edit, fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


def said(response):
    return " ".join(map(str, response.context["messages"]))


def take_back(client, version, key):
    address = url_of(version, f"saves/{key}")
    return client.post(address, fields(client.get(address)), follow=True)


def test_an_earlier_save_is_taken_back(client, ana):
    english, spanish = pair()
    edit(client, english, title="First", **{"sections-1-body": "<p>First words</p>"})
    first = working_copy(english)
    edit(client, english, title="Second", **{"sections-1-DELETE": "on"})
    other = working_copy(spanish)
    listed = client.get(url_of(english, "saves"))
    assert [save["title"] for save in listed.context["saves"]] == ["Second", "First"]
    key = listed.context["saves"][1]["key"]
    assert "First words" in client.get(url_of(english, f"saves/{key}")).content.decode()
    assert working_copy(english)["title"] == "Second"
    answer = take_back(client, english, key)
    assert "What was saved then is in the working copy" in said(answer)
    after = working_copy(english)
    assert after["title"] == "First"
    assert [row[1:] for row in after["sections"]] == [row[1:] for row in first["sections"]]
    assert working_copy(spanish) == other
    assert Draft.objects.count() == 3


def test_what_an_import_wrote_can_be_taken_back_too(client, ana):
    english, _spanish = pair(live=False)
    edit(client, english, title="Edited")
    with transaction.atomic():
        store([(TopicLanguage.objects.get(pk=english.pk), ENGLISH)])
    edit(client, english, title="Edited again")
    titles = [save["title"] for save in client.get(url_of(english, "saves")).context["saves"]]
    assert titles == ["Edited again", "Abdominal Pain", "Edited", "Abdominal Pain"]


def test_a_stale_request_to_take_back_changes_nothing(client, ana):
    english, _spanish = pair()
    edit(client, english, title="First")
    edit(client, english, title="Second")
    key = Draft.objects.order_by("pk").first().pk
    posted = fields(client.get(url_of(english, f"saves/{key}")))
    edit(client, english, title="Third")
    assert client.post(url_of(english, f"saves/{key}"), posted).status_code == 409
    assert working_copy(english)["title"] == "Third"


def test_saves_are_seen_by_who_may_edit_and_belong_to_their_language(client, ana):
    english, spanish = pair()
    edit(client, english, title="Private")
    key = Draft.objects.get().pk
    assert client.get(url_of(spanish, f"saves/{key}")).status_code == 404
    client.force_login(person("Eva", "view_topiclanguage"))
    assert client.get(url_of(english, "saves")).status_code == 403
    assert client.get(url_of(english, f"saves/{key}")).status_code == 403
    assert client.post(url_of(english, f"saves/{key}"), {"version": 2}).status_code == 403
    client.logout()
    assert client.get(url_of(english, f"saves/{key}")).status_code == 302
