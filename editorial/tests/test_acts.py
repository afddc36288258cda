"""Who did what, when, to which topic and language, and from where."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from editorial.admins.details import told
from editorial.audit import forget_old_acts, note_act
from editorial.models import Act
from topics.models import HealthTopic

from .desk import EDITOR_RIGHTS, edit, fields, pair, person, to_withdraw, url_of
from .test_publication import publish

pytestmark = pytest.mark.django_db
LIST = "/admin/editorial/act/"


def test_an_act_says_who_what_when_which_and_from_where(client, ana):
    english, _spanish = pair()
    edit(client, english, title="Tummy pain")
    client.post(url_of(english, "preview/share"), {"whom": "Dr. Who", "days": "7"})
    saved, shared = Act.objects.order_by("pk")
    assert (saved.what, saved.person, saved.topic_language_key) == ("text", ana, english.pk)
    assert (saved.topic, saved.language, saved.address) == ("Tummy pain", "en", "127.0.0.1")
    assert shared.what == "private link made"


def test_what_the_sender_says_of_its_address_counts_only_from_a_proxy(client, ana, settings):
    english, _spanish = pair()
    posted = {"whom": "", "days": "7"}
    said = {"HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.4"}
    client.post(url_of(english, "preview/share"), posted, **said)
    settings.BEHIND_PROXY = True
    client.post(url_of(english, "preview/share"), posted, **said)
    said = {"HTTP_X_FORWARDED_FOR": "not an address"}
    client.post(url_of(english, "preview/share"), posted, **said)
    assert [act.address for act in Act.objects.order_by("pk")] == ["127.0.0.1", "203.0.113.4", None]


def test_an_act_is_never_changed_and_deleted_only_when_its_day_has_passed(client, ana):
    english, _spanish = pair()
    edit(client, english, title="Tummy pain")
    for change in (lambda rows: rows.update(what="other"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Act.objects.all())
    assert forget_old_acts() == 0
    old = Act.objects.get()
    old.pk, old.keep_until = None, timezone.localdate() - timedelta(days=3)
    old.save(force_insert=True)
    call_command("forget_acts")
    assert Act.objects.count() == 1


def test_the_list_is_searched_and_filtered(client, ana):
    english, spanish = pair()
    edit(client, english, title="Tummy pain")
    edit(client, spanish, title="Dolor de panza")

    def listed(query):
        found = client.get(LIST + query)
        assert found.status_code == 200
        return [act.topic for act in found.context["cl"].result_list]

    assert listed("") == ["Dolor de panza", "Tummy pain"]
    assert listed("?q=tummy") == ["Tummy pain"]
    assert listed("?language__exact=es") == ["Dolor de panza"]
    assert listed("?q=127.0.0.1&what__exact=published") == []


def test_the_list_answers_about_a_topic_under_any_title_a_day_and_a_person(client, ana):
    english, spanish = pair()
    other = HealthTopic.objects.create(title_en="Cough")
    edit(client, english, title="Tummy pain")
    edit(client, english, title="Belly pain")
    note_act("changed", topic=english.topic, by=None, detail="tags")
    note_act("changed", topic=other, by=None, detail="tags")

    def listed(query):
        found = client.get(LIST + query)
        assert found.status_code == 200
        return sorted(act.topic for act in found.context["cl"].result_list)

    # What it shares is named as it was called when the row was read.
    of_topic = ["Abdominal Pain", "Belly pain", "Tummy pain"]
    assert listed(f"?of={english.topic_id}") == of_topic
    assert listed(f"?of={other.pk}") == ["Cough"]
    assert listed("?of=999999") == listed("?of=x") == listed("?of=999999&_facets=True") == []
    assert len(listed("?of=")) == 4
    assert listed(f"?person__id__exact={ana.pk}") == ["Belly pain", "Tummy pain"]
    today = timezone.localdate()
    day = f"?at__year={today.year}&at__month={today.month}&at__day={today.day}"
    assert len(listed(day)) == 4
    assert listed(f"?at__year={today.year - 1}") == []
    for nonsense in (
        "?at__year=x",
        "?at__year=0",
        "?at__year=99999",
        "?at__year=9999&at__month=12&at__day=31",
    ):
        assert client.get(LIST + nonsense, follow=True).status_code == 200
    page = client.get(f"/admin/topics/healthtopic/{other.pk}/change/").content.decode()
    assert f'href="{LIST}?of={other.pk}"' in page
    client.logout()
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    page = client.get(f"/admin/topics/healthtopic/{other.pk}/change/").content.decode()
    assert LIST not in page


@pytest.mark.parametrize(
    ("what", "kept", "spanish"),
    [
        ("published", "edition 3", "edición 3"),
        ("restored", "save 3", "un guardado anterior"),
        ("merged away", "→ anemia · It was out of date.", "→ anemia · It was out of date."),
        (
            "scheduled",
            "due 2026-12-02T23:31:00+00:00",
            "para el 2 de diciembre de 2026 a las 23:31",
        ),
        ("published", "about page: Disclaimer (es)", "página sobre el sitio: Disclaimer (español)"),
        (
            "changed",
            "user: ben (Roles: Editor + Reviewer)",
            "usuario: ben (Funciones: Editor + Revisor)",
        ),
        (
            "changed",
            "organization: A (B): C (Name (Spanish))",
            "organización: A (B): C (Nombre (español))",
        ),
        ("imported", "demo: topics.xml", "Demostración: topics.xml"),
        ("changed", "something nobody knows: x", "something nobody knows: x"),
        ("other", "", ""),
    ],
)
def test_details_are_told_in_the_language_of_the_reader(what, kept, spanish):
    with translation.override("es"):
        assert told(Act(what=what, detail=kept)) == spanish


def test_what_was_changed_of_a_topic_is_named_as_its_form_names_it(client, ana):
    english, _spanish = pair()
    address = f"/admin/topics/healthtopic/{english.topic_id}/change/"
    posted = fields(client.get(address), "healthtopic_form")
    words = {"image_credit_en": "Ana", "image_license_es": "Dominio público"}
    assert client.post(address, posted | words).status_code == 302
    act = Act.objects.get(what="changed")
    assert act.detail == "Credit of the picture (English), License of the picture (Spanish)"
    with translation.override("es"):
        assert told(act) == "Crédito de la imagen (inglés), Licencia de la imagen (español)"


@pytest.mark.parametrize("what", ["withdrawn", "withdrawal corrected", "private link made"])
@pytest.mark.parametrize(
    "typed", ["due soon", "due 2027-01-01", "save 3", "edition 3", "link: see above (Title)"]
)
def test_what_somebody_typed_is_shown_as_it_was_typed(client, ana, what, typed):
    with transaction.atomic():
        note_act(what, pair()[0], by=ana, detail=typed)
    client.cookies["django_language"] = "es"
    assert f">{typed}</span>" in client.get(LIST).content.decode()


@pytest.mark.parametrize("typed", ["due soon", "due 2027-01-01"])
def test_a_moment_that_is_none_is_shown_as_it_is_kept(typed):
    assert told(Act(what="scheduled", detail=typed)) == typed


def test_an_act_names_the_edition_the_reason_and_the_roles(client, admin_user):
    client.force_login(admin_user)
    call_command("create_roles", stdout=StringIO())
    english, _spanish = pair()
    edit(client, english, title="Tummy pain")
    publish(client, english)
    seen = to_withdraw(client, english)
    client.post(url_of(english, "withdraw"), seen | {"note": "It was wrong."})
    ben = person("Ben")
    role = Group.objects.get(name="Reviewer")
    address = f"/admin/auth/user/{ben.pk}/change/"
    posted = fields(client.get(address), "user_form") | {"groups": [role.pk]}
    assert client.post(address, posted).status_code == 302
    assert list(Act.objects.order_by("pk").values_list("detail", flat=True))[1:] == [
        "edition 2",
        "It was wrong.",
        "user: ben (Roles: Reviewer)",
    ]
    client.cookies["django_language"] = "es"
    page = client.get(LIST).content.decode()
    assert "It was wrong." in page
    assert "usuario: ben (Funciones: Revisor)" in page
    assert "4 acciones" in page
