"""How words are cut and folded: the same for what is indexed and what is asked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.readings import Reading, query
from search.words import LONGEST_WORD, asked, fold, forms, indexed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Corazón", ["corazon"]),
        ("NIÑO y niña", ["nino", "y", "nina"]),
        ("¿Qué es la diabetes?", ["que", "es", "la", "diabetes"]),
        ("COVID-19", ["covid", "19"]),
        ("Alzheimer's disease", ["alzheimers", "disease"]),
        ("Alzheimer’s", ["alzheimers"]),
        ("straße ﬁbrosis H₂O", ["strasse", "fibrosis", "h2o"]),
        ("corazo\u0301n", ["corazon"]),
        ("\x00 \"'* AND( 🩺 —_", ["and"]),
        ("سرطان 癌症", ["سرطان", "癌症"]),
        ("", []),
    ],
)
def test_words_are_cut_at_what_is_no_letter_and_folded(text, words):
    assert asked(text) == words


def test_a_possessive_is_found_with_and_without_its_ending():
    assert forms("Crohn's") == ("crohns", "crohn")


def test_a_word_without_end_is_cut_short():
    assert fold("a" * 5_000) == "a" * LONGEST_WORD
    assert len(fold("ﷺ" * 5_000)) <= LONGEST_WORD


def test_each_text_is_a_line_of_its_own_so_that_a_whole_name_can_be_compared():
    assert indexed(["Dolor de panza", "Crohn's"]) == "\ndolor de panza\ncrohns\ncrohn"


@given(st.text())
def test_every_word_asked_is_made_of_folded_letters_and_digits(text):
    for word in asked(text):
        assert word.isalnum()
        assert len(word) <= LONGEST_WORD
        assert fold(word) == word


@given(st.text())
def test_every_text_is_found_by_its_own_words(text):
    assert set(asked(text)) <= set(indexed([text]).split())


@given(st.text("aáàâäãåbcçeéèêëiíìïnñoóòôöõuúùûüyýÿ"))
def test_case_and_accents_make_no_difference(text):
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    assert asked(text) == asked(text.upper()) == asked(decomposed) == asked(plain)


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others():
    assert query("en", "What is the flu?").telling == ("flu",)
    assert query("es", "¿Qué es la gripe?").telling == ("gripe",)
    assert query("en", "the who").telling == ("the", "who")
    assert query("en", "flu flu").telling == ("flu",)


def test_a_single_word_is_not_read_as_any_of_the_words():
    assert query("en", "flu").readings == [Reading.WORDS, Reading.BEGINNING]
