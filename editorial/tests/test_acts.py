"""Who did what, when, to which topic and language, and from where."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from editorial.audit import forget_old_acts
from editorial.models import Act

from .desk import edit, pair, url_of

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
