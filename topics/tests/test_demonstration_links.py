"""The demonstration is no dead end: every address that its pages link to here answers."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from lxml import html

pytestmark = pytest.mark.django_db

HOMES = ("/", "/spanish/")


def linked(path: str, content: bytes) -> set[str]:
    """The addresses on this site that a page links to, without what the server of files answers."""
    here = urlsplit(settings.SITE_URL)
    found = set()
    for href in html.fromstring(content).xpath("//a/@href | //link[@rel='alternate']/@href"):
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{path}", urldefrag(href).url))
        if (parts.scheme, parts.netloc) == (here.scheme, here.netloc):
            found.add(parts._replace(scheme="", netloc="").geturl())
    return {address for address in found if not address.startswith(settings.STATIC_URL)}


def test_every_link_of_the_demonstration_leads_to_a_page(client):
    call_command("load_demo", verbosity=0)
    found_on, waiting, broken = dict.fromkeys(HOMES, ""), list(HOMES), []
    while waiting:
        path = waiting.pop()
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            broken.append((answer.status_code, path, found_on[path]))
        elif answer.headers["Content-Type"].startswith("text/html"):
            new = linked(path, answer.content) - found_on.keys()
            found_on |= dict.fromkeys(new, path)
            waiting += new
    assert broken == []
    assert {"/leukemia.html", "/spanish/leukemia.html"} <= found_on.keys()
    assert len(found_on) > 100
