"""How much a topic page sends over the wire, for the largest topic of the demonstration."""

import brotli
import pytest
from django.core.management import call_command

from topics.encoding import COMPRESS

from . import source

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database("the same templates make the same pages"),
]

PAGE_AND_STYLE, SCRIPT = 24_000, 15_000


def weight(name: str) -> int:
    """Bytes of a static file, which is compressed once, as much as Brotli can."""
    return len(brotli.compress((source.ROOT / "static" / name).read_bytes()))


def test_a_topic_page_is_light(client):
    call_command("load_demo", verbosity=0)
    style = weight("site.css")
    for path in ("/acutelymphocyticleukemia.html", "/spanish/acutelymphocyticleukemia.html"):
        page = client.get(path).content
        assert len(page) > 20_000, "this is not the large page"
        # As the page cache sends it: a reader is waiting.
        sent = COMPRESS["br"](page)
        assert len(sent) + style <= PAGE_AND_STYLE
        # The style sheet, the script; and nothing else that a page waits for.
        assert page.count(b"<script src=") == page.count(b'rel="stylesheet"') == 1
    assert weight("site.js") <= SCRIPT
