"""Two people save the same page: what does not collide is merged, what does is put to the second."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import localdate

from editorial.pages import language_values
from topics.editions.reviewing import record_review
from topics.models import Draft, Review, TopicLanguage
from topics.tests.documents import ENGLISH
from topics.working_copy import store

from .desk import edit, fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob():
    """A colleague with a browser of his own."""
    client = Client()
    client.force_login(person("Bob", "change_topiclanguage"))
    return client


def said(response):
    return " ".join(map(str, response.context["messages"]))


def test_changes_in_different_fields_and_sections_are_both_saved(client, ana, bob):
    english, spanish = pair()
    before = working_copy(spanish)
    mine = fields(client.get(url_of(english)))
    edit(
        bob,
        english,
        title="Bob's title",
        also_called="Bellyache\nTummy ache\nBob's name",
        **{"sections-0-body": "<p>Bob's opening</p>"},
    )
    mine |= {
        "meta_description": "My description",
        "also_called": "My name\nBellyache\nTummy ache",
        "sections-1-body": "<p>My section</p>",
        "sections-2-level": "2",
        "sections-2-heading": "Mine",
        "sections-2-body": "<p>New</p>",
    }
    response = client.post(url_of(english), mine, follow=True)
    after = working_copy(english)
    assert after["title"] == "Bob's title"
    assert after["meta_description"] == "My description"
    assert [row[2:] for row in after["sections"]] == [
        ("", "<p>Bob's opening</p>"),
        ("When is it <em>serious</em>?", "<p>My section</p>"),
        ("Mine", "<p>New</p>"),
    ]
    names = [name for _kind, name in after["names"]]
    assert names[:4] == ["My name", "Bellyache", "Tummy ache", "Bob's name"]
    assert "Saved by Bob" in said(response)
    assert "Title; Also called; Opening text: text" in said(response)
    assert working_copy(spanish) == before


def test_an_order_and_a_text_are_merged(client, ana, bob):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {
        "sections-2-level": "2",
        "sections-2-heading": "Third",
        "sections-2-body": "<p>3</p>",
    }
    assert client.post(url_of(english), mine).status_code == 302
    mine = fields(client.get(url_of(english))) | {"sections-1-ORDER": "3", "sections-2-ORDER": "2"}
    edit(bob, english, **{"sections-1-body": "<p>Bob</p>"})
    assert client.post(url_of(english), mine).status_code == 302
    assert [row[3] for row in working_copy(english)["sections"]][1:] == ["<p>3</p>", "<p>Bob</p>"]


def test_the_new_section_that_nobody_wrote_keeps_its_level(client, ana, bob):
    english, _spanish = pair()
    levels = {
        name: value
        for name, value in fields(client.get(url_of(english))).items()
        if name.startswith("sections-") and name.endswith("-level")
    }
    assert levels["sections-2-level"] == "3"
    put = fields(collide(client, bob, english))
    assert {name: put[name] for name in levels} == levels


def collide(client, bob, english):
    """Ana's answer after Bob changed the same title and the same section."""
    mine = fields(client.get(url_of(english))) | {
        "title": "Pain of mine",
        "sections-1-body": "<p>My words</p>",
        "meta_description": "My description",
    }
    edit(bob, english, title="Bob's Pain", slug="bobs", **{"sections-1-body": "<p>Bob's words</p>"})
    return client.post(url_of(english), mine)


def test_what_collides_is_shown_and_nothing_is_written_before_it_is_decided(client, ana, bob):
    english, _spanish = pair()
    answer = collide(client, bob, english)
    before = working_copy(english)
    assert answer.status_code == 409
    assert before["title"] == "Bob's Pain"
    page = answer.content.decode()
    assert "<legend>Title</legend>" in page
    assert "<legend>Section “When is it serious?”: text</legend>" in page
    assert "Bob (" in page
    assert "<ins>of mine</ins>" in page
    again = fields(answer)
    assert (again["title"], again["slug"]) == ("Pain of mine", "bobs")
    undecided = client.post(url_of(english), again | {"choice-0": "mine"})
    assert undecided.status_code == 409
    assert "Choose one of the two." in undecided.content.decode()
    assert 'name="choice-0" value="mine" form="desk-form" checked' in undecided.content.decode()
    assert working_copy(english) == before


@pytest.mark.parametrize(
    ("choices", "title", "body"),
    [
        (("mine", "mine"), "Pain of mine", "<p>My words</p>"),
        (("theirs", "mine"), "Bob's Pain", "<p>My words</p>"),
        (("mine", "theirs"), "Pain of mine", "<p>Bob's words</p>"),
        (("theirs", "theirs"), "Bob's Pain", "<p>Bob's words</p>"),
    ],
)
def test_what_was_chosen_is_saved_and_the_rest_is_merged(client, ana, bob, choices, title, body):
    english, _spanish = pair()
    again = fields(collide(client, bob, english))
    again |= {f"choice-{number}": choice for number, choice in enumerate(choices)}
    assert client.post(url_of(english), again).status_code == 302
    after = working_copy(english)
    assert (after["title"], after["sections"][1][3]) == (title, body)
    assert after["meta_description"] == "My description"
    assert after["row"]["slug"] == "bobs"


def test_who_saves_while_somebody_decides_is_not_overwritten_either(client, ana, bob):
    english, _spanish = pair()
    again = fields(collide(client, bob, english)) | {"choice-0": "mine", "choice-1": "mine"}
    edit(bob, english, title="Bob once more", institute_name="Bob's institute")
    answer = client.post(url_of(english), again)
    assert answer.status_code == 409
    assert "<legend>Title</legend>" in answer.content.decode()
    assert "Section “When" not in answer.content.decode().partition('id="desk-form"')[0]
    assert client.post(url_of(english), fields(answer) | {"choice-0": "theirs"}).status_code == 302
    after = working_copy(english)
    assert after["title"] == "Bob once more"
    assert after["row"]["institute_name"] == "Bob's institute"
    assert after["sections"][1][3] == "<p>My words</p>"


def test_a_section_that_one_removes_and_the_other_writes_in_is_asked_about(client, ana, bob):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"sections-1-DELETE": "on"}
    edit(bob, english, **{"sections-1-body": "<p>Bob's words</p>"})
    answer = client.post(url_of(english), mine)
    assert answer.status_code == 409
    again = fields(answer)
    assert client.post(url_of(english), again | {"choice-0": "theirs"}).status_code == 302
    assert working_copy(english)["sections"][1][3] == "<p>Bob's words</p>"


def test_a_form_that_is_posted_twice_is_saved_once(client, ana):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {
        "title": "New <title>",
        "sections-2-level": "2",
        "sections-2-heading": "A <b>heading</b>",
        "sections-2-body": "<p>Text</p><h3>Inner</h3><p>More</p><script>x</script>",
        "others-1-name": "Arabic",
        "attribution": "By <b>us</b>",
    }
    assert client.post(url_of(english), mine).status_code == 302
    after = working_copy(english)
    again = client.post(url_of(english), mine, follow=True)
    assert "What you sent is saved already." in said(again)
    assert working_copy(english) == after
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("base", ["", "rubbish", "abc:def"])
def test_a_form_whose_base_was_lost_overwrites_nothing_unasked(client, ana, bob, base):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"title": "Mine", "base": base}
    edit(bob, english, institute_name="Bob's institute")
    answer = client.post(url_of(english), mine)
    assert answer.status_code == 409
    assert working_copy(english)["row"]["institute_name"] == "Bob's institute"
    assert [question.place for question in answer.context["questions"]] == [
        "Title",
        "Primary institute",
    ]
    again = fields(answer) | {"choice-0": "mine", "choice-1": "theirs"}
    assert client.post(url_of(english), again).status_code == 302
    after = working_copy(english)
    assert (after["title"], after["row"]["institute_name"]) == ("Mine", "Bob's institute")


def test_a_form_of_an_older_release_overwrites_nothing_unasked(client, ana, bob, monkeypatch):
    english, _spanish = pair()
    fields_now = language_values.FIELDS
    monkeypatch.setattr(language_values, "FIELDS", fields_now[:-1])
    mine = fields(client.get(url_of(english))) | {"title": "Mine"}
    monkeypatch.setattr(language_values, "FIELDS", fields_now)
    edit(bob, english, title="Bob's title")
    assert client.post(url_of(english), mine).status_code == 409
    assert working_copy(english)["title"] == "Bob's title"


def test_the_base_of_one_page_serves_no_other(client, ana, bob):
    english, spanish = pair()
    mine = fields(client.get(url_of(english))) | {"title": "Mine"}
    mine["base"] = fields(client.get(url_of(spanish)))["base"]
    edit(bob, english, title="Bob's")
    assert client.post(url_of(english), mine).status_code == 409
    assert working_copy(english)["title"] == "Bob's"


def reviewed(version, following):
    """What Rita's review of the live edition leaves: another day on which the next one is due."""
    rita = User.objects.filter(username="rita").first() or person("Rita", "add_review")
    how = {"edition": 1, "role": "Doctor", "checked": ["facts"], "result": Review.Result.KEEP}
    record_review(version.pk, by=rita, day=localdate(), next_review=following, **how)


def due_in(days):
    return localdate() + timedelta(days=days)


def test_a_text_saved_after_a_review_leaves_the_date_of_the_review(client, ana):
    english, _spanish = pair()
    reviewed(english, due_in(5))
    mine = fields(client.get(url_of(english))) | {"title": "A typo mended"}
    reviewed(english, due_in(900))
    assert client.post(url_of(english), mine).status_code == 302
    after = working_copy(english)
    assert (after["title"], after["row"]["next_review"]) == ("A typo mended", due_in(900))


@pytest.mark.parametrize(("choice", "days"), [("mine", 30), ("theirs", 900)])
def test_a_date_that_a_review_changed_too_is_asked_about(client, ana, choice, days):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"next_review": due_in(30).isoformat()}
    reviewed(english, due_in(900))
    answer = client.post(url_of(english), mine)
    assert answer.status_code == 409
    assert working_copy(english)["row"]["next_review"] == due_in(900)
    page = answer.content.decode()
    assert "<legend>Next review due</legend>" in page and "Rita (" in page
    assert client.post(url_of(english), fields(answer) | {"choice-0": choice}).status_code == 302
    assert working_copy(english)["row"]["next_review"] == due_in(days)


def test_a_date_whose_base_was_lost_replaces_none_unasked(client, ana):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"base": "rubbish"}
    reviewed(english, due_in(900))
    assert client.post(url_of(english), mine).status_code == 409
    assert working_copy(english)["row"]["next_review"] == due_in(900)


def test_an_import_counts_as_a_colleague(client, ana):
    english, _spanish = pair()
    mine = fields(client.get(url_of(english))) | {"meta_description": "Mine"}
    with transaction.atomic():
        store([(TopicLanguage.objects.get(pk=english.pk), ENGLISH)])
    assert client.post(url_of(english), mine, follow=True).status_code == 200
    after = working_copy(english)
    assert after["meta_description"] == "Mine"
    assert [row[0] for row in after["related"]] == [351]
    assert len(after["sections"]) == 2


def test_languages_are_guarded_apart(client, ana, bob):
    english, spanish = pair()
    mine = fields(client.get(url_of(spanish))) | {"title": "Otro"}
    edit(bob, english, title="Bob's title")
    response = client.post(url_of(spanish), mine, follow=True)
    assert "Bob" not in said(response)
    assert working_copy(spanish)["title"] == "Otro"


def at_once(english, *changes):
    """What happens when forms with these changes are posted at the same moment."""
    user = User.objects.create_superuser("ana", password="x")
    ready, answers = Barrier(len(changes)), []

    def save(change) -> None:
        try:
            client = Client()
            client.force_login(user)
            posted = fields(client.get(url_of(english))) | change
            ready.wait()
            answers.append((client.post(url_of(english), posted).status_code, change))
        finally:
            connection.close()

    threads = [Thread(target=save, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_titles_saved_at_the_same_moment_one_is_asked_about():
    english, _spanish = pair()
    answers = at_once(english, {"title": "One"}, {"title": "Two"})
    assert sorted(code for code, _change in answers) == [302, 409]
    assert {"title": working_copy(english)["title"]} == dict(answers)[302]
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_three_fields_saved_at_the_same_moment_are_all_kept():
    english, _spanish = pair()
    section = {"sections-1-body": "<p>Three</p>"}
    answers = at_once(english, {"title": "One"}, {"meta_description": "Two"}, section)
    assert [code for code, _change in answers] == [302, 302, 302]
    after = working_copy(english)
    assert (after["title"], after["meta_description"]) == ("One", "Two")
    assert after["sections"][1][3] == "<p>Three</p>"
    assert Draft.objects.count() == 3
