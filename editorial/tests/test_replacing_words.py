"""Replacing an address: its words too, not by another broken one, and all pages named that are counted."""

from dataclasses import replace

import pytest
from lxml import html as parse

from resources.models import LinkCheck, Resource
from topics.document import Link, Section
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import publish
from topics.richtext import with_address
from topics.tests.documents import ENGLISH, SPANISH
from topics.working_copy import assemble

from .desk import edit, pair
from .test_link_health import NEW, OLD, QUEUE, State, html, known, page_of
from .test_link_health import replace as post_replacement
from .test_links_in_texts import live

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<a href="{OLD}">{OLD}</a>', f'<a href="{NEW}">{NEW}</a>'),
        (f'<a href="{OLD}">example.org/belly</a>', f'<a href="{NEW}">example.org/new-place</a>'),
        (
            f'<a href="{OLD}"><strong>{OLD}</strong></a>',
            f'<a href="{NEW}"><strong>{NEW}</strong></a>',
        ),
        (f'see<a href="{OLD}"> {OLD} </a>now', f'see<a href="{NEW}"> {NEW} </a>now'),
        (f'<a href="{OLD}">See {OLD}</a>', f'<a href="{NEW}">See {OLD}</a>'),
        (f'<a href="{OLD}/x">{OLD}</a>', f'<a href="{OLD}/x">{OLD}</a>'),
        (f'<a href="{OLD}" data-topic="3">{OLD}</a>', f'<a href="{OLD}" data-topic="3">{OLD}</a>'),
        (f"<p>{OLD}</p>", f"<p>{OLD}</p>"),
    ],
)
def test_words_that_are_the_address_follow_it(before, after):
    assert with_address(before, OLD, NEW) == after


def test_words_are_escaped_as_texts_are():
    old, new = "https://example.org/?a=1&b=2", "https://example.org/?c=3&d=<4>"
    text = '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>'
    assert with_address(text, old, new) == (
        '<a href="https://example.org/?c=3&amp;d=&lt;4&gt;">'
        "https://example.org/?c=3&amp;d=&lt;4&gt;</a>"
    )


def test_titles_that_are_the_address_follow_it_everywhere(
    client, ana, django_capture_on_commit_callbacks
):
    english, _spanish = pair()
    Resource.objects.filter(url_en=OLD).update(title_en=OLD)
    body = f'<p>Read <a href="{OLD}">{OLD}</a>.</p>'
    edit(client, english, **{"sections-0-body": body})
    client.post(f"/admin/topics/topiclanguage/{english.pk}/publish/", _shown(client, english))
    before = html(client, "/abdominalpain.html").count(f">{OLD}<")
    assert before
    with django_capture_on_commit_callbacks(execute=True):
        assert post_replacement(client, known(OLD, State.BROKEN), NEW).status_code == 302
    assert Resource.objects.get(url_en=NEW).title_en == NEW
    page = html(client, "/abdominalpain.html")
    assert OLD not in page
    assert page.count(f">{NEW}<") == before
    assert not TopicLanguage.objects.get(pk=english.pk).has_changes


@pytest.mark.parametrize(
    ("old_title", "new_title"), [(OLD, NEW), ("example.org/belly", "example.org/new-place")]
)
def test_titles_of_a_page_that_are_the_address_follow_it_in_what_is_saved_too(
    client, ana, django_capture_on_commit_callbacks, old_title, new_title
):
    """Whether the page leads there by the shared address, in the other language or in a text."""
    english, spanish = pair()
    spanish.placements.update(own_mapped_url=OLD)
    reading = live(
        replace(
            ENGLISH,
            number=9002,
            slug="reading",
            url="https://example.org/reading",
            links=(Link("Elsewhere", "https://example.org/elsewhere", None, ()),),
            summary=(Section(None, None, f'<p><a href="{OLD}">x</a></p>'),),
        )
    )
    assert english.placements.filter(resource__url_en=OLD, own_url=None).exists()
    pages = (english, spanish, reading)
    for page in pages:
        page.placements.filter(position=0).update(own_title=old_title)
        publish(page.pk, by=ana)
    with django_capture_on_commit_callbacks(execute=True):
        assert post_replacement(client, known(OLD, State.BROKEN), NEW).status_code == 302
    for page in pages:
        now = TopicLanguage.objects.select_related("live_edition").get(pk=page.pk)
        document = assemble([now])[page.pk]
        assert document.links[0].title == new_title
        assert document.content_digest() == now.live_edition.digest
        assert not now.has_changes
        assert now.version > page.version


def _shown(client, version):
    form = client.get(f"/admin/topics/topiclanguage/{version.pk}/publish/").context["form"]
    return {name: form[name].value() or "" for name in ("version", "digest")}


def test_a_new_address_that_is_broken_too_has_to_be_agreed_to(client, ana):
    pair()
    Resource.objects.create(title_en="Other", url_en=f"{NEW}/gone")
    known(f"{NEW}/gone", State.BROKEN)
    Resource.objects.filter(title_en="Other").delete()
    link = known_still(OLD)
    answer = post_replacement(client, link, f"{NEW}/gone")
    page = answer.content.decode()
    assert "The new address is known to be broken itself." in page
    assert 'name="even_broken"' in page
    assert Resource.objects.filter(url_en=OLD).exists()
    posted = {"replace": "1", "new": f"{NEW}/gone", "even_broken": "on"}
    assert client.post(page_of(link), posted).status_code == 302
    assert Resource.objects.filter(url_en=f"{NEW}/gone").exists()


def known_still(address):
    """A broken link, without forgetting what is known of addresses that are in use no more."""
    LinkCheck.objects.filter(address=address).delete()
    values = {"digest": "1" * 64, "host": LinkCheck.objects.first().host}
    some = LinkCheck.objects.filter(state=State.BROKEN).values("looked_at", "failing_since").first()
    return LinkCheck.objects.create(
        address=address, state=State.BROKEN, failures=3, **values, **some
    )


def test_a_moved_link_is_not_led_to_a_broken_one_by_the_dozen(client, ana):
    pair()
    Resource.objects.create(title_en="Other", url_en=NEW)
    known(NEW, State.BROKEN)
    link = known(OLD, State.MOVED)
    chosen = {"action": "take_new_address", "_selected_action": [link.pk]}
    told = client.post(QUEUE, chosen, follow=True).content.decode()
    assert "The new address is known to be broken itself." in told
    assert Resource.objects.filter(url_en=OLD).exists()


def test_every_live_page_that_is_counted_is_named(client, ana):
    """Also those that show it as the page in the other language, or in what is live only."""
    english, spanish = pair()
    gone = live(
        replace(
            SPANISH,
            number=9002,
            slug="otro",
            url="https://example.org/otro",
            links=(),
            summary=(Section(None, None, f'<p><a href="{OLD}">x</a></p>'),),
        ),
        HealthTopic.objects.create(),
    )
    edit(client, gone, **{"sections-0-body": "<p>Nada</p>"})
    english.placements.filter(resource__url_en=OLD).update(own_url=NEW)
    page = html(client, page_of(known(OLD, State.BROKEN)))
    tree = parse.fromstring(page)
    rows = tree.xpath("//section[@aria-labelledby='part-stands']//li")
    words = [" ".join(row.text_content().split()) for row in rows]
    counted = tree.xpath("string(//p[@class='shown-on'])")
    named = [row for row in words if "not on the live page" not in row]
    assert f"Shown on {len(named)} live page" in counted
    assert any("on the live page only" in row for row in words)
    assert any("as the page in the other language" in row for row in words)
