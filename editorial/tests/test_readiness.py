"""Whoever publishes is told what to look at first, compared with what the other language says."""

import pytest
from django.db import transaction
from django.utils import timezone

from resources.models import LinkCheck, address_digest
from resources.models.checks import LinkHost
from topics.document import TopicDocument
from topics.models import HealthTopic
from topics.publishing import publish, withdraw
from topics.working_copy import assemble, store

from .desk import pair, url_of
from .test_roles import create_roles, in_role

pytestmark = pytest.mark.django_db


def write(version, body):
    """Put one section into the working copy."""
    with transaction.atomic():
        document = assemble([version])[version.pk]
        section = document.summary[-1]
        changed = document.to_json().replace(section.body.replace('"', '\\"'), body)
        store([(version, TopicDocument.from_json(changed))])


def page_of(client, version):
    return client.get(url_of(version, "publish")).content.decode()


def test_the_publish_page_tells_what_to_look_at(client, ana):
    english, spanish = pair()
    write(english, "<p>Take 50 mg of it.</p>")
    write(spanish, "<p>If you have a fever, call your doctor right away.</p>")
    page = page_of(client, spanish)
    assert "Still in Spanish" not in page
    assert "Still in English, in “¿Cuándo es grave?”: “If you have a fever" in page
    assert "too short to tell" in page
    assert "50 mg" not in page, "English is compared as the public sees it"
    publish(english.pk, by=ana)
    found = "The English text says “50 mg” in “When is it serious?”; this text does not."
    assert found in page_of(client, spanish)


def test_a_draft_takes_the_place_of_what_is_not_public_yet(client, ana):
    english, spanish = pair(live=False)
    write(english, "<p>Take 50 mg of it.</p>")
    assert "The English text says “50 mg”" in page_of(client, spanish)


def test_a_topic_in_one_language_only_says_so(client, ana):
    english, spanish = pair(live=False)
    assert "There is no text in Spanish yet." not in page_of(client, english)
    spanish.delete()
    assert "There is no text in Spanish yet." in page_of(client, english)


def test_a_link_that_is_known_to_be_broken_is_told(client, ana):
    english, _spanish = pair()
    address = "https://example.org/belly"
    LinkCheck.objects.create(
        digest=address_digest(address),
        address=address,
        host=LinkHost.objects.create(name="example.org"),
        state=LinkCheck.State.BROKEN,
        looked_at=timezone.now(),
        failures=3,
        failing_since=timezone.now(),
    )
    assert "The link “Belly pain” is known to be broken." in page_of(client, english)
    LinkCheck.objects.update(state=LinkCheck.State.SUSPECT)
    assert "known to be broken" not in page_of(client, english)


def test_the_page_of_a_topic_counts_what_is_to_be_done_in_each_language(client, ana):
    english, spanish = pair()
    HealthTopic.objects.filter(pk=english.topic_id).update(title_es="")
    page = client.get(f"/admin/topics/healthtopic/{english.topic_id}/change/").content.decode()
    cards = page.split('class="card"')
    assert "thing keeps it from being published" not in cards[1]
    assert "1 thing keeps it from being published." in cards[2]
    found = [cards[number].count("to look at before it is published again") for number in (1, 2)]
    assert found == [1 if _advised(client, version) else 0 for version in (english, spanish)]


def test_who_may_not_publish_sees_which_things_are_meant(client):
    create_roles()
    english, spanish = pair()
    write(spanish, "<p>If you have a fever, call your doctor right away.</p>")
    HealthTopic.objects.filter(pk=english.topic_id).update(title_es="")
    first = f"/admin/topics/healthtopic/{english.topic_id}/change/"
    for role, end in (
        ("Editor", "before"),
        ("Translator into Spanish", "before"),
        ("Publisher", "publish"),
    ):
        client.force_login(in_role(role, role[:5]))
        page = client.get(first).content.decode()
        assert f'<a href="{url_of(spanish, end)}">1 thing keeps it' in page
        assert f'<a href="{url_of(spanish, end)}#part-readiness">' in page
        which = client.get(url_of(spanish, end)).content.decode()
        assert "Still in English, in “¿Cuándo es grave?”: “If you have a fever" in which
        assert "The topic has no title in this language." in which
        assert 'id="part-readiness"' in which
        text = client.get(url_of(spanish)).content.decode()
        assert f'<a href="{url_of(spanish, end)}"' in text, "the text leads there too"
    client.force_login(in_role("Translator into Spanish", "Tom"))
    assert url_of(english, "before") not in client.get(first).content.decode()
    client.force_login(in_role("Reviewer", "Rita"))
    page = client.get(first).content.decode()
    assert "1 thing keeps it" in page and url_of(spanish, "before") not in page
    assert client.get(url_of(spanish, "before")).status_code == 403


@pytest.mark.parametrize(
    ("live", "again"), [(True, " again"), (False, "")], ids=["live", "never published"]
)
def test_only_what_was_public_is_published_again(client, ana, live, again):
    english, spanish = pair(live=live)
    write(spanish, "<p>If you have a fever, call your doctor right away.</p>")
    page = client.get(f"/admin/topics/healthtopic/{english.topic_id}/change/").content.decode()
    assert f"to look at before it is published{again}." in page
    assert ("published again" in page) is live
    if live:
        withdraw(spanish.pk, by=ana, reason="Wrong")
        withdraw(english.pk, by=ana, reason="Wrong")
        page = client.get(f"/admin/topics/healthtopic/{english.topic_id}/change/").content.decode()
        assert "to look at before it is published again." in page


def _advised(client, version):
    return len(client.get(url_of(version, "publish")).context["readiness"].advice)
