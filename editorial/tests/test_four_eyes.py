"""With four eyes, whoever wrote in a text since what is live publishes it in no way there is."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from editorial.link_health.in_texts import finish_pending
from editorial.link_health.replacing import replace_everywhere
from resources.models import Resource
from topics import about_pages, publishing
from topics.editions.scheduling import publish_due, schedule
from topics.editions.writers import forget_writers
from topics.models import (
    HealthTopic,
    Page,
    RefreshJob,
    RelatedTopic,
    ScheduledEdition,
    TopicLanguage,
)
from topics.refresh import request_refresh, run_refresh
from topics.tests.documents import ENGLISH

from .desk import EDITOR_RIGHTS, edit, fields, pair, person, url_of
from .test_merging_topics import belly, lonely, merged

pytestmark = pytest.mark.django_db

REFUSED = "Somebody else has to look at it and publish it."
RIGHTS = (*EDITOR_RIGHTS, "publish_topiclanguage")


@pytest.fixture
def written(client, settings):
    """English that Paula saved, on a site with four eyes; she is signed in."""
    settings.FOUR_EYES = True
    paula = person("Paula", *RIGHTS)
    english, _spanish = pair()
    client.force_login(paula)
    assert edit(client, english, title="Paula's").status_code == 302
    english.refresh_from_db()
    return english


def publish_page(client, version, **changes):
    form = client.get(url_of(version, "publish")).context["form"]
    posted = {name: form[name].value() or "" for name in ("version", "digest")}
    return client.post(url_of(version, "publish"), posted | changes)


def test_the_page_says_so_before_and_after_she_tries(client, written):
    assert REFUSED in client.get(url_of(written, "publish")).content.decode()
    answer = publish_page(client, written)
    assert answer.status_code == 409
    assert REFUSED in answer.content.decode()
    assert written.editions.count() == 1


def test_neither_a_date_nor_a_list_nor_a_program_goes_around_it(client, written):
    later = timezone.now() + timedelta(days=1)
    due = {"when": "later", "due_at": later.strftime("%Y-%m-%dT%H:%M")}
    assert publish_page(client, written, **due).status_code == 409
    many = {"chosen": json.dumps({written.pk: [written.version, ""]}), "languages": ["en"]}
    page = client.post("/admin/topics/healthtopic/work/publish/", many).content.decode()
    assert REFUSED in page
    with pytest.raises(publishing.NotReady):
        publishing.publish(written.pk, by=None)
    with pytest.raises(publishing.NotReady):
        schedule(written.pk, due_at=later, by=written.changed_by)
    assert written.editions.count() == 1
    assert not written.scheduled.exists()


def test_somebody_else_publishes_it(client, written):
    client.force_login(person("Otto", *RIGHTS))
    assert publish_page(client, written).status_code == 302
    assert written.editions.count() == 2


def test_what_nobody_saved_is_free(written):
    forget_writers([written.pk])
    assert publishing.publish(written.pk, by=None).number == 2


def test_a_site_without_four_eyes_lets_her(client, settings, written):
    settings.FOUR_EYES = False
    assert publish_page(client, written).status_code == 302


@pytest.fixture
def otto():
    """A colleague with a browser of his own."""
    browser = Client()
    browser.person = person("Otto", *RIGHTS)
    browser.force_login(browser.person)
    return browser


def refused(version):
    """Whether she who wrote the text may not publish it, and the last save is somebody else's."""
    version.refresh_from_db()
    paula = User.objects.get(username="paula")
    with pytest.raises(publishing.NotReady, match=REFUSED):
        publishing.publish(version.pk, by=paula)
    return version.changed_by != paula


def writers_of(version):
    return set(version.writers.values_list("by__username", flat=True))


def test_who_gives_the_reviews_an_owner_writes_no_text(written, otto):
    owner = {"owner": User.objects.get(username="otto").pk}
    many = {"chosen": json.dumps({written.pk: [written.version, ""]}), "languages": ["en"]} | owner
    assert otto.post("/admin/topics/healthtopic/work/owner/", many).status_code == 200
    assert refused(written) and writers_of(written) == {"paula"}
    edit(otto, written, review_owner="", review_interval_days="30", next_review="2027-01-02")
    assert refused(written) and written.review_interval_days == 30


def test_who_replaces_an_address_writes_no_text(client, written):
    old, new = "https://old.example.org/i", "https://new.example.org/i"
    body = f'<p><a href="{old}">There</a></p>'
    edit(client, written, institute_name="NIH", institute_url=old, **{"sections-0-body": body})
    with transaction.atomic():
        replace_everywhere(old, new, by=person("Lena"), at_once=False)
    assert refused(written) and written.institute_url == new
    finish_pending()
    assert writers_of(written) == {"paula"}


def test_who_merges_another_topic_writes_where_it_was_related_and_is_not_alone(written, otto):
    leaving, staying = belly(), lonely()
    target = leaving.languages.get(language="en")
    RelatedTopic.objects.create(topic_language=written, target=target, position=9)
    merged(leaving, staying.topic, User.objects.get(username="otto"))
    assert refused(written) and writers_of(written) == {"paula", "otto"}


def picture_of(browser, version, **changes):
    """Give a picture, and change what is said of it."""
    picture = {"image": "a" * 32, "image_width": 800, "image_height": 600}
    HealthTopic.objects.filter(pk=version.topic_id).update(**picture)
    page = f"/admin/topics/healthtopic/{version.topic_id}/change/"
    posted = fields(browser.get(page), form="healthtopic_form") | changes
    assert browser.post(page, posted).status_code == 302


def save_text(browser, version):
    edit(browser, version, see_references="Otto's")


def save_links(browser, version):
    edit(browser, version, "links", **{"links-0-own_title": "Otto's"})


def save_picture(browser, version):
    picture_of(browser, version, image_alt_en="Hands")


def merge(browser, version):
    leaving = belly()
    merged(leaving, version.topic, User.objects.get(username="otto"))


@pytest.mark.parametrize("deed", [save_text, save_links, save_picture, merge])
def test_whoever_writes_after_her_does_not_free_her(written, otto, deed):
    deed(otto, written)
    assert writers_of(written) == {"paula", "otto"}
    for username in ("paula", "otto"):
        with pytest.raises(publishing.NotReady, match=REFUSED):
            publishing.publish(written.pk, by=User.objects.get(username=username))
    assert publishing.publish(written.pk, by=person("Pat", *RIGHTS)).number == 2
    assert writers_of(written) == set()


def test_what_she_added_to_a_topic_that_was_merged_is_hers_in_the_other_one(client, written, otto):
    leaving = belly()
    row = leaving.languages.get(language="en")
    edit(client, row, see_references="Paula's")
    forget_writers([written.pk])
    merged(leaving, HealthTopic.objects.get(pk=written.topic_id), otto.person)
    assert refused(written)


def test_what_went_live_at_its_date_frees_nobody_who_wrote_later(written, client, otto):
    edit(otto, written, title="Otto's")
    pat = person("Pat", *RIGHTS)
    scheduled = schedule(written.pk, due_at=timezone.now() + timedelta(hours=1), by=pat)
    edit(client, written, title="Take ten pills")
    ScheduledEdition.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert [due.edition.title for due in publish_due()] == ["Otto's"], scheduled.why_not_live
    assert writers_of(written) == {"paula"}
    with pytest.raises(publishing.NotReady, match=REFUSED):
        publishing.publish(written.pk, by=User.objects.get(username="paula"))


def test_fresh_links_of_a_live_page_free_nobody(written):
    link = Resource.objects.get(title_en=ENGLISH.links[0].title)
    Resource.objects.filter(pk=link.pk).update(title_en="Renamed")
    assert run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, link.pk, by=None))
    written.refresh_from_db()
    assert written.live_edition.origin == "refresh"
    assert writers_of(written) == {"paula"}


def test_the_page_has_no_button_for_what_she_may_not_publish(client, settings, written, otto):
    page = client.get(url_of(written, "publish"))
    assert "Somebody else has to look" in page.content.decode()
    assert "desk-form" not in page.content.decode() and b'name="when"' not in page.content
    spanish = written.topic.languages.get(language="es")
    edit(otto, spanish, title="De Otto")
    page = client.get(url_of(spanish, "publish")).content.decode()
    assert "English cannot go along yet:" in page and REFUSED in page
    assert 'name="when"' in page and 'name="also"' not in page
    settings.FOUR_EYES = False
    page = client.get(url_of(spanish, "publish")).content.decode()
    assert 'name="also"' in page and REFUSED not in page


@pytest.mark.parametrize(
    ("changes", "languages"),
    [
        ({"image_alt_en": "Take ten pills"}, {"en"}),
        ({"image_credit_es": "De Paula"}, {"es"}),
        ({"image_decorative": "on"}, {"en", "es"}),
        ({"source_language": "es"}, set()),
    ],
)
def test_a_picture_and_its_words_are_text(client, settings, changes, languages):
    settings.FOUR_EYES = True
    english, _spanish = pair()
    client.force_login(person("Paula", *RIGHTS))
    picture_of(client, english, **changes)
    wrote = TopicLanguage.objects.filter(writers__by__username="paula")
    assert set(wrote.values_list("language", flat=True)) == languages
    for version in wrote:
        with pytest.raises(publishing.NotReady, match=REFUSED):
            publishing.publish(version.pk, by=User.objects.get(username="paula"))


def about(browser, page, **changes):
    """Save an about page, and what the desk says then."""
    address = f"/admin/topics/page/{page.pk}/change/"
    posted = fields(browser.get(address), form="page_form") | changes
    answer = browser.post(address, posted, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def test_an_about_page_too_is_published_by_another_person(client, settings, otto):
    settings.FOUR_EYES = True
    page = Page.objects.create(key="x", slug="about/x", title_en="X", title_es="X")
    client.force_login(person("Paula", *RIGHTS))
    lines = "<p>Mine</p>\n<p>alone</p>"
    assert REFUSED in about(client, page, body_en=lines, _publish_en="1")
    assert not page.editions.exists()
    assert REFUSED not in about(otto, page, body_es="<p>De Otto</p>")
    assert REFUSED in about(client, page, _publish_en="1")
    assert "Published" in about(client, page, _publish_es="1")
    assert "Published" in about(otto, page, _publish_en="1")
    assert page.editions.count() == 2


def test_whoever_saves_an_about_page_after_her_does_not_free_her(client, settings, otto):
    settings.FOUR_EYES = True
    page = Page.objects.create(key="x", slug="about/x", title_en="X")
    client.force_login(person("Paula", *RIGHTS))
    about(client, page, body_en="<p>Take ten pills</p>")
    about(otto, page, title_en="XY")
    assert REFUSED in about(client, page, _publish_en="1")
    assert REFUSED in about(otto, page, _publish_en="1")
    about_pages.publish_page(page.pk, "en", by=person("Pat", *RIGHTS))
    about(otto, page, title_en="XYZ")
    assert "Published" in about(client, page, _publish_en="1")
