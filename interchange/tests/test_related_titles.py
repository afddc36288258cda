"""A related topic that an editor chose goes by its live title: never by that of a draft."""

import pytest

from editorial.history.comparison import comparison
from topics.models import HealthTopic, RelatedTopic
from topics.publishing import publish

from .importing import edit, give_out, live, row, take_in, working
from .records import file_of, topic

pytestmark = pytest.mark.django_db

SUMMARY = "<full-summary>&lt;p>Iron.&lt;/p></full-summary>"
RELATED = '<related-topic url="https://medlineplus.gov/blood.html" id="5">Blood</related-topic>'
SECRET = "Not said yet"


def choose(number, target):
    """As the page of a language stores what an editor typed."""
    RelatedTopic.objects.create(topic_language=row(number), target=row(target))


def retitle(number, title):
    HealthTopic.objects.filter(pk=row(number).topic_id).update(title_en=title)


@pytest.fixture(params=[True, False], ids=["live", "never live"])
def chosen(request):
    """Anemia, live, with Blood beside it, whose working copy has a new title by now."""
    take_in(file_of(topic(1, "Anemia", SUMMARY)))
    take_in(file_of(topic(5, "Blood", SUMMARY, slug="blood")), publish=request.param)
    choose(1, 5)
    retitle(5, SECRET)
    publish(row(1).pk, by=None)
    return request.param


def test_the_title_of_a_draft_stands_on_no_page_in_no_edition_and_in_no_export(client, chosen):
    page = client.get("/anemia.html").content.decode()
    assert SECRET not in page
    assert ('<a href="/blood.html"' in page) is chosen
    assert SECRET not in row(1).live_edition.document
    for addresses in ("upstream", "site"):
        written = give_out(addresses=addresses)
        assert SECRET.encode() not in written
        assert (b'id="5">Blood</related-topic>' in written) is chosen


def test_renaming_a_topic_changes_none_that_names_it_as_related(chosen):
    assert working(1).content_digest() == row(1).live_edition.digest
    publish(row(5).pk, by=None)
    assert working(1).content_digest() == row(1).live_edition.digest
    assert SECRET.encode() in give_out()


def test_editors_are_told_titles_where_two_editions_are_compared(chosen):
    edit(1, related=())
    (difference,) = comparison(live(1), working(1))
    assert SECRET in difference.before[0]


def test_an_export_changes_nothing_where_it_came_from():
    take_in(file_of(topic(1, "Anemia", SUMMARY), topic(5, "Blood", SUMMARY, slug="blood")))
    choose(1, 5)
    publish(row(1).pk, by=None)
    for _again in range(2):
        report = take_in(give_out())
        assert set(report.counts().values()) == {0, report.unchanged}
    # Nor is it an edit any more, now that the source says it too.
    assert take_in(file_of(topic(1, "Anemia", SUMMARY))).updated == 1
    assert working(1).related == ()


def test_a_conflict_ends_where_an_editor_chose_the_related_topic_of_the_newer_record():
    take_in(file_of(topic(1, "Anemia", SUMMARY), topic(5, "Blood", SUMMARY, slug="blood")))
    edit(1, also_called=("Tired blood",))
    newer = file_of(topic(1, "Anemia", SUMMARY + RELATED))
    assert len(take_in(newer).conflicts) == 1
    edit(1, also_called=())
    choose(1, 5)
    assert take_in(newer).conflicts == []
