"""Every page of the desk: for whom it opens, what it costs, and that nothing is inline."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from resources.models import Resource, ResourceOrganization
from topics.models import HealthTopic, Page, Placement, RelatedTopic, TopicGroup, TopicLanguage

from .desk import EDITOR_RIGHTS, pair, person, url_of

pytestmark = pytest.mark.django_db

ENDS = (
    "change",
    "links",
    "links/find",
    "topics/find",
    "preview",
    "publish",
    "withdraw",
    "editions",
)
# A data block, which is what a page says to machines, is no script to the policy.
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:"
    r"|<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\")",
    re.IGNORECASE,
)


def pages():
    """Every address of the desk that a GET may ask for."""
    english, _spanish = pair()
    found = [reverse("admin:index")]
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    for model, options in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"admin:{name}_changelist"))
        if model is not TopicLanguage and options.has_add_permission(request):
            found.append(reverse(f"admin:{name}_add"))
    rows = [
        HealthTopic.objects.get(pk=english.topic_id),
        Resource.objects.first(),
        TopicGroup.objects.first(),
        Page.objects.first(),
    ]
    found += [
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for row in rows
    ]
    found += [url_of(english, end) for end in (*ENDS, "editions/1")]
    return [*found, "/admin/topics/installation/1/change/"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_in_both_languages_under_the_strict_policy(client, language):
    client.force_login(User.objects.create_superuser("ana", password="x"))
    client.cookies["django_language"] = language
    for path in pages():
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert {"script-src 'self'", "style-src 'self'"} <= set(policy)
        if "html" not in response.headers["Content-Type"]:
            continue
        page = response.content.decode()
        assert f'<html lang="{language}"' in page or "/preview/" in path or "/editions/1" in path
        assert not INLINE.search(page), (path, INLINE.search(page))


def test_nobody_who_is_not_signed_in_opens_any_page(client):
    for path in pages():
        for ask in (client.get, client.post):
            response = ask(path)
            assert response.status_code == 302, path
            assert response["Location"].startswith("/admin/login/"), path


def test_staff_without_rights_opens_no_page_of_a_topic(client):
    found = pages()
    client.force_login(person("Zoe"))
    for path in found:
        if path != "/admin/":
            assert client.get(path, follow=True).status_code == 403, path
            assert client.post(path, follow=True).status_code in (403, 405), path


def test_who_may_only_look_cannot_change(client):
    english, _spanish = pair()
    client.force_login(person("Leo", "view_healthtopic", "view_topiclanguage"))
    for end in ("preview", "editions", "editions/1"):
        assert client.get(url_of(english, end)).status_code == 200
        assert client.post(url_of(english, end)).status_code == 405
    for end in ("change", "links"):
        assert client.post(url_of(english, end), {}).status_code == 403
    start = reverse("admin:topics_healthtopic_start", args=[english.topic_id, "es"])
    assert client.post(start).status_code == 403


def with_links(version, count):
    """A topic with many links, names and related topics."""
    begin = Resource.objects.count()
    for number in range(begin, begin + count):
        link = Resource.objects.create(
            title_en=f"Link {number}", url_en=f"https://example.org/{number}"
        )
        organization = link.organizations.model.objects.create(name_en=f"Body {number}")
        ResourceOrganization.objects.create(resource=link, language="en", organization=organization)
        Placement.objects.create(
            topic_language=version, resource=link, position=number, categories=["start-here"]
        )
    for number in range(begin, begin + count // 4):
        topic = HealthTopic.objects.create(title_en=f"Topic {number}")
        target = TopicLanguage.objects.create(topic=topic, language="en", slug=f"topic{number}")
        RelatedTopic.objects.create(topic_language=version, target=target, position=number)


@pytest.mark.parametrize("end", ["change", "links", "publish", "preview", "editions"])
def test_the_pages_of_a_topic_cost_no_more_with_sixty_links(client, end):
    english, _spanish = pair()
    client.force_login(User.objects.create_superuser("ana", password="x"))
    costs = []
    for count in (4, 60):
        with_links(english, count)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url_of(english, end))
        assert response.status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 40
    assert len(response.content) < 400_000


def test_the_list_of_topics_costs_no_more_with_many(client):
    english, _spanish = pair()
    client.force_login(User.objects.create_superuser("ana", password="x"))
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/topics/healthtopic/").status_code == 200
        costs.append(len(queries))
        with_links(english, 40)
    assert costs[0] == costs[1] <= 20


def test_the_list_is_searched_in_both_languages_and_narrowed_down(client):
    english, _spanish = pair()
    lonely = HealthTopic.objects.create(title_es="Úlcera")
    TopicLanguage.objects.create(topic=lonely, language="es", slug="ulcera")
    lonely.tags.add("stomach")
    client.force_login(person("Eva", *EDITOR_RIGHTS))

    def listed(**query):
        response = client.get("/admin/topics/healthtopic/", query)
        return [str(topic) for topic in response.context["cl"].result_list]

    for words in ("Abdominal", "abdominal", "Tummy", "panza", "abdominalpain"):
        assert listed(q=words) == ["Abdominal Pain"], words
    assert listed(q="lcera") == ["Úlcera"]
    assert listed(state_en="missing") == listed(state_es="draft") == ["Úlcera"]
    assert listed(state_en="live") == ["Abdominal Pain"]
    group = TopicGroup.objects.get(slug="digestivesystem")
    assert listed(group=group.pk) == ["Abdominal Pain"]
    assert listed(tag=lonely.tags.get().pk) == ["Úlcera"]
    assert listed(state_en="nonsense", group="x", tag="x") == listed()
    TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True)
    assert listed(state_en="changed") == ["Abdominal Pain"]


def test_the_admin_speaks_the_language_chosen_in_its_header(client):
    client.force_login(User.objects.create_superuser("ana", password="x"))
    page = client.get("/admin/").content.decode()
    assert 'action="/admin/language/"' in page
    client.post("/admin/language/", {"language": "es", "next": "/admin/"})
    assert "Cerrar sesión" in client.get("/admin/").content.decode()
