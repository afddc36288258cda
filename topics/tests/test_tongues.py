"""The pages for readers of languages that the site does not speak."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from topics.document import OtherLanguageLink
from topics.models import LiveTongue
from topics.publishing import withdraw

from .public import ANEMIA, ANEMIA_ES, LEUCEMIA, LEUKEMIA, plain, publish

pytestmark = pytest.mark.django_db

ARABIC = OtherLanguageLink("Arabic", "العربية", "https://example.org/ar/anemia")
SPANISH = OtherLanguageLink("Spanish", "español", "https://medlineplus.gov/spanish/anemia.html")
NOWHERE = OtherLanguageLink("Somali", "Soomaali", None)
KAREN = OtherLanguageLink("Karen", None, "https://example.org/kar")


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def leukemia():
    """Leukemia in Arabic and Klingon; anemia in Arabic, and in others that are not listed."""
    topic = publish(LEUKEMIA, LEUCEMIA)[0]
    publish(replace(ANEMIA, other_languages=(ARABIC, SPANISH, NOWHERE)), ANEMIA_ES)
    return topic


@pytest.mark.usefixtures("leukemia")
def test_every_language_with_material_is_listed_with_its_own_name(client):
    page = read(client, "/languages/languages.html")
    arabic = '<bdi lang="ar" dir="rtl">العربية</bdi> – Arabic'
    assert f'<a href="/languages/arabic.html">{arabic}</a> <span class="count">2 topics' in page
    assert '<a href="/languages/klingon.html">Klingon</a> <span class="count">1 topic' in page
    assert page.index("Arabic") < page.index("Klingon")
    assert "Somali" not in page
    assert "/languages/spanish.html" not in page


@pytest.mark.usefixtures("leukemia")
def test_a_language_leads_to_its_material_topic_by_topic(client):
    page = read(client, "/languages/arabic.html")
    assert '<a href="/acuteleukemia.html">Acute Leukemia</a>' in page
    link = '<a href="https://example.org/ar/anemia" lang="ar" hreflang="ar" dir="rtl">العربية</a>'
    assert f'<a href="/anemia.html">Anemia</a>: {link}' in page
    # No Spanish topic has Arabic material, so no search engine is told of such a page.
    assert 'rel="alternate" hreflang' not in page


def test_an_address_is_written_as_html(client):
    address = 'https://example.org/?a=1&copy=2&b="'
    publish(replace(ANEMIA, other_languages=(replace(ARABIC, url=address),)))
    link = '<a href="https://example.org/?a=1&amp;copy=2&amp;b=&quot;" lang="ar"'
    assert link in read(client, "/languages/arabic.html")


def test_the_spanish_page_names_languages_in_spanish_or_says_that_it_does_not(client):
    publish(replace(ANEMIA_ES, other_languages=(ARABIC, KAREN)))
    page = read(client, "/spanish/languages/languages.html")
    assert "العربية</bdi> – Árabe" in page
    assert '<span lang="en">Karen</span>' in page
    assert "Información de salud" in page


def test_the_page_of_a_topic_names_languages_in_its_own_or_says_that_it_does_not(client):
    publish(replace(ANEMIA_ES, other_languages=(ARABIC, KAREN)))
    page = read(client, "/spanish/anemia.html")
    assert "العربية</a> (Árabe)" in page
    assert '<span lang="en">Karen</span>' in page


def test_a_site_without_such_material_says_so(client):
    assert "No topic has material in another language" in read(client, "/languages/languages.html")
    assert client.get("/languages/arabic.html").status_code == 404


def test_a_withdrawn_topic_and_material_taken_out_leave_the_lists(client, leukemia):
    publish(replace(plain("Fever", 30), other_languages=(KAREN,)))
    withdraw(leukemia.pk, by=None, reason="Wrong.")
    assert "Acute Leukemia" not in read(client, "/languages/arabic.html")
    assert client.get("/languages/klingon.html").status_code == 404
    assert client.get("/languages/karen.html").status_code == 200


def test_the_address_of_a_topic_in_all_languages_leads_to_the_list_on_its_page(client, leukemia):
    response = client.get("/languages/acuteleukemia.html")
    assert response.status_code == 302
    assert response["Location"] == "/acuteleukemia.html#other-languages"


@pytest.mark.parametrize("path", ["languages.html", "arabic.html"])
def test_the_lists_cost_as_many_queries_whatever_there_is(
    client, leukemia, path, django_assert_max_num_queries
):
    for number in range(20):
        publish(replace(plain(f"Topic{number}", 100 + number), other_languages=(ARABIC, KAREN)))
    with django_assert_max_num_queries(4):
        read(client, f"/languages/{path}")


@pytest.mark.usefixtures("leukemia")
def test_the_migration_writes_what_publishing_writes():
    columns = ("topic_language", "language", "slug", "name", "vernacular_name", "url")
    written = sorted(LiveTongue.objects.values_list(*columns))
    assert written
    LiveTongue.objects.all().delete()
    migration = import_module("topics.migrations.0008_material_in_further_languages")
    migration.list_what_is_live(apps, connection.schema_editor())
    assert sorted(LiveTongue.objects.values_list(*columns)) == written
