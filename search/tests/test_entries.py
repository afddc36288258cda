"""The index says what is live, whatever wrote it, and can be derived anew."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.entries import drift, entry, index, plain, rebuild
from search.finding import find
from search.models import Entry
from topics.models import TopicLanguage
from topics.publishing import withdraw
from topics.tests.documents import ENGLISH, SPANISH, documents

from .published import document, publish, published

pytestmark = pytest.mark.django_db


def stored():
    return list(Entry.objects.order_by("pk").values())


def test_what_publishing_writes_is_what_a_rebuild_writes():
    publish(ENGLISH)
    publish(SPANISH)
    withdrawn = published("Gone")
    withdraw(withdrawn.pk, by=None, reason="No.")
    before = stored()
    assert len(before) == 2
    assert not drift()
    Entry.objects.all().delete()
    assert rebuild() == 2
    assert stored() == before
    assert not drift()


def test_a_rebuild_that_finds_nothing_wrong_writes_nothing(django_assert_max_num_queries):
    publish(*(document(f"Topic {n}") for n in range(5)))
    assert rebuild() == 0


def test_drift_is_noticed_and_repaired():
    missing, changed, right = publish(document("One"), document("Two"), document("Three"))
    Entry.objects.filter(pk=missing.pk).delete()
    Entry.objects.filter(pk=changed.pk).update(title_words="\nother\n")
    TopicLanguage.objects.filter(pk=right.pk).update(live_edition=None)
    assert drift().topics == [missing.pk, changed.pk, right.pk]
    assert find("en", "other").total == 1
    assert rebuild() == 3
    assert not drift()
    assert [find("en", word).total for word in ("one", "two", "three", "other")] == [1, 1, 0, 0]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a generated column cannot drift")
def test_an_index_that_differs_from_its_entries_is_noticed_and_repaired():
    published("Asthma")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words_en(search_words_en) VALUES ('delete-all')")
    assert (drift().topics, drift().languages) == ([], ["en"])
    rebuild()
    assert not drift()
    assert find("en", "asthma").total == 1


def test_whatever_writes_an_entry_the_index_follows():
    row = published("Asthma")
    Entry.objects.filter(pk=row.pk).update(title_words="\nwheezing\n", text_words="\n")
    assert [find("en", word).total for word in ("asthma", "wheezing")] == [0, 1]
    Entry.objects.filter(pk=row.pk).delete()
    assert find("en", "wheezing").total == 0
    index([row.pk])
    assert find("en", "asthma").total == 1
    assert not drift().languages


def test_a_publication_that_fails_leaves_nothing_in_the_index():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        published("Asthma")
        raise ZeroDivisionError
    assert find("en", "asthma").total == 0
    assert not drift()


@pytest.mark.parametrize("topics", [1, 60])
def test_publishing_costs_three_queries_more_however_many_topics(topics, django_assert_num_queries):
    rows = publish(*(document(f"Topic {n}") for n in range(topics)))
    with django_assert_num_queries(3):
        index([row.pk for row in rows])


def test_text_without_end_can_be_published_and_is_found_by_its_beginning():
    letters = [chr(0x20000 + n) for n in range(40_000)] * 2
    text = " ".join(["asthma", *letters, "wheezing"])
    row = published("Long", text, also=tuple(letters[:40_000]), heading=" ".join(letters))
    assert Entry.objects.get(pk=row.pk).text.startswith("asthma")
    assert find("en", "asthma").total == 1
    assert find("en", "wheezing").total == 0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_document_is_indexed_as_both_sides_agree(data):
    number = data.draw(st.integers(1, 5))
    one = data.draw(documents("en", number))
    with transaction.atomic():
        publish(replace(one, number=None, slug="any"))
        assert not drift()
        transaction.set_rollback(True)


def test_html_becomes_text_in_sentences():
    text = "<p>One<br>two &lt;b&gt;</p><ul><li>H<em>O</em>H</li><li>Why?</li></ul><h3>(End)</h3>"
    assert plain(text) == "One two <b> HOH. Why? (End)."


def test_an_entry_shows_the_summary_with_its_headings():
    shown = entry(1, ENGLISH)
    assert shown.text == "Many things hurt in the belly. When is it serious? See Pain."
    assert shown.names == ["Bellyache", "Tummy ache", "Pain, Abdominal"]


def test_a_topic_without_a_summary_is_found_by_its_title():
    publish(replace(ENGLISH, summary=None))
    assert find("en", "abdominal pain").results[0].excerpt == ""


# --- The command ------------------------------------------------------------------------------------


def run(*arguments):
    out = StringIO()
    call_command("rebuild_search", *arguments, stdout=out)
    return out.getvalue()


def test_the_check_fails_when_the_index_differs_and_changes_nothing():
    row = published("Asthma")
    assert "says what is live" in run("--check")
    Entry.objects.all().delete()
    with pytest.raises(CommandError, match="1 topics are out of line"):
        run("--check")
    assert not Entry.objects.exists()
    assert "1 topics" in run()
    assert Entry.objects.get().pk == row.pk
    assert "says what is live" in run("--check")
