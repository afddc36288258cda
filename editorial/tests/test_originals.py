"""A translator sees that the original went on and what is new in it, and says that she compared."""

import pytest
from lxml import html

from topics.models import Edition

from .desk import fields, pair, url_of

pytestmark = pytest.mark.django_db

LIST = "/admin/topics/healthtopic/"


def save(client, version, **changes):
    posted = fields(client.get(url_of(version))) | changes
    assert client.post(url_of(version), posted).status_code == 302


def shown(client, version, **more):
    """What the publish page posts when a browser sends what it was given."""
    names = ("version", "digest", "other_version", "other_digest", "original")
    form = client.get(url_of(version, "publish")).context["form"]
    values = {name: form[name].value() for name in names}
    return {name: value for name, value in values.items() if value is not None} | more


def publish(client, version, **more):
    return client.post(url_of(version, "publish"), shown(client, version, **more))


def words(client, address, path):
    """The text of what an XPath finds on a page."""
    tree = html.fromstring(client.get(address).content.decode())
    return [" ".join(found.text_content().split()) for found in tree.xpath(path)]


def made_current(client):
    english, spanish = pair()
    assert publish(client, spanish, compared="on").status_code == 302
    return english, spanish


def move_on(client, english):
    """The English says one thing more in its second section."""
    body = fields(client.get(url_of(english)))["sections-1-body"]
    save(client, english, **{"sections-1-body": body + "<p>Call a doctor now.</p>"})
    publish(client, english)


def test_a_translation_is_confirmed_without_any_change_of_it(client, ana):
    _english, spanish = made_current(client)
    edition = Edition.objects.get(topic_language=spanish, number=2)
    assert edition.made_from.number == 1
    assert "nothing to publish" in client.get(url_of(spanish, "publish")).content.decode()


def test_everywhere_it_says_that_the_translation_is_outdated(client, ana):
    english, spanish = made_current(client)
    mark = "//*[@class='state outdated']"
    places = [
        LIST,
        f"{LIST}{english.topic_id}/change/",
        url_of(spanish),
        url_of(spanish, "publish"),
    ]
    assert [words(client, place, mark) for place in places] == [[]] * 4
    move_on(client, english)
    assert [words(client, place, mark) for place in places] == [["Outdated"]] * 4
    assert words(client, url_of(english), mark) == []
    for language, listed in (("es", 1), ("en", 0)):
        page = client.get(f"{LIST}?state_{language}=outdated")
        assert page.context["cl"].result_count == listed


def test_the_form_shows_beside_each_section_what_is_new_in_the_original(client, ana):
    english, spanish = made_current(client)
    move_on(client, english)
    (row,) = words(client, url_of(spanish), "//fieldset[contains(., 'Call a doctor now.')]//ins")
    assert row == "Call a doctor now."
    page = client.get(url_of(spanish)).content.decode()
    assert "edition 2 is newer than edition 1" in page
    assert words(client, url_of(english), "//ins") == []


def test_a_section_that_the_original_lost_is_shown_all_the_same(client, ana):
    english, spanish = made_current(client)
    save(client, english, **{"sections-0-DELETE": "on"})
    publish(client, english)
    (gone,) = words(client, url_of(spanish), "//*[@id='part-news']/..//del")
    assert gone == "Many things hurt in the belly."


def test_publishing_without_the_tick_leaves_it_outdated(client, ana):
    english, spanish = made_current(client)
    move_on(client, english)
    save(client, spanish, title="Dolor de panza")
    page = client.get(url_of(spanish, "publish")).content.decode()
    assert "Spanish text with English edition 2 of" in page
    assert "made from English edition 1" in page
    publish(client, spanish)
    assert words(client, url_of(spanish), "//*[@class='state outdated']")
    publish(client, spanish, compared="on")
    assert not words(client, url_of(spanish), "//*[@class='state outdated']")


def test_the_original_alone_asks_nothing_about_its_translation(client, ana):
    english, spanish = made_current(client)
    save(client, english, title="Belly Pain")
    tick = "//*[@class='compared']"
    assert words(client, url_of(english, "publish"), tick) == []
    save(client, spanish, title="Dolor de panza")
    (asked,) = words(client, url_of(english, "publish"), tick)
    assert "compared the Spanish text with the English text." in asked
    assert "the Spanish page will be marked as outdated" in asked
    (asked,) = words(client, url_of(spanish, "publish"), tick)
    assert "with English edition 1 of" in asked
    assert "Where English is published in the same step, the tick is about its new text." in asked


def test_both_languages_posted_twice_are_published_once(client, ana):
    english, spanish = made_current(client)
    save(client, english, title="Belly Pain")
    save(client, spanish, title="Dolor de panza")
    posted = shown(client, english, also="on", compared="on")
    for _time in range(2):
        assert client.post(url_of(english, "publish"), posted).status_code == 302
    newest = Edition.objects.get(topic_language=spanish, number=3)
    assert newest.made_from == Edition.objects.get(topic_language=english, number=2)
    assert Edition.objects.count() == 5


def test_who_compared_with_what_is_no_longer_the_newest_is_told(client, ana):
    english, spanish = made_current(client)
    save(client, spanish, title="Dolor de panza")
    move_on(client, english)
    before = shown(client, spanish, compared="on")
    move_on(client, english)
    answer = client.post(url_of(spanish, "publish"), before)
    assert answer.status_code == 409
    assert "The original changed after you opened this page" in answer.content.decode()
    assert Edition.objects.filter(topic_language=spanish).count() == 2


def test_a_topic_that_begins_in_spanish_has_outdated_english(client, ana):
    english, spanish = pair()
    client.post(
        f"{LIST}{english.topic_id}/change/",
        fields(client.get(f"{LIST}{english.topic_id}/change/"), "healthtopic_form")
        | {"source_language": "es"},
    )
    assert words(client, url_of(english), "//*[@class='state outdated']") == ["Outdated"]
    assert words(client, url_of(spanish), "//*[@class='state outdated']") == []
    publish(client, english, compared="on")
    assert words(client, url_of(english), "//*[@class='state outdated']") == []
