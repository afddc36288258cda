"""Numbers on public pages are written as the language of the page writes them."""

import pytest
from django.utils.translation import override

from search import finding
from search.views import Found
from topics import live, views
from topics.live import tongues
from topics.pages.numbers import number

from .public_site import build, path

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database("numbers are written after they are read"),
]

MANY = 12_345
WRITTEN = {"en": "12,345", "es": "12\u00a0345"}


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1023, "1,023", "1023"),
        (9999, "9,999", "9999"),
        (10_000, "10,000", "10\u00a0000"),
        (1_234_567, "1,234,567", "1\u00a0234\u00a0567"),
    ],
)
def test_thousands_are_set_apart_as_the_language_does(count, english, spanish):
    with override("en"):
        assert number(count) == english
    with override("es"):
        assert number(count) == spanish


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("name", "gate", "read"),
    [
        ("", views, "groups_and_letters"),
        ("healthtopics.html", views, "groups"),
        ("all_healthtopics.html", live, "titles"),
        ("cancers.html", views, "group_topics"),
        ("languages/languages.html", tongues, "tongues"),
    ],
)
def test_every_list_counts_in_the_form_of_its_language(
    client, monkeypatch, language, name, gate, read
):
    build()
    first = getattr(gate, read)

    def many(*arguments):
        (one, *others) = first(*arguments)
        if read == "groups_and_letters":
            return [one[0]._replace(topics=MANY)], *others
        return [one._replace(topics=MANY)] if hasattr(one, "topics") else [one] * MANY

    monkeypatch.setattr(gate, read, many)
    assert WRITTEN[language] in client.get(path(language, name)).content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_search_counts_in_the_form_of_its_language(client, monkeypatch, language):
    build()
    find = finding.find

    def many(language, text, page):
        found = find(language, text, 1)
        return Found(MANY, found.reading, page, found.results)

    monkeypatch.setattr("search.views.find", many)
    page = client.get(path(language, "search/?q=anemia&page=600")).content.decode()
    assert page.count(WRITTEN[language]) == 1
    assert {"en": "11,981", "es": "11\u00a0981"}[language] in page
    monkeypatch.setattr("search.views.count", lambda *_arguments: MANY)
    monkeypatch.setattr("search.views.find", find)
    page = client.get(path(language, "search/?q=qqqqqq")).content.decode()
    assert page.count(WRITTEN[language]) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_report_that_is_too_long_is_told_by_how_much_in_the_form_of_its_language(
    client, language
):
    posted = {"kind": "wrong", "words": "x" * (2000 + MANY), "website": "", "ticket": ""}
    page = client.post(path(language, "report/"), posted).content.decode()
    assert WRITTEN[language] in page
