"""A network in front of the site drops its pages after whatever changes one, and never before."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from medline.pagecache import cdn
from medline.pagecache.release import release
from topics.tests.public import name_the_site, plain, publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(settings):
    """What a network was sent: the headers of each purge."""
    purges = []
    arrived = threading.Semaphore(0)

    class Purge(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            purges.append((self.path, dict(self.headers)))
            self.send_response(204)
            self.end_headers()
            arrived.release()

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Purge)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    settings.CDN_PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge"
    settings.CDN_PURGE_TOKEN = "a token"
    purges_after = lambda: arrived.acquire(timeout=10) and purges  # noqa: E731
    yield purges, purges_after
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_publish_purges_once_it_is_committed(network):
    purges, arrived = network
    with transaction.atomic():
        publish(plain("Malaria", 40))
        assert purges == []
    path, headers = arrived()[0]
    assert path == "/purge"
    assert headers["Surrogate-Key"] == "pages"
    assert headers["Authorization"] == "Bearer a token"


def test_words_of_the_site_purge_too(network):
    with transaction.atomic():
        name_the_site(name_en="Health")
    _purges, arrived = network
    assert arrived()


def test_what_is_not_committed_purges_nothing(network, monkeypatch):
    started = []
    monkeypatch.setattr(cdn, "purge", lambda: started.append(1))
    with pytest.raises(KeyError), transaction.atomic():
        name_the_site(name_en="Never")
        raise KeyError
    assert started == []


def test_a_network_that_does_not_answer_hinders_no_publish(settings, caplog):
    settings.CDN_PURGE_URL = "http://127.0.0.1:9/"
    assert cdn.purge() is False
    assert "not purged" in caplog.text
    with transaction.atomic():
        publish(plain("Malaria", 40))


def test_pages_kept_without_a_network_in_front_are_not_shown_behind_one(settings):
    settings.CDN_PURGE_URL = ""
    before = release()
    settings.CDN_PURGE_URL = "https://cdn.example.org/purge"
    assert release() != before
