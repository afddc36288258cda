"""The site's words, groups and about pages; what both languages of a topic share."""

import pytest

from topics.models import (
    Address,
    Generation,
    HealthTopic,
    LiveMembership,
    Page,
    PageEdition,
    TopicGroup,
    TopicLanguage,
)
from topics.working_copy.groups import give_addresses

from .desk import EDITOR_RIGHTS, fields, pair, person, url_of

pytestmark = pytest.mark.django_db


def address(row):
    return f"/admin/topics/{row._meta.model_name}/{row.pk}/change/"


def change(client, row, **changes):
    form = f"{row._meta.model_name}_form"
    return client.post(address(row), fields(client.get(address(row)), form) | changes)


def generation():
    return Generation.objects.values_list("number", flat=True).get(pk=1)


def test_the_words_of_the_site_are_on_every_page_at_once(client, ana):
    before = generation()
    assert client.get("/admin/topics/installation/")["Location"].endswith("/installation/1/change/")
    posted = fields(client.get("/admin/topics/installation/1/change/"), "installation_form")
    posted |= {"name_en": "Health Here", "name_es": "Salud aquí", "contact": "us@example.org"}
    assert client.post("/admin/topics/installation/1/change/", posted).status_code == 302
    assert "Health Here" in client.get("/").content.decode()
    assert "Salud aquí" in client.get("/spanish/").content.decode()
    assert generation() > before
    again = fields(client.get("/admin/topics/installation/1/change/"), "installation_form")
    response = client.post(
        "/admin/topics/installation/1/change/", again | {"contact": "javascript:x"}
    )
    assert "Give a mail address" in response.content.decode()


def test_a_group_that_moves_leaves_a_redirect_in_both_languages(client, ana):
    pair()
    group = TopicGroup.objects.get(slug="digestivesystem")
    before = generation()
    assert change(client, group, slug="belly", name_en="Belly").status_code == 302
    assert generation() > before
    assert "Belly" in client.get("/belly.html").content.decode()
    assert client.get("/digestivesystem.html")["Location"] == "/belly.html"
    assert client.get("/spanish/digestivesystem.html")["Location"] == "/spanish/belly.html"
    group.refresh_from_db()
    assert change(client, group, slug="digestivesystem").status_code == 302
    assert client.get("/belly.html")["Location"] == "/digestivesystem.html"


def test_a_group_that_readers_know_cannot_lose_its_name(client, ana):
    pair()
    group = TopicGroup.objects.get(slug="digestivesystem")
    refused = "Readers know the group in this language"
    assert change(client, group, name_en="Belly", name_es="").content.decode().count(refused) == 1
    assert client.get("/spanish/digestivesystem.html").status_code == 200
    nameless = TopicGroup.objects.create(slug="nameless", name_en="Nameless")
    give_addresses([nameless])
    assert change(client, nameless, name_en="Named").status_code == 302
    spanish = TopicLanguage.objects.get(language="es", slug="abdominalpain")
    LiveMembership.objects.create(topic_language=spanish, group=nameless)
    assert refused in change(client, nameless, name_en="Named anew").content.decode()


def test_a_group_cannot_take_an_address_in_use(client, ana):
    pair()
    group = TopicGroup.objects.get(slug="digestivesystem")
    assert "This address is in use" in change(client, group, slug="abdominalpain").content.decode()
    new = {"name_en": "New", "slug": "cancers", "family": "body"}
    assert client.post("/admin/topics/topicgroup/add/", new).status_code == 200
    assert client.post("/admin/topics/topicgroup/add/", new | {"slug": "new"}).status_code == 302
    assert Address.objects.filter(slug="new", group__name_en="New").count() == 2


def test_an_about_page_is_saved_and_published_by_language(client, ana):
    page = Page.objects.get(key="quality")
    before = client.get("/about/quality.html").content
    hostile = '<p onclick="x()">New words</p><script>x()</script>'
    change(client, page, body_en=hostile, body_es="<p>Palabras</p>")
    assert client.get("/about/quality.html").content == before
    change(client, page, _publish_en="1")
    assert "<p>New words</p>" in client.get("/about/quality.html").content.decode()
    assert "Palabras" not in client.get("/spanish/about/quality.html").content.decode()
    assert "there are unpublished changes" in client.get(address(page)).content.decode()
    assert PageEdition.objects.get(page=page, language="en", number=2).created_by == ana


def test_a_new_about_page_gets_its_address_when_it_is_published(client, ana):
    posted = {"key": "team", "slug": "about/team", "position": "9", "title_en": "Team"}
    posted |= {"body_en": "<p>Us</p>", "_publish_en": "1", "_publish_es": "1"}
    response = client.post("/admin/topics/page/add/", posted, follow=True)
    assert "needs a title and a text" in " ".join(map(str, response.context["messages"]))
    assert "<p>Us</p>" in client.get("/about/team.html").content.decode()


def test_what_every_page_shows_takes_the_right_to_publish(client):
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    page = Page.objects.get(key="quality")
    response = client.post(
        address(page), fields(client.get(address(page)), "page_form") | {"_publish_en": "1"}
    )
    assert response.status_code == 403
    assert PageEdition.objects.filter(page=page, language="en").count() == 1
    group = TopicGroup.objects.get(slug="cancers")
    assert client.post(address(group), {"name_en": "Forged"}).status_code == 403
    assert client.post("/admin/topics/installation/1/change/", {}).status_code == 403


def test_a_stale_form_of_an_about_page_overwrites_nothing(client, ana):
    page = Page.objects.get(key="quality")
    mine = fields(client.get(address(page)), "page_form")
    change(client, page, body_en="<p>Theirs</p>")
    answer = client.post(address(page), mine | {"body_es": "<p>Mío</p>"})
    assert "Somebody else saved this" in answer.content.decode()
    page.refresh_from_db()
    assert page.body_en == "<p>Theirs</p>"


def test_the_order_of_the_footer_takes_the_right_to_publish(client):
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    page = Page.objects.get(key="quality")
    before, shown = page.position, client.get("/").content
    posted = fields(client.get(address(page)), "page_form")
    client.post(address(page), posted | {"position": "99", "slug": "elsewhere"})
    page.refresh_from_db()
    assert (page.position, page.slug) == (before, "about/quality")
    assert client.get("/").content == shown


def test_shared_fields_have_a_guard_of_their_own(client, ana, settings, tmp_path):
    english, spanish = pair()
    topic = HealthTopic.objects.get(pk=english.topic_id)
    mine = fields(client.get(address(topic)), "healthtopic_form")
    text = fields(client.get(url_of(english)))
    change(client, topic, tags="pain, belly", source_language="es")
    topic.refresh_from_db()
    assert sorted(tag.name for tag in topic.tags.all()) == ["belly", "pain"]
    assert topic.source_language == "es"
    # Both people's tags are kept, and what only one of them changed.
    assert client.post(address(topic), mine | {"tags": "mine"}).status_code == 302
    topic.refresh_from_db()
    assert sorted(tag.name for tag in topic.tags.all()) == ["belly", "mine", "pain"]
    assert topic.source_language == "es"
    # The texts of the languages are guarded apart, and a save of the shared fields keeps them.
    assert client.post(url_of(english), text | {"title": "Belly"}).status_code == 302
    topic.refresh_from_db()
    assert (topic.title_en, topic.title_es) == ("Belly", "Dolor abdominal")


def test_nothing_that_has_editions_can_be_deleted(client, ana):
    english, _spanish = pair()
    topic = HealthTopic.objects.get(pk=english.topic_id)
    group = TopicGroup.objects.get(slug="cancers")
    page = Page.objects.get(key="quality")
    for row in (topic, group, page):
        path = address(row).replace("/change/", "/delete/")
        assert client.get(path).status_code == 403
        assert client.post(path, {"post": "yes"}).status_code == 403
