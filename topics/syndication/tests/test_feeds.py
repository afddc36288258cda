"""The feeds: what stands in them, that they keep to their formats, and when they stop."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree

from topics.models import Address, HealthTopic, Origin, TopicGroup, TopicLanguage
from topics.publishing import Publication, append_editions, withdraw
from topics.tests.documents import saved
from topics.tests.public import ANEMIA, ANEMIA_ES, LEUCEMIA, LEUKEMIA, name_the_site, plain, publish

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))
# RFC 4151, as the feed validator of the W3C reads it.
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]*")
FEEDS = ["feeds/whatsnew", "feeds/groups/cancers", "feeds/topics/acuteleukemia"]


@pytest.fixture
def site():
    """Two topics in both languages."""
    name_the_site(name_en="Our Library", name_es="Nuestra biblioteca", publisher="A Department")
    publish(ANEMIA, ANEMIA_ES)
    publish(LEUKEMIA, LEUCEMIA)


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.content
    return etree.fromstring(response.content)


def only(element, path):
    (found,) = element.xpath(path, namespaces=ATOM)
    return found if isinstance(found, str) else found.text


# --- The formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "spanish/"])
@pytest.mark.parametrize("name", FEEDS)
def test_atom_keeps_to_its_grammar(client, site, settings, name, prefix):
    settings.SITE_URL = "https://health.example.org:8443"
    path = f"/{prefix}{name}.atom"
    feed = read(client, path)
    GRAMMAR.assertValid(feed)
    # The Schematron rules: an author, and in each entry a link to the page it is about.
    assert only(feed, "a:author/a:name") == "A Department"
    for entry in feed.iterfind("a:entry", ATOM):
        assert TAG.fullmatch(only(entry, "a:id"))
        assert only(entry, "a:link[@rel='alternate']/@href").startswith(
            f"{settings.SITE_URL}/{prefix}"
        )
    assert only(feed, "a:link[@rel='self']/@href") == f"{settings.SITE_URL}{path}"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == ("es" if prefix else "en")


@pytest.mark.parametrize("prefix", ["", "spanish/"])
@pytest.mark.parametrize("name", FEEDS)
def test_rss_has_what_its_specification_asks_for(client, site, name, prefix):
    path = f"/{prefix}{name}.xml"
    rss = read(client, path)
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    (channel,) = rss
    for element in ("title", "link", "description", "language", "lastBuildDate"):
        assert only(channel, element).strip()
    assert only(channel, "language") == ("es" if prefix else "en")
    assert only(channel, "link").startswith(f"{SITE}/{prefix}")
    assert only(channel, "a:link[@rel='self']/@href") == SITE + path
    items = channel.findall("item")
    assert items
    for item in items:
        assert only(item, "title") and only(item, "description")
        assert only(item, "link").startswith(f"{SITE}/{prefix}")
        assert only(item, "guid[@isPermaLink='false']").startswith("tag:127.0.0.1,2026:")
        assert parsedate_to_datetime(only(item, "pubDate")).tzinfo
    guids = [only(item, "guid") for item in items]
    assert len(set(guids)) == len(guids)


def test_the_grammar_notices_what_is_wrong(client, site):
    feed = read(client, "/feeds/whatsnew.atom")
    feed.remove(feed.find("a:entry/a:updated/..", ATOM).getparent().find("a:updated", ATOM))
    assert not GRAMMAR.validate(feed)


def test_both_formats_are_served_as_what_they_are(client, site):
    assert client.get("/feeds/whatsnew.xml")["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert (
        client.get("/feeds/whatsnew.atom")["Content-Type"] == "application/atom+xml; charset=utf-8"
    )
    assert client.get("/spanish/feeds/whatsnew.xml")["Content-Language"] == "es"


# --- What stands in them ----------------------------------------------------------------------------


def test_whats_new_shows_what_changed_last_in_the_language_of_its_address(client, site):
    channel = read(client, "/feeds/whatsnew.xml")[0]
    assert only(channel, "title") == "What’s New – Our Library"
    assert [item.text for item in channel.iterfind("item/title")] == ["Acute Leukemia", "Anemia"]
    spanish = read(client, "/spanish/feeds/whatsnew.xml")[0]
    assert only(spanish, "title") == "Novedades – Nuestra biblioteca"
    assert [item.text for item in spanish.iterfind("item/title")] == [
        "Leucemia aguda",
        "Anemia (español)",
    ]


def test_a_group_shows_its_own_topics_only(client, site):
    publish(plain("Fever", 77, groups=()))
    channel = read(client, "/feeds/groups/cancers.xml")[0]
    assert only(channel, "title") == "Cancers – Our Library"
    assert [item.text for item in channel.iterfind("item/title")] == ["Acute Leukemia", "Anemia"]


def test_a_list_shows_a_few_sentences_and_a_topic_its_whole_summary(client, site):
    short = read(client, "/feeds/whatsnew.xml")[0].findtext("item/description")
    assert short == "<p>About a kind of leukemia.</p>"
    whole = read(client, "/feeds/topics/acuteleukemia.xml")[0].findtext("item/description")
    assert "<h2>What is <em>leukemia</em>?</h2>" in whole
    assert "<p>An opening.</p>" in whole


def test_every_link_in_a_summary_is_absolute_and_leads_to_pages_here(client, site):
    whole = read(client, "/feeds/topics/acuteleukemia.atom").findtext(
        "a:entry/a:summary", namespaces=ATOM
    )
    assert f'<a href="{SITE}/anemia.html">anemia</a>' in whole
    assert 'href="/' not in whole
    assert "data-" not in whole


def test_text_is_text_whatever_stands_in_it(client):
    odd = 'A < B & "C" \x0b]]>'
    publish(replace(plain("Odd", 5, meta_description="x <b>y</b> & z \x01"), title=odd))
    for form in ("xml", "atom"):
        feed = read(client, f"/feeds/whatsnew.{form}")
        titles = [e.text for e in feed.iter("{*}title")]
        assert 'A < B & "C" ]]>' in titles
        described = [e.text for e in feed.iter("description", "{*}summary")][-1]
        assert described == "<p>x &lt;b&gt;y&lt;/b&gt; &amp; z </p>"


def test_a_site_without_topics_has_an_empty_feed_that_stays_equal(client):
    for form in ("xml", "atom"):
        first, second = (client.get(f"/feeds/whatsnew.{form}") for _ in range(2))
        assert first.status_code == 200
        assert first.content == second.content
    GRAMMAR.assertValid(etree.fromstring(first.content))


def test_a_feed_has_thirty_entries_at_most_and_costs_as_many_queries_as_with_one(
    client, django_assert_num_queries
):
    for number in range(1, 33):
        publish(plain(f"Topic{number}", number))
    with django_assert_num_queries(2):
        feed = read(client, "/feeds/whatsnew.xml")
    assert len(feed.findall("channel/item")) == 30
    with django_assert_num_queries(3):
        read(client, "/feeds/groups/cancers.xml")
    client.get("/topic1.html")  # reads what topics refer to
    with django_assert_num_queries(1):
        read(client, "/feeds/topics/topic1.xml")


# --- Changes ----------------------------------------------------------------------------------------


def again(topic_language, document, origin, **times):
    publication = Publication(topic_language, document)
    return append_editions([publication], by=None, origin=origin, **times)[0]


def guid(client):
    return read(client, "/feeds/topics/anemia.xml")[0].findtext("item/guid")


def test_an_update_is_a_new_entry_and_a_refresh_is_none(client):
    (topic_language,) = publish(ANEMIA)
    before = guid(client)
    again(topic_language, replace(ANEMIA, institute=None, see_references=("x",)), Origin.REFRESH)
    assert guid(client) == before
    later = datetime(2030, 1, 1, tzinfo=UTC)
    again(topic_language, replace(ANEMIA, title="Anaemia"), Origin.HUMAN, as_of=later)
    assert guid(client) != before


def test_an_entry_keeps_its_id_when_the_topic_moves_and_the_old_feed_leads_to_the_new(client):
    day = datetime(2026, 3, 1, tzinfo=UTC)
    topic = HealthTopic.objects.create()
    topic_language = saved(ANEMIA, topic)
    again(topic_language, ANEMIA, Origin.IMPORT, as_of=day)
    before = guid(client)
    again(topic_language, replace(ANEMIA, slug="lowiron"), Origin.IMPORT, as_of=day)
    moved = client.get("/feeds/topics/anemia.atom")
    assert (moved.status_code, moved["Location"]) == (301, "/feeds/topics/lowiron.atom")
    assert read(client, "/feeds/topics/lowiron.xml")[0].findtext("item/guid") == before


def test_what_is_not_live_is_in_no_feed(client, site):
    saved(plain("Secret", 9))
    TopicLanguage.objects.filter(language="en", slug="anemia").update(has_changes=True)
    HealthTopic.objects.filter(title_en="Anemia").update(title_en="Working title")
    for name in FEEDS:
        body = client.get(f"/{name}.xml").content.decode()
        assert "Secret" not in body
        assert "Working title" not in body
    assert client.get("/feeds/topics/secret.xml").status_code == 404


def test_a_withdrawn_topic_ends_its_feed_with_the_reason_and_leaves_the_others(client, site):
    withdraw(
        Address.objects.get(language="en", slug="anemia").topic_language_id,
        by=None,
        reason="Out of <date>",
    )
    response = client.get("/feeds/topics/anemia.xml")
    assert response.status_code == 410
    assert "Out of &lt;date&gt;" in response.content.decode()
    assert "Anemia" not in client.get("/feeds/groups/cancers.atom").content.decode()


@pytest.mark.parametrize(
    ("instead", "status", "feed"),
    [
        ("acuteleukemia", 301, "/feeds/topics/acuteleukemia.xml"),
        ("cancers", 301, "/feeds/groups/cancers.xml"),
        ("about/disclaimer", 410, None),
    ],
)
def test_the_feed_of_a_topic_whose_readers_are_sent_elsewhere_goes_on_where_there_is_one(
    client, site, instead, status, feed
):
    withdraw(
        Address.objects.get(language="en", slug="anemia").topic_language_id,
        by=None,
        reason="Out of date",
        to=Address.objects.get(language="en", slug=instead),
    )
    response = client.get("/feeds/topics/anemia.xml")
    assert (response.status_code, response.headers.get("Location")) == (status, feed)
    if feed:
        assert client.get(feed).status_code == 200
    else:
        assert "Out of date" in response.content.decode()


def test_a_withdrawn_topic_in_favour_of_a_group_without_a_name_in_its_language_ends_its_feed(
    client, site
):
    cancers = Address.objects.get(language="es", slug="cancers")
    withdraw(
        Address.objects.get(language="es", slug="anemia").topic_language_id,
        by=None,
        reason="Anticuado",
        to=cancers,
    )
    TopicGroup.objects.filter(pk=cancers.group_id).update(name_es="")
    assert client.get("/spanish/feeds/topics/anemia.xml").status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/topics/nothing.xml",
        "/feeds/topics/cancers.xml",
        "/feeds/groups/anemia.atom",
        "/feeds/groups/nothing.xml",
        "/spanish/feeds/topics/nothing.atom",
        "/feeds/topics/a%00b.xml",
        f"/feeds/topics/{'a' * 5000}.xml",
    ],
)
def test_a_feed_that_is_not_there_is_said_so(client, site, path):
    response = client.get(path)
    assert response.status_code == 404
    sentence = (
        "No hay ningún canal aquí" if path.startswith("/spanish") else "There is no feed here"
    )
    assert sentence in response.content.decode()


# --- Asked again ------------------------------------------------------------------------------------


def test_the_page_cache_keeps_a_feed_and_a_feed_says_when_it_changed(client, site):
    response = client.get("/feeds/groups/cancers.atom")
    assert response.surrogate_keys == ("pages", "lists")
    assert parsedate_to_datetime(response["Last-Modified"])


def test_a_feed_is_only_read_and_sets_no_cookie(client, site):
    assert client.head("/feeds/groups/cancers.atom").status_code == 200
    response = client.post("/feeds/groups/cancers.atom")
    assert response.status_code == 405
    assert "Set-Cookie" not in response.headers
