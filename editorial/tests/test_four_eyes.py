"""With four eyes, whoever saved a text last publishes it in no way there is."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from topics import publishing
from topics.editions.scheduling import schedule
from topics.models import TopicLanguage

from .desk import edit, pair, person, url_of

pytestmark = pytest.mark.django_db

REFUSED = "Somebody else has to look at it and publish it."
RIGHTS = ("view_topiclanguage", "change_topiclanguage", "publish_topiclanguage")


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
    many = {"chosen": json.dumps({written.pk: written.version}), "languages": ["en"]}
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
    TopicLanguage.objects.filter(pk=written.pk).update(changed_by=None)
    assert publishing.publish(written.pk, by=None).number == 2


def test_a_site_without_four_eyes_lets_her(client, settings, written):
    settings.FOUR_EYES = False
    assert publish_page(client, written).status_code == 302
