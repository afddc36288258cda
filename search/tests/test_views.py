"""The page of results: what it says, for any address, at any size."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.views import LONGEST_SEARCH

from .published import document, publish, published
from .test_finding import HOSTILE

pytestmark = pytest.mark.django_db


def page(client, q=None, path="/search/", **parameters):
    if q is not None:
        parameters["q"] = q
    return client.get(f"{path}?{urlencode(parameters)}")


def text(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", response.content.decode())))


def html(response):
    return response.content.decode()


@pytest.mark.parametrize("q", [None, "", "  ", "\x00"])
def test_without_words_there_is_a_form_and_help(client, q):
    response = page(client, q)
    assert response.status_code == 200
    assert "Type one or more words" in text(response)
    assert '<form class="search" role="search" action="/search/" method="get">' in html(response)


def test_results_say_how_many_and_lead_to_the_topics(client):
    row = published("Stomach Pain", "It hurts <em>a lot</em>.", also=("Belly ache",))
    response = page(client, "belly")
    assert "1 topic found for “belly”" in text(response)
    assert f'<a href="/{row.slug}.html">Stomach Pain</a>' in html(response)
    assert "Also called: Belly ache" in text(response)
    assert "<mark>Belly</mark> ache" in html(response)


def test_the_form_keeps_what_was_asked_and_the_toggle_too(client):
    response = page(client, 'cáncer & "x"')
    assert 'value="cáncer &amp; &quot;x&quot;"' in html(response)
    assert 'href="/spanish/search/?q=c%C3%A1ncer+%26+%22x%22"' in html(response)


def test_search_engines_are_asked_to_stay_away(client):
    published("Asthma")
    for q in (None, "asthma", "nothing"):
        response = page(client, q)
        assert '<meta name="robots" content="noindex">' in html(response)
        assert "canonical" not in html(response)


def test_text_that_looks_like_mark_up_is_shown_as_text(client):
    published("Asthma", "&lt;script&gt;alert(1)&lt;/script&gt; wheezing")
    response = page(client, "<script>wheezing</script>")
    assert "<script>" not in html(response)
    response = page(client, "wheezing")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>wheezing</mark>" in html(response)


def test_the_page_says_when_not_all_words_were_found(client):
    published("Asthma")
    assert "No topic has all of these words." in text(page(client, "asthma xyzzy"))
    assert "No topic has all of these words." not in text(page(client, "asthma"))


def test_topics_that_may_have_been_meant_are_offered_where_not_all_words_were_found(client):
    published("Acute leukemia")
    published("Acute pain")
    misspelt = page(client, "acute leukmia")
    assert "Did you mean one of these topics? Acute leukemia" in text(misspelt)
    assert "Did you mean" not in text(page(client, "acute"))


def test_nothing_found_offers_other_ways_and_the_other_language(client):
    published("Asma", language="es")
    published("El asma infantil", language="es")
    response = page(client, "asma")
    assert response.status_code == 200
    assert "No topic found for “asma”" in text(response)
    assert "2 topics in Spanish for these words" in text(response)
    assert 'href="/spanish/search/?q=asma"' in html(response)
    assert 'href="/healthtopics_a.html"' in html(response)
    assert "topics in Spanish" not in text(page(client, "xyzzy"))


@pytest.mark.parametrize(
    ("q", "path", "title"),
    [("lukemia", "/search/", "Leukemia"), ("Leusemia", "/spanish/search/", "Leucemia")],
)
def test_a_misspelt_name_is_answered_with_what_may_have_been_meant(client, q, path, title):
    published("Leukemia")
    published("Leucemia", language="es")
    prefix = path.removesuffix("search/")
    response = page(client, q, path)
    assert re.search(rf'<a href="{prefix}topic\d+\.html">{title}</a>', html(response))
    assert title not in html(page(client, "xyzzy", path))


def test_a_long_search_is_cut_and_says_so(client):
    published("Asthma")
    response = page(client, "asthma " + "x" * 5_000)
    assert "We looked for its first 200 characters." in text(response)
    assert "x" * LONGEST_SEARCH not in html(response)
    assert "first 200 characters" not in text(page(client, "x" * LONGEST_SEARCH))


# --- Pages ------------------------------------------------------------------------------------------


def test_results_are_paged_with_links_to_the_neighbours(client):
    publish(*(document(f"Pain {n:02}") for n in range(45)))
    first, second, third = (page(client, "pain", page=n) for n in (1, 2, 3))
    assert 'rel="prev"' not in html(first)
    assert 'href="/search/?q=pain&amp;page=2" rel="next"' in html(first)
    assert 'href="/search/?q=pain" rel="prev"' in html(second)
    assert 'href="/search/?q=pain&amp;page=3" rel="next"' in html(second)
    assert 'rel="next"' not in html(third)
    assert "Results 41 to 45" in text(third)
    assert '<ol class="results" start="41">' in html(third)


def test_a_single_page_has_no_pages(client):
    published("Pain")
    assert "Pages of results" not in html(page(client, "pain"))


@pytest.mark.parametrize(
    "number", ["abc", "0", "-1", "2", "1.5", "1000000000", "9" * 5_000, "", "²", "\x00", "٢"]
)
def test_a_page_that_is_not_there_says_so(client, number):
    published("Pain")
    response = page(client, "pain", page=number)
    assert response.status_code == 404
    assert "There is no such page of results" in text(response)
    assert 'href="/search/?q=pain"' in html(response)


# --- Any address ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/search/", "/spanish/search/"])
@pytest.mark.parametrize("q", HOSTILE)
def test_no_input_is_an_error(client, path, q):
    published("Asthma", "x")
    assert page(client, q.encode(errors="replace"), path).status_code == 200


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=60), st.text(max_size=8))
def test_no_bytes_are_an_error(client, q, number):
    assert page(client, q, page=number).status_code in (200, 404)


def test_an_address_without_the_last_slash_is_completed(client):
    response = client.get("/search?q=pain")
    assert (response.status_code, response.headers["Location"]) == (301, "/search/?q=pain")


def test_the_page_can_only_be_read(client):
    assert client.post("/search/", {"q": "pain"}).status_code == 405
    assert client.head("/search/?q=pain").status_code == 200


def test_each_language_answers_in_its_own(client):
    published("Asma", language="es")
    response = page(client, "asma", "/spanish/search/")
    assert response.headers["Content-Language"] == "es"
    assert '<html lang="es">' in html(response)


# --- Cost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topics", [3, 60])
@pytest.mark.parametrize(
    ("q", "queries"), [("", 1), ("pain", 4), ("pain xyzzy", 6), ("xyzzy", 5), ("...", 1)]
)
def test_a_page_costs_at_most_six_queries(client, topics, q, queries, django_assert_num_queries):
    publish(*(document(f"Pain {n}", "Some pain.", also=("Ache",)) for n in range(topics)))
    with django_assert_num_queries(queries):
        page(client, q)
