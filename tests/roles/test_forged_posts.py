"""A translator's request changes nothing but her language, whatever it posts and wherever to."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test.utils import CaptureQueriesContext

from editorial.tests.desk import fields, pair, url_of, working_copy
from topics.models import HealthTopic

from .walking import Site

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database("what is not allowed is not written, wherever it would be written to"),
]

# Of these, rows come and go with the work of anybody at the desk.
OF_THE_DESK = {
    "Session",
    "LogEntry",
    "Draft",
    "DraftLink",
    "UnsavedText",
    "OpenPage",
    "Preference",
    "Act",
}
# How statements begin that change no row.
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")
# What is new here may hold her language only; a new row of anything else is a fault.
MAY_BE_NEW = {"Resource", "Organization", "ResourceOrganization", "TopicSection"}


@pytest.fixture
def site():
    return Site()


def everything_but(language: str) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of the project by model and key, without what belongs to one language."""
    found = {}
    for model in apps.get_models():
        if model.__name__ in OF_THE_DESK:
            continue
        rows = model._base_manager.all()
        names = {field.name for field in model._meta.get_fields()}
        if "topic_language" in names:
            rows = rows.exclude(topic_language__language=language)
        elif "language" in names:
            rows = rows.exclude(language=language)
        found[model.__name__] = {
            row["pk"]: {
                name: value for name, value in row.items() if not name.endswith(f"_{language}")
            }
            for row in rows.values("pk", *(field.attname for field in model._meta.concrete_fields))
        }
    found["User"] = {key: row | {"last_login": None} for key, row in found["User"].items()}
    found["owners"] = {
        row["pk"]: row for row in HealthTopic.owners.through.objects.values("pk", "user_id")
    }
    found["rights"] = {
        row["pk"]: row
        for row in User.user_permissions.through.objects.values("pk", "permission_id")
    }
    found["roles"] = {
        row["pk"]: row for row in User.groups.through.objects.values("pk", "group_id")
    }
    return found


def assert_untouched(before: dict, after: dict, what: Any) -> None:
    for name, rows in after.items():
        assert {key: rows.get(key) for key in before[name]} == before[name], (what, name)
        new = [row for key, row in rows.items() if key not in before[name]]
        assert not new or name in MAY_BE_NEW, (what, name)
        for row in new:
            assert not any(value for key, value in row.items() if key.endswith("_en")), (what, row)


def poison(site: Site, client: Any) -> dict[str, Any]:
    """The forms of English and of everything shared as one post, with every text replaced."""
    posted: dict[str, Any] = {}
    for path in (
        f"/admin/topics/healthtopic/{site.english.topic_id}/change/",
        f"/admin/resources/resource/{site.rows['resources/resource'].pk}/change/",
        f"/admin/auth/user/{site.people['s'].pk}/change/",
    ):
        posted |= fields(client.get(path), form=path.split("/")[3] + "_form")
    for end in ("links", "change"):
        posted |= fields(client.get(url_of(site.english, end)))
    form = client.get(url_of(site.english, "publish")).context["form"]
    posted |= {name: form[name].value() or "" for name in form.fields}
    texts = ("title", "first_title", "slug", "name", "title_en", "title_es", "name_en", "body_en")
    return posted | {
        **dict.fromkeys(texts, "forged"),
        **{name: "forged" for name in posted if name.endswith(("-heading", "-body", "-own_title"))},
        "is_superuser": "on",
        "groups": "1",
        "owners": str(site.people["s"].pk),
        "action": "mark_fine",
        "_selected_action": "1",
        "fine": "1",
        "replace": "1",
        "new": "https://forged.example.org/",
        "language": "en",
        "also": "on",
        "when": "now",
        "_publish_en": "1",
        "_publish_es": "1",
        "post": "yes",
        "outcome": "fine",
        "note": "x",
    }


def test_what_a_translator_posts_changes_no_other_language_and_nothing_shared(site, monkeypatch):
    User.objects.create_superuser("root", password="x")
    administrator = site.client("")
    administrator.force_login(User.objects.get(username="root"))
    posted = poison(site, administrator)
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    client = site.client("s")
    before = everything_but("es")
    places = [
        address
        for address in site.addresses
        if address.name not in ("logout", "login", "password_change", "set_language")
    ]
    for address in places:
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                client.post(address.path, posted)
                client.put(address.path, "title=forged", "application/x-www-form-urlencoded")
            # Reading every row takes long, and most addresses write none.
            if not all(query["sql"].startswith(READS) for query in asked):
                assert_untouched(before, everything_but("es"), address)
            transaction.set_rollback(True)


def test_a_translator_saves_her_language_though_english_is_posted_with_it(site):
    client = site.client("s")
    english = working_copy(site.english)
    before = everything_but("es")
    posted = fields(client.get(url_of(site.spanish))) | {
        "title": "Nuevo título",
        "title_en": "forged",
        "language": "en",
        "topic_language": str(site.english.pk),
    }
    assert client.post(url_of(site.spanish), posted).status_code == 302
    site.spanish.topic.refresh_from_db()
    assert site.spanish.topic.title_es == "Nuevo título"
    assert working_copy(site.english) == english
    assert_untouched(before, everything_but("es"), "change")


def test_a_translator_adds_a_link_with_the_side_of_her_language(site):
    client = site.client("s")
    posted = fields(client.get(url_of(site.spanish, "links"))) | {
        "new-TOTAL_FORMS": "1",
        "new-0-link": "https://example.org/nuevo",
        "new-0-title": "Nuevo",
        "new-0-categories": "Comience aquí",
        "new-0-organizations": "Casa Nueva",
    }
    assert client.post(url_of(site.spanish, "links"), posted).status_code == 302
    link = site.spanish.placements.last().resource
    assert (link.title_es, link.title_en, link.url_en) == ("Nuevo", None, None)


def test_the_right_to_one_language_is_none_to_the_other(client):
    english, spanish = pair()
    somebody = User.objects.create_user("sol", is_staff=True)
    somebody.user_permissions.set(Permission.objects.filter(codename="translate_es"))
    client.force_login(somebody)
    assert client.get(url_of(spanish)).status_code == 200
    assert client.get(url_of(english)).status_code == 403
