"""What the desk costs on a topic as large as real ones get: counted, so that it stays so."""

from dataclasses import replace

import pytest

from topics.document import GroupReference, Link, Reference, Section
from topics.models import HealthTopic, Origin, TopicGroup, TopicLanguage
from topics.publishing import Publication, append_editions
from topics.tests.documents import ENGLISH, SPANISH, saved
from topics.working_copy import store

from .desk import fields, url_of

pytestmark = pytest.mark.django_db

LINKS, SECTIONS, RELATED, GROUPS = 60, 16, 20, 45
# A text as long as the longest real ones: 16 of these are 30 KB.
BODY = "".join(
    f'<p>{"Plain words about it. " * 18}<a href="https://medlineplus.gov/t{n}.html">T{n}</a></p>'
    for n in range(4)
)


@pytest.fixture
def large() -> TopicLanguage:
    """A live topic in both languages with 60 links, on a site with all the groups there are."""
    for number in range(GROUPS):
        TopicGroup.objects.create(name_en=f"Group {number}", slug=f"group{number}")
    topic = HealthTopic.objects.create()
    for document in (ENGLISH, SPANISH):
        version = saved(document, topic)
        bound = store([(version, grown(document))])[0]
        append_editions([Publication(version, bound)], by=None, origin=Origin.IMPORT)
    return topic.languages.get(language="en")


def grown(document):
    source = "https://medlineplus.gov/"
    return replace(
        document,
        summary=tuple(Section(3, f"Question {n}?", BODY) for n in range(SECTIONS)),
        groups=tuple(GroupReference(None, f"Group {n}", None) for n in range(5)),
        related=tuple(Reference(9000 + n, f"T{n}", f"{source}t{n}.html") for n in range(RELATED)),
        links=tuple(
            Link(
                f"A link with a title of common length, number {n}",
                f"https://example.org/a/common/path/{document.language}/{n}.html",
                None,
                ("Start Here", "Children"),
                (f"Organization {n % 20}", "National Institutes of Health"),
                ("NIH", "PDF"),
            )
            for n in range(LINKS)
        ),
    )


@pytest.mark.parametrize("end", ["change", "links"])
def test_opening_a_topic_with_sixty_links(client, ana, large, django_assert_max_num_queries, end):
    with django_assert_max_num_queries(40):
        response = client.get(url_of(large, end))
    # The page as sent, without compression; its scripts and style sheets are files of their own.
    assert len(response.content) <= 400_000


def test_saving_and_publishing_a_topic_with_sixty_links(
    client, ana, large, django_assert_max_num_queries
):
    posted = fields(client.get(url_of(large))) | {"title": "Another title"}
    with django_assert_max_num_queries(60):
        assert client.post(url_of(large), posted).status_code == 302
    with django_assert_max_num_queries(60):
        form = client.get(url_of(large, "publish")).context["form"]
    agreed = {name: form[name].value() for name in ("version", "digest", "when")}
    with django_assert_max_num_queries(60):
        assert client.post(url_of(large, "publish"), agreed).status_code == 302
    large.refresh_from_db()
    assert large.live_edition.number == 2
