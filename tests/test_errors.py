"""The pages for what goes wrong: in the language of the address, without the database."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from medline.sessions import SessionStore
from topics import live


@pytest.fixture
def client():
    """A visitor who gets the page of an error instead of the error."""
    return Client(raise_request_exception=False)


def failing_with(error):
    def fail(*_arguments):
        raise error

    return fail


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/", "en", "Something went wrong on our side"),
        ("/spanish/", "es", "Ocurrió un error en nuestro sitio"),
        ("/spanish/anemia.html", "es", "Ocurrió un error en nuestro sitio"),
    ],
)
def test_a_mistake_of_ours_is_said_without_the_database(client, monkeypatch, path, language, words):
    monkeypatch.setattr(live, "recent", failing_with(KeyError("secret")))
    monkeypatch.setattr(live, "find", failing_with(KeyError("secret")))
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 500
    assert f'<html lang="{language}">' in page
    assert words in page
    assert "secret" not in page
    assert response["Cache-Control"] == "no-store"
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_a_database_that_does_not_answer_is_said_to_be_a_matter_of_minutes(client, monkeypatch):
    monkeypatch.setattr(
        live, "read_frame", failing_with(OperationalError("no route to db.internal"))
    )
    monkeypatch.setattr(live, "find", failing_with(OperationalError("no route to db.internal")))
    # The ordinary 404 page needs the frame too.
    for path in ("/spanish/anemia.html", "/spanish/nowhere"):
        response = client.get(path)
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
        assert "no está disponible en este momento" in response.content.decode()
        assert "db.internal" not in response.content.decode()


# Who is signed in is asked by what answers a token that is too old, and by what keeps forms.
@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.django_db
def test_a_form_of_the_desk_sent_when_the_database_goes_away_is_503(monkeypatch, checks):
    monkeypatch.setattr(SessionStore, "load", failing_with(OperationalError("no route")))
    client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    headers = {"Accept": "text/html", "Origin": "http://testserver"}
    response = client.post("/admin/topics/healthtopic/add/", {"title": "x"}, headers=headers)
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_a_host_that_is_not_ours_gets_a_page_too(client):
    response = client.get("/spanish/", headers={"Host": "evil.example.org"})
    assert response.status_code == 400
    assert "Esta solicitud no es válida" in response.content.decode()
    assert "evil.example.org" not in response.content.decode()
