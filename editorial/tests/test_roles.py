"""The roles, and topics that are limited to their owners."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command

from editorial.roles.table import ROLES
from topics.models import HealthTopic

from .desk import fields, pair, person, url_of

pytestmark = pytest.mark.django_db


def create_roles() -> str:
    said = StringIO()
    call_command("create_roles", stdout=said)
    return said.getvalue()


def in_role(role: str, name: str) -> User:
    somebody = person(name)
    somebody.groups.add(Group.objects.get(name=role))
    return somebody


def test_making_the_roles_twice_changes_nothing_and_keeps_who_is_in_them():
    first = create_roles()
    assert first.count("made, with") == len(ROLES)
    eve = in_role("Editor", "Eve")
    assert create_roles().count("as it should be") == len(ROLES)
    assert eve.groups.get().name == "Editor"


def test_a_right_given_to_a_role_by_hand_is_taken_back():
    create_roles()
    editor = Group.objects.get(name="Editor")
    editor.permissions.add(Permission.objects.get(codename="publish_topiclanguage"))
    assert "Editor: 0 rights given, 1 taken back" in create_roles()
    assert not editor.permissions.filter(codename="publish_topiclanguage").exists()


def test_an_unknown_right_makes_no_role_at_all(monkeypatch):
    monkeypatch.setitem(ROLES, "Ghost", ({}, ("topics.haunt",)))
    with pytest.raises(CommandError, match="topics.haunt"):
        create_roles()
    assert not Group.objects.exists()


def test_a_topic_limited_to_owners_is_changed_by_them_alone(client):
    create_roles()
    english, _spanish = pair()
    eve, olga = in_role("Editor", "Eve"), in_role("Editor", "Olga")
    english.topic.owners.add(olga)
    client.force_login(eve)
    assert client.get(url_of(english)).headers["Location"] == url_of(english, "preview")
    preview = client.get(url_of(english, "preview")).content.decode()
    assert "Limited to Olga" in preview
    assert url_of(english, "links") not in preview
    client.force_login(olga)
    posted = fields(client.get(url_of(english)))
    client.force_login(eve)
    assert client.post(url_of(english), posted | {"title": "Eve's"}).status_code == 403
    client.force_login(olga)
    assert client.post(url_of(english), posted | {"title": "Olga's"}).status_code == 302
    assert HealthTopic.objects.get().title_en == "Olga's"


def test_only_who_may_limit_topics_names_owners(client):
    create_roles()
    english, _spanish = pair()
    page = f"/admin/topics/healthtopic/{english.topic_id}/change/"
    eve, ada = in_role("Editor", "Eve"), in_role("Administrator", "Ada")
    client.force_login(ada)
    posted = fields(client.get(page), "healthtopic_form") | {"owners": [str(eve.pk)]}
    client.force_login(eve)
    assert "owners" not in fields(client.get(page), "healthtopic_form")
    assert client.post(page, posted).status_code == 302
    assert not english.topic.owners.exists()
    client.force_login(ada)
    posted = fields(client.get(page), "healthtopic_form") | {"owners": [str(eve.pk)]}
    assert client.post(page, posted).status_code == 302
    assert list(english.topic.owners.all()) == [eve]


def test_an_administrator_makes_nobody_a_superuser_and_takes_over_none(client):
    create_roles()
    root = User.objects.create_superuser("root", password="x")
    eve, ada = in_role("Editor", "Eve"), in_role("Administrator", "Ada")
    client.force_login(ada)
    page = f"/admin/auth/user/{eve.pk}/change/"
    posted = fields(client.get(page), "user_form") | {"is_superuser": "on", "first_name": "Eva"}
    assert client.post(page, posted).status_code == 302
    eve.refresh_from_db()
    assert (eve.first_name, eve.is_superuser) == ("Eva", False)
    assert client.post(f"/admin/auth/user/{root.pk}/change/", posted).status_code == 403
    new = {"password1": "another long one", "password2": "another long one"}
    assert client.post(f"/admin/auth/user/{root.pk}/password/", new).status_code == 403


def test_roles_are_named_in_the_language_of_the_desk(client, ana):
    create_roles()
    client.post("/admin/language/", {"language": "es"})
    page = client.get(f"/admin/auth/user/{ana.pk}/change/").content.decode()
    assert "Traductor al español" in page


def test_a_link_keeper_repairs_links_that_live_pages_show(client):
    create_roles()
    english, _spanish = pair()
    client.force_login(in_role("Link keeper", "Lee"))
    link = english.placements.first().resource
    page = f"/admin/resources/resource/{link.pk}/change/"
    posted = fields(client.get(page), "resource_form") | {"title_en": "A better title"}
    assert client.post(page, posted).status_code == 302
    link.refresh_from_db()
    assert link.title_en == "A better title"


def test_work_on_many_topics_passes_over_those_that_are_limited_to_others(client):
    create_roles()
    english, _spanish = pair()
    english.topic.owners.add(in_role("Editor", "Olga"))
    client.force_login(in_role("Publisher", "Pat"))
    chosen = json.dumps({english.pk: [english.version, ""]})
    posted = {"chosen": chosen, "languages": ["en"], "note": "Gone"}
    page = client.post("/admin/topics/healthtopic/work/withdraw/", posted).content.decode()
    assert "This topic is limited to its owners." in page
    posted = {"chosen": json.dumps({english.topic_id: [english.topic.version, ""]}), "tag": "new"}
    page = client.post("/admin/topics/healthtopic/work/tag/", posted).content.decode()
    assert "This topic is limited to its owners." in page
    english.refresh_from_db()
    assert english.live_edition and not english.topic.tags.exists()


def test_a_role_tells_what_it_may_do_in_the_language_of_the_reader(client):
    create_roles()
    client.force_login(in_role("Administrator", "Ana"))
    client.cookies["django_language"] = "es"
    page = client.get(f"/admin/auth/group/{Group.objects.get(name='Publisher').pk}/change/")
    text = page.content.decode()
    assert "<h1>Función</h1>" in text
    assert "<h2>Responsable de publicación</h2>" in text
    assert "<li>Etiquetas: añadir, modificar, eliminar, ver</li>" in text
    assert "publicar, programar y retirar" in text
    assert "Can " not in text
    assert "Encargado de enlaces" in client.get("/admin/auth/user/").content.decode()
