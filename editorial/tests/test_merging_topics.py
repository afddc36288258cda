"""Merging two topics: what goes along, where readers end up, and what keeps it from happening."""

from dataclasses import replace

import pytest
from lxml import html

from editorial.pages.publication import Changed
from editorial.uniting.doing import unite
from editorial.uniting.plan import plan
from topics.document import GroupReference, Link, Reference
from topics.models import Edition, HealthTopic, Origin, RelatedTopic, TopicLanguage
from topics.publishing import Publication, append_editions, publish, withdraw
from topics.tests.documents import ENGLISH, SPANISH, saved
from topics.working_copy import store

from .desk import EDITOR_RIGHTS, pair, person

pytestmark = pytest.mark.django_db


def belly():
    """A second topic in both languages that shares a name, a link and a group with the first."""
    topic = HealthTopic.objects.create()
    for document in (ENGLISH, SPANISH):
        shared, *_others = document.links
        own = Link("Own link", f"https://example.org/own/{document.language}", None, ("Videos",))
        document = replace(
            document,
            number=document.number + 5000,
            slug="belly",
            url="",
            title=f"Belly {document.language}",
            also_called=("Paunch", *document.also_called),
            see_references=(),
            groups=(*document.groups, GroupReference(99, "Bellies", None)),
            related=(Reference(777, "Other", "https://medlineplus.gov/other.html"),),
            links=(shared, own),
            mapped=None,
        )
        version = saved(document, topic)
        bound = store([(version, document)])[0]
        append_editions([Publication(version, bound)], by=None, origin=Origin.IMPORT)
    topic.tags.add("stomach")
    return topic


def merged(leaving, staying, by):
    return unite(leaving.pk, staying.pk, seen=plan(leaving, staying, by).seen, by=by)


def test_everything_goes_along_and_readers_follow(client, ana):
    english, spanish = pair()
    leaving = belly()
    third = TopicLanguage.objects.create(
        topic=HealthTopic.objects.create(title_en="Third"), language="en", slug="third"
    )
    RelatedTopic.objects.create(topic_language=third, target=leaving.languages.get(language="en"))
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    page = client.get(address, {"into": "Abdominal Pain"})
    assert "Paunch" in page.content.decode() and "Third" in page.content.decode()
    form = html.fromstring(page.content.decode()).get_element_by_id("merge-form")
    assert client.post(address, dict(form.fields)).status_code == 302
    for version in (english, spanish):
        version.refresh_from_db()
        names = list(version.names.values_list("name", flat=True))
        assert {f"Belly {version.language}", "Paunch"} <= set(names)
        assert len({name.casefold() for name in names}) == len(names)
        titles = [str(row) for row in version.placements.all()]
        assert titles.count("Own link") == 1 and len(titles) == len(set(titles))
        assert version.groups.filter(number=99).exists()
        assert version.related.filter(number=777).exists()
        assert version.live_edition.number == 2 and not version.has_changes
    assert [tag.name for tag in english.topic.tags.all()] == ["stomach"]
    assert client.get("/belly.html")["Location"] == "/abdominalpain.html"
    assert client.get("/spanish/belly.html")["Location"] == "/spanish/abdominalpain.html"
    assert client.get("/abdominalpain.html").status_code == 200
    assert [row.target for row in third.related.all()] == [english]
    assert Edition.objects.filter(topic_language__topic=leaving).count() == 2, "history stays"


def test_a_topic_merged_twice_leads_to_the_last_in_one_step(client, ana):
    english, spanish = pair()
    middle = belly()
    first = HealthTopic.objects.create(title_en="First")
    version = saved(replace(ENGLISH, number=1, slug="first", title="First"), first)
    document = store([(version, replace(ENGLISH, number=1, slug="first", title="First"))])[0]
    append_editions([Publication(version, document)], by=None, origin=Origin.IMPORT)
    merged(first, middle, ana)
    merged(HealthTopic.objects.get(pk=middle.pk), english.topic, ana)
    assert client.get("/first.html")["Location"] == "/abdominalpain.html"


def test_nobodys_unpublished_work_goes_public_with_a_merge(ana):
    english, _spanish = pair()
    TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True)
    HealthTopic.objects.filter(pk=english.topic_id).update(title_en="Not yet public")
    result = merged(belly(), english.topic, ana)
    english.refresh_from_db()
    assert english.live_edition.title == "Abdominal Pain"
    assert english in result.to_publish


@pytest.mark.parametrize("which", ["leaving", "staying", "pointing"])
def test_what_changed_since_it_was_shown_is_not_merged(ana, which):
    english, _spanish = pair()
    leaving = belly()
    seen = plan(leaving, english.topic, ana).seen
    going = leaving.languages.get(language="en")
    if which == "pointing":
        third = HealthTopic.objects.create(title_en="Third")
        row = TopicLanguage.objects.create(topic=third, language="en", slug="third")
        RelatedTopic.objects.create(topic_language=row, target=going)
    else:
        row = english if which == "staying" else going
        TopicLanguage.objects.filter(pk=row.pk).update(version=9)
    with pytest.raises(Changed):
        unite(leaving.pk, english.topic_id, seen=seen, by=ana)
    going.refresh_from_db()
    assert going.live_edition is not None


def test_a_merge_that_would_lose_something_is_refused_in_words(client, ana):
    english, spanish = pair()
    leaving = belly()
    withdraw(spanish.pk, by=ana, reason="x")
    lonely = HealthTopic.objects.create(title_en="Lonely")
    TopicLanguage.objects.create(topic=lonely, language="en", slug="lonely")
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    for into, words in (
        ("Abdominal Pain", "not live in Spanish"),
        ("Lonely", "no Spanish version"),
        ("Belly en", "into itself"),
        ("Nonsense", "There is no topic"),
    ):
        page = client.get(address, {"into": into}).content.decode()
        assert words in page and 'id="merge-form"' not in page, into
    seen = plan(leaving, english.topic, ana).seen
    forged = client.post(address, {"staying": english.topic_id, "seen": seen})
    assert forged.status_code == 409
    assert client.post(address, {"staying": "x"}).status_code == 404
    assert client.get("/belly.html").status_code == 200
    publish(spanish.pk, by=ana)


def test_with_four_eyes_another_person_publishes_what_was_merged(ana, settings):
    settings.FOUR_EYES = True
    english, spanish = pair()
    result = merged(belly(), english.topic, ana)
    assert (result.published, set(result.to_publish)) == ([], {english, spanish})
    assert len(result.left) == 2


def test_what_is_limited_to_its_owners_is_merged_by_them_only(client):
    english, _spanish = pair()
    leaving = belly()
    eva = person("Eva", *EDITOR_RIGHTS, "publish_topiclanguage")
    client.force_login(eva)
    leaving_page = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    english.topic.owners.add(person("Bob"))
    seen = plan(leaving, english.topic, eva).seen
    assert client.post(leaving_page, {"staying": english.topic_id, "seen": seen}).status_code == 409
    assert client.get(f"/admin/topics/healthtopic/{english.topic_id}/merge/").status_code == 403
    english.topic.owners.add(eva)
    assert client.post(leaving_page, {"staying": english.topic_id, "seen": seen}).status_code == 302


def test_merging_takes_every_right_it_uses(client):
    english, _spanish = pair()
    leaving = belly()
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    assert client.get(address).status_code == client.post(address).status_code == 403
    assert b"/merge/" not in client.get(f"/admin/topics/healthtopic/{leaving.pk}/change/").content
