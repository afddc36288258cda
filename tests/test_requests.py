"""What every answer carries, whatever room it comes from."""

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language

from medline.language import PathLanguageMiddleware, language_of_path

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/admin/login/", "/no-such-page.html"])
def test_every_answer_carries_the_strict_policy(client, path):
    response = client.get(path)
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "en"),
        ("/asthma.html", "en"),
        ("/spanish/", "es"),
        ("/spanish", "es"),
        ("/spanish/asthma.html", "es"),
        ("/spanishflu.html", "en"),
        ("/es/", "en"),
    ],
)
def test_the_public_language_is_the_one_of_the_address(path, language):
    assert language_of_path(path) == language


@pytest.mark.parametrize(
    ("path", "spoken"),
    [("/asthma.html", "en"), ("/spanish/asthma.html", "es"), ("/admin/", "es")],
)
def test_only_the_admin_listens_to_the_browser(path, spoken):
    heard = []

    def view(request: HttpRequest) -> HttpResponse:
        heard.append(get_language())
        return HttpResponse()

    request = RequestFactory().get(path, headers={"accept-language": "es-MX,es;q=0.9"})
    response = PathLanguageMiddleware(view)(request)
    assert heard == [spoken]
    assert response.headers["Content-Language"] == spoken
    assert get_language() == "en"


@pytest.mark.django_db
def test_the_admin_language_is_chosen_once_and_kept_from_public_pages(client):
    response = client.post("/admin/language/", {"language": "es", "next": "/admin/"})
    assert response.cookies["django_language"].value == "es"
    assert response.cookies["django_language"]["path"] == "/admin/"
    assert 'lang="es"' in client.get("/admin/login/").content.decode()


def test_liveness_asks_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readiness_asks_the_database(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readiness_says_so_when_the_database_is_gone(client, monkeypatch):
    def gone() -> None:
        raise DatabaseError("the database is gone")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"gone" not in response.content


def test_a_wrong_host_is_refused_and_writes_nothing_to_the_log(client, caplog):
    assert client.get("/healthz", headers={"host": "scanner.example"}).status_code == 400
    assert not caplog.records
