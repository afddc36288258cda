"""Each language is previewed, published and withdrawn by itself, and only then the public page changes."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now
from lxml import html

from resources.models import Organization
from topics.editions.scheduling import schedule
from topics.models import Edition, HealthTopic, ScheduledEdition, TopicLanguage

from .desk import fields, pair, person, to_withdraw, url_of, working_copy

pytestmark = pytest.mark.django_db

PAGES = {"en": "/abdominalpain.html", "es": "/spanish/abdominalpain.html"}


def save(client, version, **changes):
    posted = fields(client.get(url_of(version))) | changes
    assert client.post(url_of(version), posted).status_code == 302


def publish(client, version, note=""):
    return client.post(url_of(version, "publish"), shown(client, version) | {"note": note})


def shown(client, version):
    """What the publish page posts of the state that it showed."""
    form = client.get(url_of(version, "publish")).context["form"]
    names = ("version", "digest", "other_version", "other_digest")
    return {name: form[name].value() or "" for name in names}


def public(client):
    return {language: client.get(path).content.decode() for language, path in PAGES.items()}


def test_each_language_is_published_by_itself(client, ana):
    english, spanish = pair()
    first = public(client)
    save(client, spanish, title="Dolor de abdomen")
    save(client, english, title="Belly Pain")
    assert public(client) == first
    publish(client, spanish, note="A better word")
    second = public(client)
    assert "Dolor de abdomen" in second["es"]
    assert "Belly Pain" not in second["en"]
    publish(client, english)
    assert "Belly Pain" in public(client)["en"]
    edition = Edition.objects.get(topic_language=spanish, number=2)
    assert (edition.created_by, edition.note, edition.origin) == (ana, "A better word", "human")


def test_the_state_of_a_language_is_said_in_a_line(client, ana):
    english, _spanish = pair()
    save(client, english, title="Belly Pain")
    assert "there are unpublished changes" in client.get(url_of(english)).content.decode()
    publish(client, english)
    page = client.get(url_of(english)).content.decode()
    assert "Live: edition 2 of" in page
    assert "published by Ana." in page
    save(client, english, title="Abdominal Pain")
    save(client, english, title="Belly Pain")
    english.refresh_from_db()
    assert not english.has_changes


def test_a_preview_is_the_public_page_of_the_working_copy(client, ana):
    english, _spanish = pair()
    save(client, english, title="Not yet public")
    response = client.get(url_of(english, "preview/page"))
    page = response.content.decode()
    assert "<h1>Not yet public</h1>" in page
    notice = re.compile(r'<aside class="notice" lang="en".*?</aside>')
    assert "The public does not see this." in notice.search(page)[0]
    assert response.headers["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in response.headers["Cache-Control"]
    publish(client, english)
    shown = client.get(PAGES["en"]).content.decode()
    assert 'class="notice"' not in shown
    preview = client.get(url_of(english, "preview/page")).content.decode()
    assert "is what the public sees now" in notice.search(preview)[0]
    inert = re.sub(r'(<a\b[^>]*?) href="(?!#)[^"]*"', r"\1", shown)
    without_script = re.sub(r"<script src=[^>]*></script>\s*", "", inert)
    # The frame at the desk runs none, and a browser would complain that it was asked to.
    assert notice.sub("", preview) == without_script != inert != shown


def test_a_preview_is_framed_by_the_desk_alone(client, ana):
    english, _spanish = pair()
    page = client.get(url_of(english, "preview/page"))
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    for shape in ("", "?shape=phone", "?shape=paper", "?shape=%00"):
        around = client.get(url_of(english, "preview") + shape)
        assert f'src="{url_of(english, "preview/page")}"' in around.content.decode()
        assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
        assert around.headers["X-Frame-Options"] == "DENY"


def test_a_draft_that_was_never_public_can_be_previewed(client, ana):
    _english, spanish = pair(live=False)
    response = client.get(url_of(spanish, "preview/page"))
    assert "Dolor abdominal" in response.content.decode()
    assert response.headers["Content-Language"] == "es"


def test_editions_are_listed_and_shown_as_they_were(client, ana):
    english, _spanish = pair()
    save(client, english, title="Belly Pain")
    publish(client, english, note="Plainer")
    page = client.get(url_of(english, "editions")).content.decode()
    assert "Plainer" in page
    assert "Edition 1" in page
    old = client.get(url_of(english, "editions/1")).content.decode()
    assert "<h1>Abdominal Pain</h1>" in old
    assert client.get(url_of(english, "editions/3")).status_code == 404


def test_reasons_not_to_publish_are_sentences(client, ana):
    english, _spanish = pair()
    save(client, english, title="")
    page = client.get(url_of(english, "publish"))
    assert "no title in this language" in page.content.decode()
    response = publish(client, english)
    assert response.status_code == 409
    assert Edition.objects.filter(topic_language=english).count() == 1


def test_an_address_in_use_is_a_sentence_too(client, ana):
    english, _spanish = pair()
    TopicLanguage.objects.filter(pk=english.pk).update(slug="cancers")
    response = publish(client, english)
    assert response.status_code == 409
    assert "/cancers.html” is in use" in response.content.decode()


def test_a_page_that_was_opened_before_a_save_publishes_nothing(client, ana):
    english, _spanish = pair()
    before = shown(client, english)
    save(client, english, title="Saved meanwhile")
    response = client.post(url_of(english, "publish"), before)
    assert response.status_code == 409
    assert "Ana saved this topic on" in response.content.decode()
    assert "Saved meanwhile" not in public(client)["en"]


def test_a_shared_thing_that_changed_since_the_page_was_opened_publishes_nothing(client, ana):
    english, _spanish = pair()
    save(client, english, title="Mine")
    before = shown(client, english)
    Organization.objects.filter(name_en="Example Foundation").update(name_en="Unseen")
    response = client.post(url_of(english, "publish"), before | {"note": "My note"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "shares with others changed" in page
    assert "<li>links</li>" in page
    assert "My note" in page
    assert Edition.objects.filter(topic_language=english).count() == 1
    now = {name: response.context["form"][name].value() for name in before}
    assert client.post(url_of(english, "publish"), now).status_code == 302
    assert "Unseen" in public(client)["en"]


def test_the_first_edition_is_what_was_shown_too(client, ana):
    english, _spanish = pair(live=False)
    TopicLanguage.objects.filter(pk=english.pk).update(date_created=None)
    assert publish(client, english).status_code == 302
    english.refresh_from_db()
    assert english.date_created


def test_withdrawing_needs_a_reason_and_leaves_the_other_language(client, ana):
    english, _spanish = pair()
    shown = to_withdraw(client, english)
    assert client.post(url_of(english, "withdraw"), shown).status_code == 409
    client.post(url_of(english, "withdraw"), shown | {"note": "Out of date"})
    gone = client.get(PAGES["en"])
    assert gone.status_code == 410
    assert "Out of date" in gone.content.decode()
    assert client.get(PAGES["es"]).status_code == 200
    publish(client, english)
    assert client.get(PAGES["en"]).status_code == 200


def test_a_changed_address_redirects_once_it_is_published(client, ana):
    english, _spanish = pair()
    save(client, english, slug="bellypain")
    assert client.get("/bellypain.html").status_code == 404
    publish(client, english)
    assert client.get("/bellypain.html").status_code == 200
    response = client.get(PAGES["en"])
    assert (response.status_code, response["Location"]) == (301, "/bellypain.html")


def test_without_the_right_nobody_publishes_or_withdraws(client):
    english, _spanish = pair()
    client.force_login(person("Eva", "change_topiclanguage", "view_topiclanguage"))
    save(client, english, title="Mine")
    before = public(client)
    for page in ("publish", "withdraw"):
        assert client.get(url_of(english, page)).status_code == 403
        assert client.post(url_of(english, page), {"version": 3, "note": "x"}).status_code == 403
    assert public(client) == before


def test_a_topic_begins_in_either_language_and_goes_on_in_the_other(client, ana):
    posted = {"language": "es", "first_title": "Úlcera péptica", "slug": ""}
    response = client.post("/admin/topics/healthtopic/add/", posted)
    spanish = TopicLanguage.objects.get(slug="ulcerapeptica")
    assert response["Location"] == url_of(spanish)
    topic = HealthTopic.objects.get(pk=spanish.topic_id)
    assert (topic.title_es, topic.title_en, topic.source_language) == ("Úlcera péptica", None, "es")
    save(client, spanish, **{"sections-0-level": "2", "sections-0-heading": "¿Qué es?"})
    start = f"/admin/topics/healthtopic/{topic.pk}/start/en/"
    assert client.get(start).status_code == 405
    client.post(start)
    english = topic.languages.get(language="en")
    assert working_copy(english)["sections"] == []
    assert english.slug == "ulcerapeptica"
    client.post(start)
    assert topic.languages.count() == 2


def test_a_topic_is_begun_only_by_who_may_add_a_language(client):
    client.force_login(person("Leo", "view_healthtopic", "add_healthtopic"))
    posted = {"language": "es", "first_title": "Úlcera", "slug": ""}
    assert client.post("/admin/topics/healthtopic/add/", posted).status_code == 403
    assert not TopicLanguage.objects.exists()


def test_copying_the_text_is_asked_for_and_pairs_the_sections(client, ana):
    english, spanish = pair(live=False)
    topic = HealthTopic.objects.get(pk=english.topic_id)
    TopicLanguage.objects.filter(pk=spanish.pk).delete()
    topic.sections.update(position_es=None)
    client.post(f"/admin/topics/healthtopic/{topic.pk}/start/es/", {"copy": "1"})
    copied = working_copy(topic.languages.get(language="es"))
    assert [side[2:] for side in copied["sections"]] == [
        side[2:] for side in working_copy(english)["sections"]
    ]
    assert topic.sections.filter(position_en=None).count() == 0
    assert copied["placements"] == copied["names"] == []


def test_both_languages_are_published_in_one_step_the_original_first(client, ana):
    english, spanish = pair()
    save(client, english, title="Belly Pain")
    save(client, spanish, title="Dolor de abdomen")
    posted = shown(client, spanish) | {"also": "on", "when": "now", "note": "Both"}
    assert client.post(url_of(spanish, "publish"), posted).status_code == 302
    pages = public(client)
    assert "Belly Pain" in pages["en"]
    assert "Dolor de abdomen" in pages["es"]
    assert Edition.objects.get(topic_language=spanish, number=2).made_from is None
    save(client, spanish, title="Dolor abdominal")
    save(client, english, title="Abdominal Pain")
    posted = shown(client, spanish) | {"also": "on", "when": "now", "compared": "on"}
    assert client.post(url_of(spanish, "publish"), posted).status_code == 302
    made_from = Edition.objects.get(topic_language=spanish, number=3).made_from
    assert made_from == Edition.objects.get(topic_language=english, number=3)


def test_of_two_languages_both_are_published_or_none(client, ana):
    english, spanish = pair()
    save(client, english, title="Belly Pain")
    save(client, spanish, title="Dolor de abdomen")
    before, posted = public(client), shown(client, english) | {"also": "on"}
    save(client, spanish, title="")
    response = client.post(url_of(english, "publish"), posted)
    assert response.status_code == 409
    assert "after you opened this page" in response.content.decode()
    posted = shown(client, english) | {"also": "on"}
    response = client.post(url_of(english, "publish"), posted)
    assert response.status_code == 409
    assert "Spanish: The topic has no title" in response.content.decode()
    assert public(client) == before


def at(days):
    return localtime(now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def waiting_in(client, version, end="publish"):
    """What the button posts that calls off what the page shows as waiting."""
    page = html.fromstring(client.get(url_of(version, end)).content.decode())
    (form,) = page.xpath(f"//form[@action='{url_of(version, 'publish/call-off')}']")
    return {field.name: field.value for field in form.xpath(".//input")}


@pytest.mark.parametrize("end", ["publish", "withdraw"])
def test_a_date_that_a_colleague_set_meanwhile_is_not_called_off(client, ana, end):
    english, _spanish = pair()
    save(client, english, title="Belly Pain")
    schedule(english.pk, due_at=now() + timedelta(days=2), by=ana)
    posted = waiting_in(client, english, end)
    theirs = schedule(english.pk, due_at=now() + timedelta(days=9), by=person("Ben"))
    for old in (posted, {}):
        answer = client.post(url_of(english, "publish/call-off"), old, follow=True)
        assert "Ben set the date that is shown now." in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.outcome == "waiting"
    client.post(url_of(english, "publish/call-off"), waiting_in(client, english, end))
    theirs.refresh_from_db()
    assert theirs.outcome == "cancelled"


def test_a_date_is_set_shown_and_called_off(client, ana):
    english, _spanish = pair()
    before = public(client)
    save(client, english, title="Belly Pain")
    posted = shown(client, english) | {"when": "later", "due_at": at(days=2), "note": "Campaign"}
    assert client.post(url_of(english, "publish"), posted).status_code == 302
    assert public(client) == before
    page = client.get(url_of(english, "publish")).content.decode()
    assert "a text goes live." in page
    waiting = client.get(url_of(english, "publish/waiting"))
    assert "<h1>Belly Pain</h1>" in waiting.content.decode()
    assert "no-store" in waiting.headers["Cache-Control"]
    listed = client.get("/admin/topics/schedulededition/")
    assert url_of(english, "publish") in listed.content.decode()
    assert client.get(url_of(english, "publish/call-off")).status_code == 405
    call_off = waiting_in(client, english)
    client.post(url_of(english, "publish/call-off"), call_off)
    assert client.get(url_of(english, "publish/waiting")).status_code == 404
    assert "waits to go live" not in client.get(url_of(english, "publish")).content.decode()
    again = client.post(url_of(english, "publish/call-off"), call_off, follow=True)
    assert "Nothing waits" in again.content.decode()
    assert "Called off" in client.get(url_of(english, "editions")).content.decode()


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({"when": "later", "due_at": ""}, "Give the date and the time"),
        ({"when": "later", "due_at": "2020-01-01T10:00"}, "The date has passed"),
        ({"when": "later", "due_at": "tomorrow"}, "Enter a valid date/time"),
        ({"when": "later", "due_at": "99999-01-01T10:00"}, "Enter a valid date/time"),
        ({"when": "now", "due_at": "2099-01-01T10:00"}, "You gave a date"),
        ({"when": "sometimes", "due_at": ""}, "Select a valid choice"),
    ],
)
def test_a_date_that_cannot_be_meant_publishes_nothing(client, ana, when, sentence):
    english, _spanish = pair()
    save(client, english, title="Belly Pain")
    posted = shown(client, english) | {"note": "My note"} | when
    response = client.post(url_of(english, "publish"), posted)
    assert response.status_code == 409
    page = response.content.decode()
    assert sentence in page
    assert "My note" in page
    assert Edition.objects.filter(topic_language=english).count() == 1
    assert not ScheduledEdition.objects.exists()


def test_readers_of_a_withdrawn_page_are_sent_where_the_editor_says(client, ana):
    english, _spanish = pair()
    posted = to_withdraw(client, english) | {"note": "See the group"}
    response = client.post(url_of(english, "withdraw"), posted | {"to": "/no-such.html"})
    assert response.status_code == 409
    assert "There is no public page" in response.content.decode()
    response = client.post(url_of(english, "withdraw"), posted | {"to": PAGES["en"]})
    assert "another page that is public now" in response.content.decode()
    client.post(url_of(english, "withdraw"), posted | {"to": "/digestivesystem.html"})
    response = client.get(PAGES["en"])
    assert (response.status_code, response["Location"]) == (301, "/digestivesystem.html")
