"""Of an imported pair the Spanish is taken to be made from the English that stands beside it."""

from dataclasses import replace

import pytest

from topics.editions.descent import outdated
from topics.models import Origin, TopicLanguage
from topics.publishing import Publication, append_editions

from .importing import edit, live, row, take_in, working
from .records import file_of
from .test_import import english, spanish

pytestmark = pytest.mark.django_db


def behind():
    return set(TopicLanguage.objects.filter(outdated()).values_list("number", flat=True))


def summary(words):
    return f"<full-summary>&lt;p>{words}&lt;/p></full-summary>"


def pair(iron="Iron.", hierro="Hierro."):
    return file_of(english(mapped=2, inner=summary(iron)), spanish(mapped=1, inner=summary(hierro)))


def test_an_imported_pair_is_current_and_stays_so_while_both_move_on():
    take_in(pair())
    assert behind() == set()
    assert row(2).live_edition.made_from == row(1).live_edition
    take_in(pair("More iron.", "Más hierro."))
    assert row(2).live_edition.made_from == row(1).live_edition
    assert behind() == set()


def test_spanish_is_outdated_when_the_source_changes_its_english_only():
    take_in(pair())
    take_in(pair("More iron."))
    assert behind() == {2}


def test_spanish_that_the_source_made_from_its_own_english_is_not_made_from_ours():
    take_in(pair())
    edit(1, publish=True, title="Our anemia")
    take_in(pair("More iron.", "Más hierro."))
    assert row(1).live_edition.title == "Our anemia"
    assert behind() == {2}


def test_a_pair_that_comes_in_two_files_is_current_too():
    take_in(file_of(english(mapped=2, inner=summary("Iron."))))
    take_in(file_of(spanish(mapped=1, inner=summary("Hierro."))))
    assert behind() == set()


def test_spanish_is_not_made_from_english_that_was_rewritten_here():
    take_in(pair())
    edit(1, publish=True, title="Our anemia")
    assert behind() == {2}
    take_in(pair(hierro="Más hierro."))
    assert "Más hierro." in row(2).live_edition.document
    assert behind() == {2}


def test_spanish_is_not_made_from_english_that_was_left_in_a_conflict_before():
    take_in(pair())
    edit(1, title="Our anemia")
    english_only = pair("More iron.")
    assert len(take_in(english_only).conflicts) == 1
    assert len(take_in(pair("More iron.", "Más hierro.")).conflicts) == 1
    assert row(2).live_edition.made_from is None
    assert behind() == {2}


def test_spanish_is_made_from_the_imported_english_also_where_its_links_were_renewed():
    take_in(pair())
    take_in(pair("More iron."))
    english = row(1)
    refreshed = Publication(english, live(1))
    append_editions([refreshed], by=None, origin=Origin.REFRESH)
    take_in(pair("More iron.", "Más hierro."))
    assert behind() == set()


def dated(xml):
    """The records with a first day, as real ones have."""
    return xml.replace(b"<health-topic ", b'<health-topic date-created="01/02/2020" ')


@pytest.mark.parametrize("title", ["Anemia", "Our anemia"])
def test_spanish_is_made_from_what_a_person_took_over_from_the_record(title):
    take_in(dated(pair()))
    edit(1, publish=True, title=title)
    take_in(dated(pair("More iron.")))
    (section,) = working(1).summary
    newer = replace(section, body=section.body.replace("Iron.", "More iron."))
    edit(1, publish=True, title="Anemia", summary=(newer,))
    report = take_in(dated(pair("More iron.", "Más hierro.")))
    assert not report.conflicts
    assert behind() == set()
