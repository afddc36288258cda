"""The sitemap names every public page, in the languages it is in, and nothing else; robots.txt."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from topics.models import Address
from topics.publishing import withdraw
from topics.syndication import sitemap
from topics.tests.documents import saved
from topics.tests.public import ANEMIA, ANEMIA_ES, LEUCEMIA, LEUKEMIA, plain, publish

pytestmark = pytest.mark.django_db

SITE = "https://health.example.org"
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "sitemap.xsd"))
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def site(settings):
    """Two topics in both languages, and one in Spanish only."""
    settings.SITE_URL = SITE
    publish(ANEMIA, ANEMIA_ES)
    publish(LEUKEMIA, LEUCEMIA)
    publish(replace(plain("Gota", 90, "es"), slug="gota"))


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    tree = etree.fromstring(response.content)
    SCHEMA.assertValid(tree)
    return tree


def files(client):
    return read(client, "/sitemap.xml").xpath("//s:loc/text()", namespaces=NAMES)


def pages(client):
    """Every page of the sitemap with its alternates and the time it changed, by address."""
    found = {}
    for address in files(client):
        tree = read(client, address.removeprefix(SITE))
        for entry in tree.iterfind("s:url", NAMES):
            alternates = {x.get("hreflang"): x.get("href") for x in entry.iterfind("x:link", NAMES)}
            loc = entry.findtext("s:loc", namespaces=NAMES)
            assert loc not in found
            found[loc] = (alternates, entry.findtext("s:lastmod", namespaces=NAMES))
    return found


def test_every_page_that_is_named_is_there_and_names_itself_so(client):
    found = pages(client)
    assert len(found) > 30
    for address, (alternates, _changed) in found.items():
        response = client.get(address.removeprefix(SITE))
        assert response.status_code == 200, address
        page = response.content.decode()
        assert f'<link rel="canonical" href="{address}">' in page
        assert 'name="robots"' not in page
        on_page = dict(re.findall(r'rel="alternate" hreflang="([a-z-]+)" href="([^"]+)"', page))
        assert on_page.keys() - {"x-default"} == alternates.keys() - {"x-default"}, address


def test_every_page_that_can_be_reached_by_links_is_named(client):
    found, seen, wanted = pages(client), set(), ["/", "/spanish/"]
    while wanted:
        path = wanted.pop()
        response = client.get(path)
        if path in seen or response.status_code != 200:
            continue
        seen.add(path)
        page = response.content.decode()
        if 'name="robots"' not in page:
            assert SITE + path in found
        wanted += [
            link
            for link in re.findall(r'href="(/[^"#?]*)"', page)
            if "static" not in link and "feeds" not in link
        ]
    assert len(seen) > 20


def test_a_list_is_named_only_in_the_languages_in_which_something_stands_on_it(client):
    found = pages(client)
    # Gout stands under G in Spanish only, and nothing anywhere under B.
    assert found[f"{SITE}/spanish/healthtopics_g.html"][0] == {}
    for path in (
        "/healthtopics_g.html",
        "/healthtopics_b.html",
        "/spanish/languages/languages.html",
    ):
        assert SITE + path not in found
        page = client.get(path).content.decode()
        assert '<meta name="robots" content="noindex">' in page, path
        assert "hreflang=" not in page.partition("</head>")[0], path
        assert client.get(path).status_code == 200, path


def test_a_topic_names_its_languages_and_the_day_of_its_change(client):
    found = pages(client)
    alternates, changed = found[f"{SITE}/anemia.html"]
    assert alternates == {
        "en": f"{SITE}/anemia.html",
        "es": f"{SITE}/spanish/anemia.html",
        "x-default": f"{SITE}/anemia.html",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", changed)
    assert found[f"{SITE}/spanish/gota.html"][0] == {}


def test_what_is_not_public_is_not_named(client):
    saved(plain("Secret", 9))
    for language in ("en", "es"):
        key = Address.objects.get(language=language, slug="acuteleukemia").topic_language_id
        withdraw(key, by=None, reason="Old")
    found = pages(client)
    assert not [
        address for address in found if re.search("secret|acuteleukemia|search|admin", address)
    ]


def test_a_large_site_has_more_files_and_no_page_twice_or_missing(client, monkeypatch):
    monkeypatch.setattr(sitemap, "ADDRESSES_A_FILE", 2)
    for number in range(100, 105):
        publish(plain(f"Topic{number}", number))
    names = [address.removeprefix(f"{SITE}/") for address in files(client)]
    assert [name for name in names if "-en" in name] == [
        "sitemap-en.xml",
        *(f"sitemap-en-{n}.xml" for n in (1, 2, 3, 4)),
    ]
    found = pages(client)
    assert {f"{SITE}/topic{number}.html" for number in range(100, 105)} <= found.keys()
    response = client.get("/sitemap-en-5.xml")
    assert response.status_code == 404
    assert "no such part of the sitemap" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "queries"), [("/sitemap.xml", 1), ("/sitemap-en.xml", 6), ("/sitemap-es-1.xml", 1)]
)
def test_a_file_costs_as_many_queries_on_any_site(client, django_assert_num_queries, path, queries):
    for number in range(100, 120):
        publish(plain(f"Topic{number}", number), plain(f"Topic{number}", number + 100, "es"))
    with django_assert_num_queries(queries):
        read(client, path)


def test_the_page_cache_keeps_the_files(client):
    for path in ("/sitemap.xml", "/sitemap-en.xml", "/sitemap-es-1.xml", "/robots.txt"):
        assert client.get(path).surrogate_keys == ("pages", "lists")


@pytest.mark.parametrize(
    "path", ["/sitemap-fr.xml", "/sitemap-en-0.xml", "/sitemap-en-999999.xml", "/sitemap-en-x.xml"]
)
def test_a_file_that_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_site_without_topics_has_a_sitemap(client):
    for row in Address.objects.filter(topic_language__isnull=False):
        withdraw(row.topic_language_id, by=None, reason="Old")
    assert [name.rsplit("/")[-1] for name in files(client)] == ["sitemap-en.xml", "sitemap-es.xml"]
    assert f"{SITE}/" in pages(client)


def test_robots_are_led_to_the_sitemap_and_away_from_what_is_not_for_them(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
    for path in (
        "/",
        "/anemia.html",
        "/spanish/",
        "/feeds/whatsnew.xml",
        "/media/x.webp",
        "/static/site.css",
    ):
        assert rules.can_fetch("*", SITE + path), path
    for path in (
        "/admin/",
        "/search/?q=x",
        "/spanish/search/?q=x",
        "/draft/abc/",
        "/spanish/draft/abc/",
        "/report/?page=x",
    ):
        assert not rules.can_fetch("*", SITE + path), path
