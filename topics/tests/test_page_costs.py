"""Reading costs a bounded number of queries, whatever the size of the topic or of the site."""

from dataclasses import replace

import pytest

from topics.document import GroupReference, Link, Reference, Section
from topics.site import bump_generation

from .public import CANCERS, SOURCE, plain, publish

pytestmark = pytest.mark.django_db

MOST = {
    "/": 3,
    "/healthtopics.html": 3,
    "/healthtopics_t.html": 3,
    "/all_healthtopics.html": 3,
    "/cancers.html": 3,
    "/topic0.html": 3,
    "/languages/languages.html": 3,
    "/about/": 3,
    "/about/disclaimer.html": 3,
}


def large(number: int, links: int):
    """A topic that refers to `links` pages in each of the ways there are."""
    others = range(1, links + 1)
    body = "".join(f'<p><a href="{SOURCE}topic{other}.html">x</a></p>' for other in others)
    return plain(
        f"Topic{number}",
        1000 + number,
        summary=(Section(3, "What?", body),),
        groups=(CANCERS, *(GroupReference(None, f"Group {other}", None) for other in others)),
        related=tuple(
            Reference(1000 + other, f"T{other}", f"{SOURCE}topic{other}.html") for other in others
        ),
        links=tuple(
            Link(
                f"Link {other}",
                f"{SOURCE}topic{other}.html",
                f"{SOURCE}spanish/topic{other}.html",
                ("Start Here", "Children"),
                (f"Body {other}",),
            )
            for other in others
        ),
    )


def test_a_page_costs_as_many_queries_on_a_large_site_as_on_a_small_one(
    client, django_assert_max_num_queries
):
    def cost(path):
        # Nothing that an earlier page left in the memory of the process may help.
        bump_generation()
        with django_assert_max_num_queries(MOST[path]) as counted:
            assert client.get(path).status_code == 200
        return len(counted)

    publish(large(0, links=1), replace(plain("Topic0", 2000, "es"), title="Tema"))
    small = {path: cost(path) for path in MOST}
    for number in range(1, 40):
        publish(
            plain(f"Topic{number}", 1000 + number), plain(f"Topic{number}", 2000 + number, "es")
        )
    publish(replace(large(41, links=40), slug="larger", url=f"{SOURCE}larger.html"))
    assert {path: cost(path) for path in MOST} == small


def test_a_topic_with_sixty_links_costs_three_queries_after_a_change_and_else_one(
    client, django_assert_num_queries
):
    publish(large(0, links=60))
    for queries in (3, 1):
        with django_assert_num_queries(queries):
            assert client.get("/topic0.html").status_code == 200


@pytest.mark.parametrize(
    ("path", "most"), [("/nothing.html", 6), ("/spanish/topic0.html", 3), ("/%00.html", 1)]
)
def test_what_is_missing_is_cheap(client, django_assert_num_queries, path, most):
    publish(plain("Topic0", 1000))
    with django_assert_num_queries(most):
        assert client.get(path).status_code == 404


def test_an_odd_address_asks_the_database_for_the_frame_only(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(f"/{'a' * 5000}.html")
