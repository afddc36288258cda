"""A private link shows one draft to whoever has it, for a while, and nothing else to anybody."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from topics.models import DraftLink, HealthTopic

from .desk import pair, person, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    """Somebody without an account."""
    return Client()


def make(client, version, **data):
    """Make a link as an editor does; the path that the page shows once."""
    posted = {"whom": "Dr. Vega", "days": "7"} | data
    page = client.post(url_of(version, "preview/share"), posted).content.decode()
    return re.search(r'value="https?://[^/]+(/[^"]+)"', page)[1]


def test_a_link_shows_what_is_saved_to_somebody_without_an_account(client, doctor, ana):
    english, spanish = pair(live=False)
    HealthTopic.objects.filter(pk=spanish.topic_id).update(title_es="Sin publicar")
    path = make(client, spanish)
    assert path.startswith("/spanish/draft/")
    response = doctor.get(path)
    page = response.content.decode()
    assert "<h1>Sin publicar</h1>" in page
    assert '<aside class="notice" lang="es"' in page
    assert "Borrador para su revisión" in page
    assert "Abdominal Pain" not in page
    assert (response.status_code, response.headers["Content-Language"]) == (200, "es")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert not response.cookies
    # English is another draft, which this link does not show.
    assert doctor.get(path.removeprefix("/spanish")).status_code == 404
    assert doctor.get(url_of(english, "preview/page")).status_code == 302


def test_only_a_digest_of_the_secret_is_stored(client, ana):
    english, _spanish = pair(live=False)
    token = make(client, english).split("/")[2]
    assert len(token) == 43
    stored = DraftLink.objects.values().get()
    assert token not in str(stored)
    assert token not in str(list(LogEntry.objects.values()))
    assert token not in client.get(url_of(english, "preview")).content.decode()
    assert make(client, english).split("/")[2] != token


def end_by_time(_client, link):
    DraftLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def end_by_hand(client, link):
    address = url_of(link.topic_language, f"preview/share/{link.pk}/revoke")
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert "private link revoked" in str(list(LogEntry.objects.values()))


def end_with_the_account(_client, _link):
    User.objects.update(is_active=False)


def end_with_the_desk(_client, _link):
    User.objects.update(is_staff=False)


def end_with_the_right(_client, _link):
    """Ana is an editor no more; of the topic she has nothing to see."""
    User.objects.update(is_superuser=False)


ENDS = [end_by_time, end_by_hand, end_with_the_account, end_with_the_desk, end_with_the_right]


@pytest.mark.parametrize("end", ENDS)
def test_a_link_ends(client, doctor, ana, end):
    english, _spanish = pair(live=False)
    path = make(client, english)
    assert "Dr. Vega" in client.get(url_of(english, "preview")).content.decode()
    end(client, DraftLink.objects.get())
    response = doctor.get(path)
    assert response.status_code == 410
    assert "This private link has ended" in response.content.decode()
    assert "Abdominal Pain" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "1", "..", "A" * 43, "ñ"])
def test_a_guessed_link_leads_nowhere(client, doctor, ana, token):
    english, _spanish = pair(live=False)
    make(client, english)
    for prefix in ("", "/spanish"):
        response = doctor.get(f"{prefix}/draft/{token}/")
        assert response.status_code == 404
        assert "Abdominal Pain" not in response.content.decode()


def test_a_link_can_only_be_read(client, doctor, ana):
    english, _spanish = pair(live=False)
    path = make(client, english)
    assert doctor.head(path).status_code == 200
    assert doctor.post(path).status_code == 405
    assert "no-store" in doctor.post(path).headers["Cache-Control"]


def test_links_are_made_and_revoked_by_who_may_write_and_for_their_own_topic(client, ana):
    english, spanish = pair(live=False)
    make(client, english)
    link = DraftLink.objects.get()
    # Another topic's address with this link's key, and a key that is none.
    assert client.post(url_of(spanish, f"preview/share/{link.pk}/revoke")).status_code == 404
    assert client.post(url_of(english, "preview/share/999999/revoke")).status_code == 404
    client.force_login(person("Leo", "view_topiclanguage"))
    assert "private link" not in client.get(url_of(english, "preview")).content.decode()
    assert client.post(url_of(english, "preview/share"), {"days": "7"}).status_code == 403
    assert client.post(url_of(english, f"preview/share/{link.pk}/revoke")).status_code == 403
    assert DraftLink.objects.get().revoked_at is None


@pytest.mark.parametrize("days", ["", "0", "365", "x"])
def test_a_link_works_for_one_of_the_terms_offered(client, ana, days):
    english, _spanish = pair(live=False)
    response = client.post(url_of(english, "preview/share"), {"days": days, "whom": "Kept"})
    assert response.status_code == 400
    assert "Kept" in response.content.decode()
    assert not DraftLink.objects.exists()


def test_a_link_ends_with_the_right_of_who_made_it_and_with_no_other(client, doctor):
    english, spanish = pair(live=False)
    eva = person("Eva", "view_topiclanguage", "translate_es")
    client.force_login(eva)
    path = make(client, spanish)
    assert doctor.get(path).status_code == 200
    eva.user_permissions.set(Permission.objects.filter(codename="translate_es"))
    assert doctor.get(path).status_code == 200, "she still writes the Spanish"
    eva.user_permissions.set(Permission.objects.filter(codename="translate_en"))
    assert doctor.get(path).status_code == 410
    client.force_login(User.objects.create_superuser("ana"))
    assert "Dr. Vega" not in client.get(url_of(spanish, "preview")).content.decode()
    eva.user_permissions.set(Permission.objects.filter(codename="view_topiclanguage"))
    assert doctor.get(path).status_code == 200


def test_a_link_to_what_is_public_does_not_call_it_a_draft(client, doctor, ana):
    english, _spanish = pair()
    page = doctor.get(make(client, english)).content.decode()
    assert "as the public sees it now" in page and "not public" not in page
