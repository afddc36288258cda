"""Merging two topics: what goes along, where readers end up, and what keeps it from happening."""

from dataclasses import replace

import pytest
from lxml import html

from editorial import parts
from editorial.listing.ready import ready_for
from editorial.models import Act
from editorial.pages.publication import Changed
from editorial.start.waiting import waiting_for
from editorial.uniting.doing import unite
from editorial.uniting.plan import plan
from topics.document import GroupReference, Link, Reference, Section
from topics.editions.descent import descent_of
from topics.editions.writers import note_writers
from topics.models import Address, Edition, HealthTopic, Origin, RelatedTopic, TopicLanguage
from topics.publishing import Publication, append_editions, publish, withdraw
from topics.tests.documents import ENGLISH, SPANISH, saved
from topics.working_copy import assemble, store

from .desk import EDITOR_RIGHTS, edit, fields, pair, person, url_of, working_copy

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


def test_only_of_what_readers_saw_is_it_said_that_the_old_address_leads_on(client, ana):
    pair()
    leaving = belly()
    withdraw(leaving.languages.get(language="es").pk, by=None, reason="Old")
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    page = client.get(address, {"into": "Abdominal Pain"}).content.decode()
    form = html.fromstring(page).get_element_by_id("merge-form")
    told = client.post(address, dict(form.fields), follow=True).content.decode()
    assert "The topics are merged. Its old addresses lead here (English)." in told
    assert client.get("/spanish/belly.html").status_code == 410


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
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    for into, words in (
        ("Abdominal Pain", "not live in Spanish"),
        ("Belly en", "into itself"),
        ("Nonsense", "There is no topic"),
    ):
        page = client.get(address, {"into": into}).content.decode()
        assert words in page and 'id="merge-form"' not in page, into
    seen = plan(leaving, english.topic, ana).seen
    forged = client.post(address, {"staying": english.topic_id, "seen": seen})
    assert forged.status_code == 409
    assert forged.content.decode().count("not live in Spanish") == 1
    assert client.post(address, {"staying": "x"}).status_code == 404
    assert client.get("/belly.html").status_code == 200
    publish(spanish.pk, by=ana)


def sent_to(withdrawn, version):
    there = Address.objects.get(topic_language=version)
    withdraw(withdrawn.pk, by=None, reason="Elsewhere", to=there)


def test_what_owners_keep_to_themselves_still_sends_its_readers_by_the_old_address(client, ana):
    english, _spanish = pair()
    leaving, kept = belly(), lonely()
    sent_to(kept, leaving.languages.get(language="en"))
    kept.topic.owners.add(person("Bob"))
    eva = person("Eva", *EDITOR_RIGHTS, "publish_topiclanguage")
    before = TopicLanguage.objects.get(pk=kept.pk).withdrawn_to_id
    merged(leaving, english.topic, eva)
    assert TopicLanguage.objects.get(pk=kept.pk).withdrawn_to_id == before
    assert client.get("/lonely.html", follow=True).redirect_chain[-1][0] == "/abdominalpain.html"


def test_readers_sent_to_an_address_that_the_topic_had_left_go_straight_on(client, ana):
    english, _spanish = pair()
    leaving, other = belly(), lonely()
    version = leaving.languages.get(language="en")
    sent_to(other, version)
    edit(client, version, slug="tummy")
    publish(version.pk, by=None)
    merged(
        HealthTopic.objects.get(pk=leaving.pk), HealthTopic.objects.get(pk=english.topic_id), ana
    )
    assert client.get("/lonely.html")["Location"] == "/abdominalpain.html"


def lonely(language="en"):
    """A topic in one language, live, written by hand."""
    title = {f"title_{language}": "Lonely"}
    topic = HealthTopic.objects.create(source_language=language, **title)
    version = TopicLanguage.objects.create(topic=topic, language=language, slug="lonely")
    title = [(None, Section(None, None, "<p>Alone</p>"))]
    parts.store_sections(version, title)
    publish(version.pk, by=None)
    return version


def picture(topic, name):
    values = {"image": name, "image_width": 700, "image_height": 400, "image_alt_es": "Dos manos"}
    values |= {"image_credit_es": "Una fotógrafa", "image_license_es": "Dominio público"}
    HealthTopic.objects.filter(pk=topic.pk).update(**values)


def test_a_language_that_the_other_topic_lacks_goes_along_whole(client, ana):
    english, spanish = pair()
    going, staying = english.topic, lonely()
    before = {**working_copy(spanish), "row": None}
    events = spanish.events.count()
    address = f"/admin/topics/healthtopic/{going.pk}/merge/"
    page = client.get(address, {"into": "Lonely"}).content.decode()
    assert "this version goes along whole" in page and "counts as outdated" in page
    form = html.fromstring(page).get_element_by_id("merge-form")
    assert client.post(address, dict(form.fields)).status_code == 302
    spanish = TopicLanguage.objects.get(pk=spanish.pk)
    assert spanish.topic == staying.topic
    assert {**working_copy(spanish), "row": None} == before
    assert (spanish.live_edition.number, spanish.has_changes) == (1, False)
    assert spanish.events.count() == events
    # The English text stayed where it was, and so did its own sections.
    english.refresh_from_db()
    assert assemble([english])[english.pk].summary == ENGLISH.summary
    going.refresh_from_db()
    assert (going.title_en, going.title_es) == ("Abdominal Pain", None)
    assert client.get("/abdominalpain.html")["Location"] == "/lonely.html"
    shown = client.get("/spanish/abdominalpain.html").content.decode()
    assert 'href="/lonely.html"' in shown
    assert 'href="/spanish/abdominalpain.html"' in client.get("/lonely.html").content.decode()
    assert descent_of(spanish).is_outdated
    acts = Act.objects.filter(topic_language_key=spanish.pk)
    assert [act.what for act in acts] == ["moved"]


def test_a_topic_of_which_every_language_went_along_is_no_more(client, ana):
    english, other = lonely(), lonely("es")
    merged(other.topic, english.topic, ana)
    assert HealthTopic.objects.get() == english.topic
    assert set(english.topic.languages.all()) == {english, other}
    assert client.get("/spanish/lonely.html").status_code == 200
    old = f"/admin/topics/healthtopic/{other.topic_id}/merge/"
    assert client.get(old).status_code == client.post(old).status_code == 404


@pytest.mark.parametrize("own", ["", "b" * 32])
def test_a_page_that_goes_along_brings_its_picture_where_there_is_none(client, ana, own):
    english, other = lonely(), lonely("es")
    picture(other.topic, "a" * 32)
    publish(other.pk, by=ana)
    if own:
        picture(english.topic, own)
    merged(HealthTopic.objects.get(pk=other.topic_id), english.topic, ana)
    english.topic.refresh_from_db()
    other.refresh_from_db()
    assert english.topic.image == (own or "a" * 32)
    assert other.has_changes == bool(own), "another picture waits to be published"
    assert "a" * 32 in client.get("/spanish/lonely.html").content.decode()


def test_a_form_that_was_open_while_its_language_moved_saves_into_the_new_place(client, ana):
    english, spanish = pair()
    staying = lonely()
    posted = fields(client.get(url_of(spanish))) | {"title": "Dolor de barriga"}
    posted["sections-1-body"] = "<p>Texto nuevo</p>"
    merged(english.topic, staying.topic, ana)
    assert client.post(url_of(spanish), posted).status_code == 302
    staying.topic.refresh_from_db()
    assert staying.topic.title_es == "Dolor de barriga"
    now = assemble([TopicLanguage.objects.get(pk=spanish.pk)])[spanish.pk]
    assert "Texto nuevo" in "".join(section.body for section in now.summary)
    assert len(now.summary) == len(SPANISH.summary)


def test_with_four_eyes_another_person_publishes_what_was_merged(ana, settings):
    settings.FOUR_EYES = True
    english, spanish = pair()
    result = merged(belly(), english.topic, ana)
    assert (result.published, set(result.to_publish)) == ([], {english, spanish})
    assert len(result.left) == 2


@pytest.mark.parametrize("before", ["imported", "written by Pat and published"])
def test_a_page_that_named_the_other_topic_waits_for_who_did_not_merge(client, ana, before):
    english, _spanish = pair()
    leaving, staying = belly(), lonely()
    target = leaving.languages.get(language="en")
    RelatedTopic.objects.create(topic_language=english, target=target, position=9)
    pat = person("Pat", *EDITOR_RIGHTS, "publish_topiclanguage")
    if before != "imported":
        note_writers([english.pk], [pat.pk])
    publish(english.pk, by=ana)
    merged(leaving, staying.topic, ana)
    english.refresh_from_db()
    assert english.has_changes
    found = {whose: [one.pk for one in ready(whose)] for whose in (ana, pat)}
    assert english.pk in found[pat] and english.pk not in found[ana]
    said = {kind.title: [entry.words for entry in kind.entries] for kind in waiting_for(ana)}
    assert "Abdominal Pain" in said["What you saved and nobody published yet"]
    assert "What you saved and nobody published yet" not in [
        kind.title for kind in waiting_for(pat)
    ]


def ready(person):
    return TopicLanguage.objects.filter(ready_for(person))


@pytest.mark.parametrize("own", ["", "b" * 32])
def test_a_page_that_gets_another_picture_waits_for_who_did_not_merge(ana, own):
    english, other = lonely(), lonely("es")
    picture(other.topic, "a" * 32)
    publish(other.pk, by=ana)
    if own:
        picture(english.topic, own)
        publish(english.pk, by=ana)
    merged(HealthTopic.objects.get(pk=other.topic_id), english.topic, ana)
    pat = person("Pat", *EDITOR_RIGHTS, "publish_topiclanguage")
    assert list(ready(pat)) == [other if own else english]


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


@pytest.mark.parametrize("also", [(), ("Bob",)])
def test_a_limited_topic_opens_to_nobody_by_a_merge(client, ana, also):
    english, other = lonely(), lonely("es")
    going, staying = other.topic, english.topic
    going.owners.add(ana)
    if also:
        staying.owners.add(ana, *map(person, also))
    address = f"/admin/topics/healthtopic/{going.pk}/merge/"
    seen = plan(going, staying, ana).seen
    answer = client.post(address, {"staying": staying.pk, "seen": seen})
    assert answer.status_code == 409
    assert "Have both topics limited to the same owners first." in answer.content.decode()
    other.refresh_from_db()
    assert other.topic == going
    staying.owners.set([ana])
    assert client.post(address, {"staying": staying.pk, "seen": seen}).status_code == 302
    other.refresh_from_db()
    assert other.topic == staying


def test_merging_takes_every_right_it_uses(client):
    english, _spanish = pair()
    leaving = belly()
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    address = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    assert client.get(address).status_code == client.post(address).status_code == 403
    assert b"/merge/" not in client.get(f"/admin/topics/healthtopic/{leaving.pk}/change/").content
