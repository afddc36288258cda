"""With four eyes, whoever wrote a text last publishes it in no way there is."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from editorial.link_health.in_texts import finish_pending
from editorial.link_health.replacing import replace_everywhere
from topics import publishing
from topics.editions.scheduling import schedule
from topics.models import HealthTopic, Page, RelatedTopic, TopicLanguage

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
    TopicLanguage.objects.filter(pk=written.pk).update(written_by=None)
    assert publishing.publish(written.pk, by=None).number == 2


def test_a_site_without_four_eyes_lets_her(client, settings, written):
    settings.FOUR_EYES = False
    assert publish_page(client, written).status_code == 302


@pytest.fixture
def otto():
    """A colleague with a browser of his own."""
    browser = Client()
    browser.force_login(person("Otto", *RIGHTS))
    return browser


def refused(version):
    """Whether she who wrote the text may not publish it, and the last save is somebody else's."""
    version.refresh_from_db()
    writer = version.written_by
    with pytest.raises(publishing.NotReady, match=REFUSED):
        publishing.publish(version.pk, by=writer)
    return writer.username == "paula" and version.changed_by != writer


def test_who_gives_the_reviews_an_owner_writes_no_text(written, otto):
    owner = {"owner": User.objects.get(username="otto").pk}
    many = {"chosen": json.dumps({written.pk: [written.version, ""]}), "languages": ["en"]} | owner
    assert otto.post("/admin/topics/healthtopic/work/owner/", many).status_code == 200
    assert refused(written)
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
    written.refresh_from_db()
    assert written.written_by.username == "paula"


def test_who_merges_another_topic_writes_nothing_where_it_was_related(written, otto):
    leaving, staying = belly(), lonely()
    target = leaving.languages.get(language="en")
    RelatedTopic.objects.create(topic_language=written, target=target, position=9)
    merged(leaving, staying.topic, User.objects.get(username="otto"))
    assert refused(written)


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
    picture = {"image": "a" * 32, "image_width": 800, "image_height": 600}
    HealthTopic.objects.filter(pk=english.topic_id).update(**picture)
    client.force_login(person("Paula", *RIGHTS))
    page = f"/admin/topics/healthtopic/{english.topic_id}/change/"
    posted = fields(client.get(page), form="healthtopic_form") | changes
    assert client.post(page, posted).status_code == 302
    wrote = TopicLanguage.objects.filter(written_by__username="paula")
    assert set(wrote.values_list("language", flat=True)) == languages
    for version in wrote:
        with pytest.raises(publishing.NotReady, match=REFUSED):
            publishing.publish(version.pk, by=version.written_by)


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
