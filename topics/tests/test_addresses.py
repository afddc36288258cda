"""Which addresses nobody may have."""

import pytest

from topics.addresses import reserved


@pytest.mark.parametrize(
    "slug",
    [
        *("healthtopics", "all_healthtopics", "healthtopics_a", "healthtopics_xyz"),
        *("search", "admin", "about", "spanish", "static", "healthz", "xml", "api"),
        *("spanish/thing", "admin/thing", "any/thing", "about/disclaimer"),
    ],
)
def test_what_the_site_itself_answers_is_reserved(slug):
    assert reserved(slug)


@pytest.mark.parametrize("slug", ["anemia", "all", "healthtopicsandmore", "search-engines"])
def test_other_addresses_are_free(slug):
    assert not reserved(slug)


def test_about_pages_stand_below_about_and_nowhere_else():
    assert not reserved("about/disclaimer", page=True)
    assert reserved("about/a/b", page=True)
    assert reserved("admin/login", page=True)
    assert not reserved("contact", page=True)
