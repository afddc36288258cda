"""What is typed is kept before it is saved: for its writer alone, never public, never saved unasked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from editorial.keeping import unsaved
from topics.models import Draft, OpenPage, UnsavedText

from .desk import edit, fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


def keep(client, version, posted):
    return client.post(url_of(version, "text/keep"), posted)


def typed(client, version, **changes):
    """A form with changes in it that reached the server, but were not saved."""
    posted = fields(client.get(url_of(version))) | changes
    assert "text kept" in keep(client, version, posted).json()["kept"]
    return posted


def test_typed_text_is_kept_and_changes_nothing(client, ana):
    english, spanish = pair()
    before = [working_copy(english), working_copy(spanish)]
    typed(client, english, title="Half a titl")
    typed(client, english, title="")
    assert [working_copy(english), working_copy(spanish)] == before
    assert not Draft.objects.exists()
    assert "Half a titl" not in client.get("/abdominalpain.html").content.decode()


def test_after_a_closed_browser_the_text_is_offered_with_what_it_changes(client, ana):
    english, _spanish = pair()
    posted = typed(client, english, title="Kept")
    keep(client, english, posted | {"title": "Pain kept", "sections-1-body": "<p>Kept</p>"})
    page = client.get(url_of(english))
    (text,) = page.context["waiting"]
    assert "You have unsaved text" in page.content.decode()
    assert [place for place, _pieces in text.differences] == [
        "Title",
        "Section “When is it serious?”: text",
    ]
    assert "<ins>kept</ins>" in page.content.decode()
    assert fields(page)["title"] == "Abdominal Pain"


def test_text_that_cannot_be_saved_as_it_is_is_offered_as_such(client, ana):
    english, _spanish = pair()
    typed(client, english, slug="No address!")
    page = client.get(url_of(english))
    (text,) = page.context["waiting"]
    assert text.mistake and "Something in it has to be corrected" in page.content.decode()
    typed(client, english, slug="an-address")
    newest, _before = client.get(url_of(english)).context["waiting"]
    assert not newest.mistake


def test_text_that_is_taken_up_and_saved_is_offered_no_more(client, ana):
    english, _spanish = pair()
    typed(client, english, title="Kept title", **{"sections-1-body": "<p>Kept</p>"})
    (text,) = client.get(url_of(english)).context["waiting"]
    taken = client.get(f"{url_of(english)}?take={text.key}")
    assert fields(taken)["title"] == "Kept title"
    assert not taken.context["waiting"]
    assert client.post(url_of(english), fields(taken)).status_code == 302
    after = working_copy(english)
    assert (after["title"], after["sections"][1][3]) == ("Kept title", "<p>Kept</p>")
    assert not client.get(url_of(english)).context["waiting"]


def test_text_that_is_taken_up_late_is_merged_with_what_was_saved_since(client, ana):
    english, _spanish = pair()
    typed(client, english, title="Kept title")
    (text,) = client.get(url_of(english)).context["waiting"]
    bob = Client()
    bob.force_login(person("Bob", "change_topiclanguage"))
    bob.post(url_of(english), fields(bob.get(url_of(english))) | {"institute_name": "Bob's"})
    taken = fields(client.get(f"{url_of(english)}?take={text.key}"))
    assert client.post(url_of(english), taken).status_code == 302
    after = working_copy(english)
    assert (after["title"], after["row"]["institute_name"]) == ("Kept title", "Bob's")


def test_a_save_ends_the_keeping_of_its_form(client, ana):
    english, _spanish = pair()
    posted = typed(client, english, title="Saved title")
    assert client.post(url_of(english), posted).status_code == 302
    # What was on its way while the form was saved.
    assert keep(client, english, posted).json() == {"kept": ""}
    assert not client.get(url_of(english)).context["waiting"]
    assert not UnsavedText.objects.exclude(posted="").exists()


def test_a_form_that_was_sent_in_and_refused_is_kept_until_it_is_saved(client, ana):
    english, _spanish = pair()
    refused = edit(client, english, title="An hour of typing", slug="BAD SLUG")
    assert not refused.context["waiting"]
    page = client.get(url_of(english))
    (text,) = page.context["waiting"]
    assert fields(page)["title"] == "Abdominal Pain"
    assert fields(client.get(f"{url_of(english)}?take={text.key}"))["title"] == "An hour of typing"
    mended = fields(refused) | {"slug": english.slug}
    assert client.post(url_of(english), mended).status_code == 302
    assert working_copy(english)["title"] == "An hour of typing"
    assert not client.get(url_of(english)).context["waiting"]


def test_a_form_that_collided_is_kept_and_collides_again_when_it_is_taken_up(client, ana):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"title": "Mine"}
    edit(client, english, title="Theirs")
    assert client.post(url_of(english), mine).status_code == 409
    (text,) = client.get(url_of(english)).context["waiting"]
    taken = client.get(f"{url_of(english)}?take={text.key}")
    assert fields(taken)["title"] == "Mine"
    assert client.post(url_of(english), fields(taken)).status_code == 409


def test_a_form_that_was_saved_gone_back_to_and_refused_is_kept_anew(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english))) | {"title": "Saved"}
    assert client.post(url_of(english), posted).status_code == 302
    refused = client.post(url_of(english), posted | {"title": "Kept", "slug": "BAD SLUG"})
    assert fields(refused)["opening"] != posted["opening"]
    (text,) = client.get(url_of(english)).context["waiting"]
    assert fields(client.get(f"{url_of(english)}?take={text.key}"))["title"] == "Kept"


def test_two_windows_are_kept_apart(client, ana):
    english, _spanish = pair()
    typed(client, english, title="One")
    typed(client, english, title="Two")
    waiting = client.get(url_of(english)).context["waiting"]
    titles = {fields(client.get(f"{url_of(english)}?take={text.key}"))["title"] for text in waiting}
    assert titles == {"One", "Two"}


def test_unsaved_text_can_be_thrown_away(client, ana):
    english, _spanish = pair()
    typed(client, english, title="One")
    (text,) = client.get(url_of(english)).context["waiting"]
    client.post(url_of(english, "text/discard"), {"key": text.key})
    assert not client.get(url_of(english)).context["waiting"]


def test_nobody_else_reaches_unsaved_text(client, ana):
    english, spanish = pair()
    typed(client, english, title="Private words")
    (text,) = client.get(url_of(english)).context["waiting"]
    assert client.get(f"{url_of(spanish)}?take={text.key}").status_code == 404
    bob = Client()
    bob.force_login(person("Bob", "change_topiclanguage"))
    page = bob.get(url_of(english))
    assert not page.context["waiting"]
    assert "Private words" not in page.content.decode()
    assert bob.get(f"{url_of(english)}?take={text.key}").status_code == 404
    answer = bob.post(url_of(english, "text/discard"), {"key": text.key})
    assert answer.status_code == 404
    assert UnsavedText.objects.get().posted


@pytest.mark.parametrize("end", ["text/keep", "text/attend", "text/discard", "links/keep"])
def test_the_addresses_ask_for_the_right_of_the_page(client, end):
    english, _spanish = pair()
    address = url_of(english, end)
    assert client.post(address, {"opening": "x"}).status_code in (302, 401)
    client.force_login(person("Eva", "view_topiclanguage"))
    assert client.get(address).status_code == 403
    assert client.post(address, {"opening": "x"}).status_code == 403
    client.force_login(person("Bob", "change_topiclanguage"))
    assert client.get(address).status_code == (200 if end.endswith("attend") else 405)
    assert client.post(address.replace("/text/", "/x/"), {"opening": "x"}).status_code in (200, 404)
    assert not UnsavedText.objects.exclude(page__in=["text", "links"]).exists()


def test_an_opening_that_no_form_can_have_is_refused_and_hinders_no_saving(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english))) | {"opening": "x\0y", "title": "Saved"}
    assert keep(client, english, posted).status_code == 400
    assert client.post(url_of(english), posted).status_code == 302
    english.topic.refresh_from_db()
    assert english.topic.title_en == "Saved"
    assert not UnsavedText.objects.exists()


@pytest.mark.parametrize("key", ["", "²", "9" * 30, "0"])
def test_an_odd_key_is_not_found(client, ana, key):
    english, _spanish = pair()
    assert client.get(url_of(english), {"take": key}).status_code == 404


def test_old_text_is_let_go(client, ana, monkeypatch):
    monkeypatch.setattr(unsaved, "KEPT_AT_MOST", 2)
    english, _spanish = pair()
    typed(client, english, title="Old")
    UnsavedText.objects.update(kept_at=timezone.now() - unsaved.KEPT_FOR - timedelta(days=1))
    assert not client.get(url_of(english)).context["waiting"]
    for title in ("One", "Two", "Three"):
        typed(client, english, title=title)
    assert UnsavedText.objects.count() == 2


def test_colleagues_see_who_has_a_topic_open(client, ana):
    english, spanish = pair()
    bob = Client()
    bob.force_login(person("Bob", "change_topiclanguage"))
    version = fields(client.get(url_of(english)))["version"]
    assert client.post(url_of(english, "text/attend"), {"version": version}).json()["notices"] == []
    answer = bob.post(url_of(english, "text/attend"), {"version": version}).json()
    assert "Ana has had the text of this topic open (since" in answer["notices"][0]
    assert "Ana has had the text" in bob.get(url_of(english)).content.decode()
    assert "Ana has had" not in bob.get(url_of(spanish)).content.decode()
    bob.post(url_of(english), fields(bob.get(url_of(english))) | {"title": "Bob's"})
    notices = client.post(url_of(english, "text/attend"), {"version": version}).json()["notices"]
    assert "Bob saved this (" in notices[-1]
    OpenPage.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert "Ana has had" not in bob.get(url_of(english)).content.decode()
    client.post(url_of(english, "text/attend"), {"version": version})
    assert OpenPage.objects.count() == 1
