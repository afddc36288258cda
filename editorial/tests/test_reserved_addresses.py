"""No form gives anybody an address at which the site itself answers."""

import pytest
from django.contrib.auth.models import User

from topics.document import GroupReference
from topics.models import Page, TopicGroup, TopicLanguage
from topics.working_copy.groups import group_rows

from .desk import fields, pair, url_of

pytestmark = pytest.mark.django_db

SLUGS = ["healthtopics", "all_healthtopics", "healthtopics_a", "search", "about", "spanish/anemia"]
SENTENCE = "belongs to the site itself"


@pytest.fixture(autouse=True)
def ana(client):
    client.force_login(User.objects.create_superuser("ana", password="x"))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_topic_cannot_take_it(client, slug):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english))) | {"slug": slug}
    assert SENTENCE in client.post(url_of(english), posted).content.decode()
    new = {"language": "en", "first_title": "New", "slug": slug}
    assert SENTENCE in client.post("/admin/topics/healthtopic/add/", new).content.decode()
    assert not TopicLanguage.objects.filter(slug=slug).exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_group_cannot_take_it(client, slug):
    new = {"name_en": "New", "slug": slug, "family": "body"}
    assert SENTENCE in client.post("/admin/topics/topicgroup/add/", new).content.decode()
    assert not TopicGroup.objects.filter(slug=slug).exists()


@pytest.mark.parametrize("slug", [*SLUGS, "about/a/b"])
def test_an_about_page_cannot_take_it(client, slug):
    new = {"key": "new", "slug": slug, "position": "9", "title_en": "New"}
    page = client.post("/admin/topics/page/add/", new).content.decode()
    assert SENTENCE in page
    assert "such as “about/" in page
    assert not Page.objects.filter(slug=slug).exists()


def test_what_is_made_from_a_title_or_a_record_is_another_address(client):
    new = {"language": "en", "first_title": "Search", "slug": ""}
    assert client.post("/admin/topics/healthtopic/add/", new).status_code == 302
    assert TopicLanguage.objects.get().slug == "search-2"
    document = type(
        "Document", (), {"language": "en", "groups": (GroupReference(999, "About", None),)}
    )
    assert [group.slug for group in group_rows([(None, document)]).values()] == ["about-2"]
