"""What a search finds and in which order, on whichever database is configured."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.finding import RESULTS_A_PAGE, count, find
from topics.publishing import publish as publish_working_copy
from topics.publishing import withdraw
from topics.working_copy import store

from .published import document, publish, published

pytestmark = pytest.mark.django_db


def titles(text, language="en", page=1):
    return [result.title for result in find(language, text, page).results]


# --- What is found ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", ["corazón", "CORAZON", "Corazo\u0301n", "¿corazón?", "corazón\x00"]
)
def test_accents_case_and_signs_make_no_difference(asked):
    published("Enfermedades del corazón", language="es")
    assert titles(asked, "es") == ["Enfermedades del corazón"]


@pytest.mark.parametrize("asked", ["nino", "NIÑO", "niño"])
def test_the_letter_n_with_a_tilde_is_found_without_it(asked):
    published("Salud del niño", language="es")
    assert titles(asked, "es") == ["Salud del niño"]


@pytest.mark.parametrize("asked", ["belly", "bellyache", "abdominal", "serious", "spleen", "pain"])
def test_titles_names_headings_and_text_are_searched(asked):
    published(
        "Stomach Pain",
        "Look at the <strong>spl</strong>een.",
        also=("Belly ache", "Bellyache"),
        see=("Pain, Abdominal",),
        heading="When is it <em>serious</em>?",
    )
    assert titles(asked) == ["Stomach Pain"]


@pytest.mark.parametrize("asked", ["alzheimer", "alzheimers", "Alzheimer's", "alzheimer’s disease"])
def test_a_possessive_is_found_however_it_is_written(asked):
    published("Alzheimer's Disease")
    assert titles(asked) == ["Alzheimer's Disease"]


@pytest.mark.parametrize("asked", ["none", "null", "strong", "amp", "quot"])
def test_what_is_no_text_is_not_found(asked):
    published("Salt & Pepper", "<strong>Pain</strong> &amp; more")
    assert titles(asked) == []


def test_all_words_are_looked_for_and_words_that_say_nothing_are_not():
    published("Kidney Stones", "Small and hard.")
    published("Kidney Failure", "Nothing about the other thing.")
    assert titles("kidney stones") == ["Kidney Stones"]
    assert titles("what are the kidney stones?") == ["Kidney Stones"]


def test_any_of_the_words_will_do_when_no_topic_has_all():
    published("Kidney Stones")
    published("Kidney Failure")
    published("Asthma")
    found = find("en", "kidney stones xyzzy")
    assert found.any
    assert [result.title for result in found.results] == ["Kidney Stones", "Kidney Failure"]


def test_words_that_say_nothing_find_nothing_for_a_word_that_is_nowhere():
    published("The Flu", "What is the flu?")
    assert find("en", "what is the xyzzy").total == 0


# --- The last word may go on ------------------------------------------------------------------------


def test_every_beginning_of_a_word_finds_what_the_word_finds_names_first():
    published("Blood", "Some people get leukemia.")
    published("Marrow", heading="Is it leukemia?")
    published("Blood Cancer", also=("Leukemia of the blood",))
    published("Leukemia")
    order = ["Leukemia", "Blood Cancer", "Marrow", "Blood"]
    for letters in range(1, len("leukemia") + 1):
        assert titles("leukemia"[:letters]) == order
    assert titles("people leuk") == ["Blood"]


def test_a_name_that_begins_so_hides_no_text_that_has_the_word():
    published("Bloom's Syndrome")
    published("Anemia", "Too little iron in the blood.")
    assert titles("bloo") == ["Bloom's Syndrome", "Anemia"]
    assert titles("iron bloo") == ["Anemia"]
    assert titles("blood") == ["Anemia"]


def test_a_short_word_that_is_found_whole_does_not_find_longer_ones():
    published("Flu")
    published("Fluoride")
    assert titles("flu") == ["Flu"]


def test_whole_words_come_before_longer_ones():
    published("Children's Health", "Child, child and child.")
    published("Safety of a Child")
    published("Asthma", "Children, children and children.")
    published("Burns", "Keep matches where, however tall it may be, no child can reach them.")
    assert titles("child") == ["Safety of a Child", "Children's Health", "Burns", "Asthma"]


# --- The order --------------------------------------------------------------------------------------


def test_titles_come_before_names_before_headings_before_text():
    publish(
        document("In the Text", "Asthma, asthma, asthma and asthma."),
        document("In a Heading", heading="What has asthma to do with it?"),
        document("In a Reference", "Breathing.", see=("Bronchial asthma",)),
        document("In a Name", "Breathing.", also=("Bronchial asthma",)),
        document("Asthma in Children", "Breathing. " * 200),
        document("Asthma", "Breathing. " * 200),
    )
    assert titles("asthma")[:2] == ["Asthma", "Asthma in Children"]
    assert set(titles("asthma")[2:4]) == {"In a Name", "In a Reference"}
    assert titles("asthma")[4:] == ["In a Heading", "In the Text"]


def test_a_name_that_is_just_what_was_asked_comes_before_titles_that_hold_more():
    published("Tests of the Grippe")
    published("Influenza", also=("Grippe",))
    assert titles("grippe") == ["Influenza", "Tests of the Grippe"]
    assert titles("the grippe") == ["Influenza", "Tests of the Grippe"]


def test_words_that_say_nothing_still_tell_titles_apart():
    published("Vitamin", "Of vitamins.")
    published("Vitamin A", "Of vitamins.")
    assert titles("vitamin a") == ["Vitamin A", "Vitamin"]
    assert titles("vitamin") == ["Vitamin", "Vitamin A"]


def test_the_order_of_equals_does_not_change_from_page_to_page():
    publish(*(document(f"Pain {n:02}", "The same.") for n in range(50)))
    pages = [titles("pain", page=page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [RESULTS_A_PAGE, RESULTS_A_PAGE, 10]
    assert sum(pages, []) == [f"Pain {n:02}" for n in range(50)]


# --- Live editions in one language ------------------------------------------------------------------


def test_languages_are_never_mixed():
    published("Diabetes")
    published("La diabetes", language="es")
    assert titles("diabetes") == ["Diabetes"]
    assert titles("diabetes", "es") == ["La diabetes"]
    assert count("es", "diabetes") == 1


def test_a_draft_is_never_found():
    [row] = publish(document("Asthma"))
    store([(row, document("Secret Wheezing"))])
    assert titles("asthma") == ["Asthma"]
    assert titles("wheezing") == []
    publish_working_copy(row.pk, by=None)
    assert titles("asthma") == []
    assert titles("wheezing") == ["Secret Wheezing"]


def test_what_is_withdrawn_is_gone_and_what_is_published_again_is_back():
    row = published("Asthma")
    store([(row, document("Asthma"))])
    withdraw(row.pk, by=None, reason="Out of date.")
    assert titles("asthma") == []
    publish_working_copy(row.pk, by=None)
    assert titles("asthma") == ["Asthma"]


def test_a_result_leads_to_the_address_of_the_topic():
    row = published("Asma", language="es")
    assert find("es", "asma").results[0].path == f"/spanish/{row.slug}.html"


# --- Any input --------------------------------------------------------------------------------------

HOSTILE = [
    '"',
    "'",
    'heart"',
    "title_words:asthma",
    "NEAR(a b)",
    "asthma*",
    "^asthma",
    "a OR b",
    "NOT",
    "- - -",
    "{x}:y",
    "':*A & !'b'",
    "\\",
    "%s %(x)s %",
    "'; DROP TABLE search_entry; --",
    "\x00",
    "🩺🩺",
    "\ud7ff\ue000\ufffe",
    "ا" * 200,
    "a" * 5_000,
    " ".join("abcdefghijklmnopqrstuvwxyz0123456789" * 4),
    " OR ".join(["x"] * 2_500),
]


@pytest.mark.parametrize("asked", HOSTILE)
def test_no_input_is_an_error_or_an_operator(asked):
    published("Asthma", "x y b")
    found = find("en", asked)
    assert len(found.results) == found.total <= 1


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200),
    st.sampled_from(["en", "es"]),
)
def test_any_text_finds_the_topic_that_has_it_as_title(text, language):
    row = published(text[:100] or "x", text, language=language)
    found = find(language, text[:100])
    assert found.total or not any(c.isalnum() for c in text[:100])
    row.search_entry.delete()


@pytest.mark.parametrize("page", [-1, 0, 2, 10**9])
def test_a_page_that_is_not_there_is_empty(page):
    published("Asthma")
    found = find("en", "asthma", page)
    assert (found.total, found.results) == (1, [])
