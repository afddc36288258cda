"""What the desk says to who is refused, finds nothing or meets a mistake: in its design and language."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core import management
from django.db import OperationalError
from django.test import Client
from lxml import html

from editorial.start.site import DeskSite
from topics.models import HealthTopic

from .desk import pair, person, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("pages that say a sentence")]


@pytest.fixture
def ana():
    """Ana works here, in the role of an editor."""
    management.call_command("create_roles", stdout=StringIO())
    somebody = person("Ana")
    somebody.groups.add(Group.objects.get(name="Editor"))
    return somebody


@pytest.fixture
def client(ana):
    browser = Client(raise_request_exception=False)
    browser.force_login(ana)
    return browser


def words(answer) -> str:
    return " ".join(html.fromstring(answer.content.decode()).xpath("string(//main)").split())


def test_who_is_refused_learns_as_whom_which_roles_could_and_where_to_go_on(client):
    english, _spanish = pair()
    address = url_of(english, "publish")
    answer = client.get(address)
    assert answer.status_code == 403
    assert "You are signed in as Ana, with the role Editor." in words(answer)
    assert "It takes one of these roles: AdministratorPublisher If it" in words(answer)
    page = html.fromstring(answer.content.decode())
    assert page.xpath("//main//a[@href='/admin/']")
    following = page.xpath("string(//main//input[@name='next']/@value)")
    signed_out = client.post("/admin/logout/", {"next": following})
    assert signed_out["Location"] == following
    assert address in client.get(following).content.decode()


def test_the_page_of_the_refused_is_in_her_language(client):
    client.cookies["django_language"] = "es"
    answer = client.get("/admin/topics/topictag/1/delete/")
    assert answer.status_code == 403
    assert "No tiene permiso para esto" in words(answer)
    assert "Responsable de publicación" in words(answer)
    assert html.fromstring(answer.content.decode()).get("lang") == "es"


def test_a_translator_is_named_for_her_own_language_only(client, ana):
    _english, spanish = pair()
    ana.groups.set([Group.objects.get(name="Reviewer")])
    said = words(client.get(url_of(spanish, "links")))
    assert "Translator into Spanish" in said
    assert "Translator into English" not in said


def test_a_limited_topic_is_not_a_matter_of_roles(client):
    english, _spanish = pair()
    HealthTopic.objects.get(pk=english.topic_id).owners.add(person("Ben"))
    said = words(client.get(url_of(english, "links")))
    assert "limited to other people" in said
    assert "one of these roles" not in said


def test_who_may_only_look_learns_which_roles_may_change(client, ana):
    english, _spanish = pair()
    ana.groups.set([Group.objects.get(name="Reviewer")])
    address = f"/admin/topics/healthtopic/{english.topic_id}/change/"
    assert client.get(address).status_code == 200
    answer = client.post(address)
    assert answer.status_code == 403
    assert "It takes one of these roles: AdministratorEditor" in words(answer)
    assert "in general" not in words(answer)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is nothing at this address"), ("es", "No hay nada en esta dirección")],
)
def test_an_address_of_the_desk_at_which_nothing_is_leads_back_to_the_desk(
    client, language, sentence
):
    client.cookies["django_language"] = language
    for address in ("/admin/nowhere/", "/admin/topics/topiclanguage/999/links/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert sentence in words(answer)
        assert answer.headers.get("Content-Encoding") is None


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (KeyError("secret"), 500, "Ocurrió un error en nuestro sitio"),
        (OperationalError("db.internal"), 503, "no está disponible en este momento"),
    ],
)
def test_a_mistake_is_said_in_the_design_of_the_desk(client, monkeypatch, error, status, sentence):
    def fail(*_arguments, **_named):
        raise error

    monkeypatch.setattr(DeskSite, "each_context", fail)
    client.cookies["django_language"] = "es"
    answer = client.get("/admin/")
    assert answer.status_code == status
    assert sentence in words(answer)
    assert "/static/editorial/desk" in answer.content.decode()


def test_a_form_with_an_old_token_leads_back_to_the_desk(ana):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["django_language"] = "es"
    answer = browser.post("/admin/login/", {"username": "ana", "password": "x"})
    assert answer.status_code == 403
    assert "/static/editorial/desk" in answer.content.decode()
    assert "Ir a la página de inicio" in words(answer)
