"""Outside links in the texts of topics: found by the link check, shown where people work, replaced."""

from dataclasses import replace
from datetime import timedelta
from html import escape

import pytest
from django.db import transaction
from django.db.models import Value as V
from django.db.models.functions import Concat
from django.utils import timezone

from editorial.history.restoring import restore
from editorial.link_health import in_texts
from editorial.link_health.in_texts import finish_pending, texts_with
from editorial.link_health.replacing import replace_everywhere
from editorial.models import Act
from editorial.pages.starting import copy_texts, start_language
from editorial.readiness import readiness_of
from editorial.saving import one_save
from resources.linkcheck.ledger import survey
from resources.models import LinkCheck, Outcome, Resource
from topics.document import Section, TopicDocument
from topics.editions.scheduling import publish_due, schedule
from topics.models import (
    AddressChange,
    HealthTopic,
    Origin,
    Placement,
    RefreshJob,
    ScheduledEdition,
    TopicLanguage,
)
from topics.publishing import Publication, append_editions, publish
from topics.readiness import reading_level
from topics.refresh import count_live_pages, live_pages_with, run_refresh
from topics.tests.documents import ENGLISH, SPANISH, saved
from topics.working_copy import assemble, store
from topics.working_copy.places import texts_showing, topics_showing

from .desk import EDITOR_RIGHTS, edit, fields, person, url_of, working_copy
from .test_link_health import QUEUE, State, html, known, page_of
from .test_link_health import replace as post_replacement

pytestmark = pytest.mark.django_db

OLD = "https://example.org/advice?part=1&lang=en"
write = in_texts._write
NEW = "https://example.org/new?part=1&lang='en'"
LINK = f'<a href="{escape(OLD)}">advice</a>'
WITH_LINKS = replace(
    ENGLISH,
    summary=(
        Section(None, None, f"<p>Read this {LINK} first. {'Some more words follow. ' * 20}</p>"),
        Section(3, f"What {LINK} says", f'<p><img src="{escape(OLD)}" alt="A belly"></p>'),
    ),
    attribution=f"By {LINK}",
)


def live(document: TopicDocument, topic: HealthTopic | None = None) -> TopicLanguage:
    """A topic in one language as somebody published it."""
    version = saved(document, topic)
    bound = store([(version, document)])[0]
    append_editions([Publication(version, bound)], by=None, origin=Origin.HUMAN)
    return TopicLanguage.objects.select_related("topic", "live_edition").get(pk=version.pk)


def document_of(version: TopicLanguage) -> TopicDocument:
    return assemble([TopicLanguage.objects.get(pk=version.pk)])[version.pk]


def addresses_of(version: TopicLanguage) -> list[str]:
    return list(version.text_addresses.order_by("address").values_list("address", flat=True))


def goes_live() -> None:
    """What waits for its date, which is now."""
    ScheduledEdition.objects.update(due_at=timezone.now())
    assert len(list(publish_due())) == 1


@pytest.fixture
def english():
    """A live topic with an outside link in every kind of text."""
    return live(WITH_LINKS)


def test_an_address_in_a_text_is_checked(english):
    survey()
    assert LinkCheck.objects.get(address=OLD).state == State.UNCHECKED
    TopicLanguage.objects.get(pk=english.pk).text_addresses.all().delete()
    survey()
    assert not LinkCheck.objects.filter(address=OLD).exists()


def test_what_is_noted_of_texts_follows_every_way_to_change_them(client, ana, english):
    elsewhere = "https://example.org/elsewhere"
    assert OLD in addresses_of(english)
    body = f'<p><a href="{elsewhere}">Elsewhere</a> {"Short words are good. " * 30}</p>'
    edit(client, english, **{"sections-0-body": body, "sections-1-heading": "Plain"})
    edit(client, english, **{"attribution": "By nobody", "sections-1-body": "<p>Nothing</p>"})
    assert addresses_of(english) == [elsewhere]
    assert TopicLanguage.objects.get(pk=english.pk).reading_level == pytest.approx(
        reading_level(document_of(english)).grade
    )
    now = TopicLanguage.objects.select_related("topic").get(pk=english.pk)
    restore(now, WITH_LINKS, version=now.version, by=ana)
    assert addresses_of(english) == [OLD]
    spanish = start_language(english.topic, "es", "dolor", by=ana)
    spanish.refresh_from_db()
    copy_texts(TopicLanguage.objects.get(pk=english.pk), spanish, by=ana)
    assert addresses_of(spanish) == [OLD]
    assert TopicLanguage.objects.get(pk=spanish.pk).reading_level
    store([(now, ENGLISH)])
    assert OLD not in addresses_of(english)
    assert TopicLanguage.objects.get(pk=english.pk).reading_level is None


def test_a_link_to_a_topic_is_no_outside_address(english):
    bound = '<p><a href="https://medlineplus.gov/pain.html" data-topic="351">Pain</a></p>'
    store([(english, replace(ENGLISH, summary=(Section(None, None, bound),)))])
    assert addresses_of(english) == []


def test_the_queue_says_in_whose_text_a_link_stands(client, ana, english):
    english.review_owner = ana
    english.save(update_fields=["review_owner"])
    link = known(OLD, State.BROKEN)
    assert topics_showing([OLD]) == texts_showing([OLD]) == {OLD: {english.pk}}
    for query in ("", "?owner=me", "?language=en", f"?group={english.groups.first().pk}"):
        assert "in the text of Abdominal Pain" in html(client, QUEUE + query)
    assert escape(OLD) not in html(client, f"{QUEUE}?language=es")
    page = html(client, page_of(link))
    assert "in the text of" in page
    assert url_of(english) in page
    assert "Shown on 1 live page" in page
    assert page_of(link) in html(client, "/admin/")


def test_the_pages_of_a_topic_say_which_link_in_its_text_needs_somebody(client, ana, english):
    link = known(OLD, State.OK)
    for end in ("change", "links"):
        assert page_of(link) not in html(client, url_of(english, end))
    known(OLD, State.BROKEN)
    for end in ("change", "links"):
        assert page_of(link) in html(client, url_of(english, end))
    assert "Abdominal Pain" in html(client, "/admin/topics/healthtopic/?links=broken")
    assert "Broken links" in html(client, "/admin/topics/healthtopic/")
    LinkCheck.objects.all().delete()
    known(OLD, State.OK)
    assert "Abdominal Pain" not in html(client, "/admin/topics/healthtopic/?links=broken")


def test_publishing_is_advised_against_a_broken_link_in_a_text(english):
    def dead() -> list[str]:
        found = readiness_of(english, document_of(english)).advice
        return [reason.sentence for reason in found if reason.code == "dead-link"]

    known(OLD, State.SUSPECT)
    assert dead() == []
    known(OLD, State.BROKEN)
    places = ["opening text", "What advice says", "attribution"]
    assert [place in sentence for place, sentence in zip(places, dead(), strict=True)] == [True] * 3


def test_one_click_replaces_an_address_in_texts_too(
    client, ana, english, django_capture_on_commit_callbacks
):
    before = english.live_edition
    link = known(OLD, State.BROKEN)
    with django_capture_on_commit_callbacks(execute=True):
        assert post_replacement(client, link, NEW).status_code == 302
    document = document_of(english)
    assert document.rich_text() == WITH_LINKS.rich_text().replace(escape(OLD), escape(NEW))
    now = TopicLanguage.objects.select_related("live_edition").get(pk=english.pk)
    edition = now.live_edition
    assert (edition.number, edition.origin) == (before.number + 1, Origin.REFRESH)
    assert edition.content_changed_at == before.content_changed_at
    assert edition.text_digest == before.text_digest
    assert edition.digest == document.content_digest()
    assert not now.has_changes
    assert addresses_of(english) == [NEW]
    assert not LinkCheck.objects.filter(address=OLD).exists()
    assert english.drafts.latest("pk").created_by == ana
    assert escape(NEW) in html(client, "/abdominalpain.html")


def test_a_replacement_in_a_text_publishes_no_draft_and_hides_nobody(
    client, ana, english, django_capture_on_commit_callbacks
):
    eva = person("Eva")
    with one_save(english, version=english.version, by=eva):
        HealthTopic.objects.filter(pk=english.topic_id).update(title_en="Not yet")
    with django_capture_on_commit_callbacks(execute=True):
        post_replacement(client, known(OLD, State.BROKEN), NEW)
    page = html(client, "/abdominalpain.html")
    assert escape(NEW) in page
    assert "Not yet" not in page
    now = TopicLanguage.objects.get(pk=english.pk)
    assert now.has_changes
    assert now.changed_by == eva
    assert document_of(english).title == "Not yet"


def test_a_text_that_is_being_edited_meanwhile_keeps_both_changes(client, ana, english):
    before = fields(client.get(url_of(english)))
    replace_everywhere(OLD, NEW, by=person("Eva"), at_once=False)
    finish_pending()
    response = client.post(url_of(english), before | {"meta_description": "Mine"})
    assert response.status_code == 302
    assert document_of(english).meta_description == "Mine"
    assert addresses_of(english) == [NEW]


@pytest.mark.parametrize("way", ["page", "queue"])
def test_an_address_that_is_replaced_again_before_the_texts_follow_leads_to_the_last_one(
    client, ana, english, django_capture_on_commit_callbacks, way
):
    third = "https://example.org/third"
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    Resource.objects.create(title_en="Advice", url_en=NEW)
    link = known(NEW, State.MOVED)
    LinkCheck.objects.filter(pk=link.pk).update(final_address=third)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "page":
            post_replacement(client, link, third)
        else:
            client.post(QUEUE, {"action": "take_new_address", "_selected_action": [link.pk]})
    assert Resource.objects.get(title_en="Advice").url_en == third
    assert finish_pending()[0] == 2
    assert (addresses_of(english), live_pages_with(third)) == ([third], [english.pk])


def test_a_replacement_that_comes_while_the_texts_follow_is_left_to_the_next_run(
    ana, english, monkeypatch
):
    third = "https://example.org/third"

    def meanwhile(page, old, new):
        if not AddressChange.objects.filter(new=third).exists():
            replace_everywhere(NEW, third, by=ana, at_once=True)
        return write(page, old, new)

    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    monkeypatch.setattr(in_texts, "_write", meanwhile)
    assert finish_pending() == (1, 1)
    assert live_pages_with(NEW) == [english.pk]
    assert finish_pending() == (1, 1)
    assert (addresses_of(english), live_pages_with(third)) == ([third], [english.pk])


def test_a_refresh_that_breaks_off_goes_on_where_it_was(ana, english, monkeypatch):
    others = [
        live(replace(WITH_LINKS, number=9000 + n, slug=f"t{n}", url=f"https://example.org/t{n}"))
        for n in range(3)
    ]
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    keys = [english.pk, *(row.pk for row in others)]
    assert live_pages_with(OLD) == keys
    assert texts_with(OLD) == keys

    saved_so_far = []

    def broken_off(page, old, new):
        if len(saved_so_far) == 2:
            raise KeyboardInterrupt
        saved_so_far.append(page.pk)
        return write(page, old, new)

    with monkeypatch.context() as during:
        during.setattr(in_texts, "_write", broken_off)
        with pytest.raises(KeyboardInterrupt):
            finish_pending()
    assert texts_with(OLD) == keys[2:]
    assert texts_with(NEW) == saved_so_far
    assert live_pages_with(OLD) == keys
    monkeypatch.setattr("topics.refresh.AT_ONCE", 1)
    assert run_refresh(RefreshJob.objects.get(), limit=2) == 2
    assert live_pages_with(OLD) == keys[2:]
    assert finish_pending() == (1, 2)
    assert (texts_with(OLD), live_pages_with(OLD)) == ([], [])
    assert live_pages_with(NEW) == keys


def test_what_waits_for_its_date_goes_live_with_the_new_address(ana, english):
    edited = replace(WITH_LINKS, title="Belly ache")
    store([(english, edited)])
    schedule(english.pk, due_at=timezone.now() + timedelta(days=1), by=ana, note="")
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    finish_pending()
    goes_live()
    assert live_pages_with(OLD) == []
    now = TopicLanguage.objects.select_related("live_edition").get(pk=english.pk)
    assert now.live_edition.title == "Belly ache"
    assert not now.has_changes


@pytest.mark.parametrize("refreshed_first", [True, False])
def test_what_is_scheduled_before_the_texts_follow_goes_live_with_the_new_address(
    ana, english, refreshed_first
):
    store([(english, replace(WITH_LINKS, title="Belly ache"))])
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    schedule(english.pk, due_at=timezone.now() + timedelta(days=1), by=ana, note="")
    if refreshed_first:
        finish_pending()
    goes_live()
    assert (live_pages_with(OLD), live_pages_with(NEW)) == ([], [english.pk])
    finish_pending()
    assert not TopicLanguage.objects.get(pk=english.pk).has_changes


def test_an_address_that_somebody_put_back_after_its_replacement_stays(ana, english):
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    finish_pending()
    store([(english, replace(WITH_LINKS, title="Belly ache"))])
    schedule(english.pk, due_at=timezone.now() + timedelta(days=1), by=ana, note="")
    goes_live()
    assert (live_pages_with(OLD), live_pages_with(NEW)) == ([english.pk], [])


def test_a_link_that_means_a_topic_keeps_its_address(ana, english):
    bound = f'<p><a href="{escape(OLD)}" data-topic="351">Pain</a></p>'
    spanish = live(
        replace(SPANISH, summary=(Section(None, None, bound),)),
        HealthTopic.objects.get(pk=english.topic_id),
    )
    assert live_pages_with(OLD) == [english.pk]
    was = working_copy(spanish)
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    finish_pending()
    assert working_copy(spanish) == was


def test_many_texts_are_replaced_with_few_queries_each(ana, english, django_assert_max_num_queries):
    for n in range(4):
        live(replace(WITH_LINKS, number=9000 + n, slug=f"t{n}", url=f"https://example.org/t{n}"))
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    with django_assert_max_num_queries(5 * 40):
        assert in_texts.replace_in_texts(AddressChange.objects.get()) == 5


def test_of_several_moved_links_each_is_taken_by_itself(
    client, ana, english, django_capture_on_commit_callbacks
):
    belly, lonely = "https://example.org/belly", "https://example.org/lonely"
    Resource.objects.create(title_en="Taken", url_en="https://example.org/taken")
    links = [known(address, State.MOVED) for address in (belly, lonely, OLD)]
    LinkCheck.objects.filter(address=belly).update(final_address="https://example.org/taken")
    LinkCheck.objects.filter(address=lonely).update(outcome=Outcome.FRONT_PAGE)
    chosen = {"action": "take_new_address", "_selected_action": [link.pk for link in links]}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(QUEUE, chosen, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert any("1 address was replaced" in text for text in told)
    assert any(belly in text and "Taken" in text for text in told)
    assert any(lonely in text and "moved for good" in text for text in told)
    assert OLD not in addresses_of(english)
    assert Resource.objects.filter(url_en=belly).exists()


def moved(count: int) -> list[int]:
    """Links that moved for good, which no page shows."""
    for n in range(count):
        Resource.objects.create(title_en=f"Link {n}", url_en=f"https://example.org/moved/{n}")
    survey()
    links = LinkCheck.objects.filter(address__contains="/moved/")
    links.update(
        state=State.MOVED,
        outcome=Outcome.MOVED,
        final_address=Concat("address", V("/b")),
        looked_at=timezone.now(),
    )
    return list(links.order_by("pk").values_list("pk", flat=True))


def test_of_many_moved_links_a_handful_follows_at_once(client, ana, english, monkeypatch):
    keys = [known(OLD, State.MOVED).pk, *moved(9)]
    chosen = {"action": "take_new_address", "_selected_action": keys}
    followed = []

    def finished_now(work, **options):
        followed.append(work())

    with monkeypatch.context() as during:
        during.setattr(transaction, "on_commit", finished_now)
        response = client.post(QUEUE, chosen, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert any("10 addresses were replaced" in text for text in told)
    assert len(followed) == 5
    assert RefreshJob.objects.filter(finished_at=None).count() == 5


def test_more_links_than_one_request_bears_are_refused(client, ana, monkeypatch):
    monkeypatch.setattr("editorial.link_health.queue.CHOSEN", 2)
    keys = moved(3)
    chosen = {"action": "take_new_address", "_selected_action": keys[:1], "select_across": "1"}
    page = client.post(f"{QUEUE}?state=moved", chosen, follow=True).content.decode()
    assert "Choose at most 2 links at a time" in page
    assert not AddressChange.objects.exists()
    client.post(QUEUE, chosen | {"_selected_action": keys[:2], "select_across": "0"})
    assert AddressChange.objects.count() == 2


def test_live_pages_are_counted_for_many_addresses_as_for_one(english):
    live(replace(WITH_LINKS, number=9001, slug="two", url="https://example.org/two"))
    bound = f'<p><a href="{escape(NEW)}" data-topic="351">Pain</a></p>'
    live(replace(SPANISH, summary=(Section(None, None, bound),)))
    quoted = 'https://example.org/"quoted"?part=\\'
    TopicLanguage.objects.filter(pk=english.pk).update(institute_url=quoted)
    publish(english.pk, by=None)
    addresses = [OLD, NEW, OLD.upper(), "https://example.org/two", quoted]
    counts = count_live_pages(addresses)
    assert counts == {address: len(live_pages_with(address)) for address in addresses}
    assert (counts[OLD], counts[NEW], counts[quoted]) == (2, 0, 1)


def test_a_refused_link_keeps_none_of_the_others_back(
    client, english, django_capture_on_commit_callbacks
):
    """A link keeper without the right to publish takes those that no live page shows."""
    belly, draft = "https://example.org/belly", "https://example.org/draft"
    version = saved(replace(ENGLISH, number=9001, slug="draft", url=draft))
    text = Section(None, None, f'<p><a href="{draft}">Draft</a></p>')
    store([(version, replace(ENGLISH, number=9001, slug="draft", summary=(text,)))])
    links = [known(address, State.MOVED) for address in (belly, draft)]
    LinkCheck.objects.filter(address=draft).update(final_address=f"{draft}/new")
    client.force_login(person("Eva", *EDITOR_RIGHTS, "view_linkcheck", "change_linkcheck"))
    chosen = {"action": "take_new_address", "_selected_action": [link.pk for link in links]}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(QUEUE, chosen, follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert any(belly in text and "for publishers and link keepers" in text for text in told)
    assert addresses_of(version) == [f"{draft}/new"]
    assert Resource.objects.filter(url_en=belly).exists()


def test_publishing_a_text_does_not_change_what_is_noted(ana, english):
    was = addresses_of(english)
    publish(english.pk, by=ana)
    assert addresses_of(english) == was


def test_the_record_of_a_topic_says_that_an_address_in_it_was_replaced(client, ana, english):
    spanish = live(replace(SPANISH, links=()), english.topic)
    in_list = live(replace(ENGLISH, number=9000, slug="other", url="https://example.org/other"))
    Placement.objects.filter(topic_language=in_list, position=0).update(own_url=OLD)
    post_replacement(client, known(OLD, State.BROKEN), NEW)
    for version, acts in ((english, 1), (in_list, 1), (spanish, 0)):
        record = Act.objects.filter(what="address replaced", topic_language_key=version.pk)
        assert record.count() == acts
    act = Act.objects.get(topic_language_key=english.pk)
    assert (act.person, act.detail, act.topic) == (ana, f"{OLD} → {NEW}", "Abdominal Pain")
    listed = html(client, f"/admin/editorial/act/?of={in_list.topic_id}")
    assert escape(NEW) in listed
