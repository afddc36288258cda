"""What is shown of a text that was found: the right stretch, the right marks, nothing unescaped."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.excerpts import Marker
from search.readings import Reading, query


def marker(text, reading=Reading.WORDS, language="en"):
    return Marker(query(language, text), reading)


def test_words_are_marked_as_the_text_writes_them():
    marked = marker("corazon").marked("El Corazón y los CORAZONES")
    assert marked == "El <mark>Corazón</mark> y los <mark>CORAZONES</mark>"


def test_short_words_are_marked_whole_only():
    assert marker("flu").marked("flu fluid") == "<mark>flu</mark> fluid"
    assert "<mark>fluid</mark>" in marker("flu", Reading.BEGINNING).marked("flu fluid")


def test_a_possessive_is_marked_with_its_ending():
    assert marker("crohn").marked("Crohn's") == "<mark>Crohn&#x27;s</mark>"


def test_mark_up_in_the_text_is_shown_and_not_obeyed():
    text = '<script>alert("asthma")</script> & <mark>no</mark>'
    assert marker("asthma").marked(text) == (
        "&lt;script&gt;alert(&quot;<mark>asthma</mark>&quot;)&lt;/script&gt; "
        "&amp; &lt;mark&gt;no&lt;/mark&gt;"
    )


@given(st.text(), st.sampled_from(["a", "b c", "<é>", "the"]))
def test_without_its_marks_the_text_is_unchanged(text, asked):
    bare = re.sub("</?mark>", "", marker(asked).marked(text))
    assert unescape(bare) == unescape(escape(text))
    assert "<" not in bare


def test_the_excerpt_is_the_stretch_with_most_of_the_words():
    text = "heart " + "and so on " * 50 + "a heart attack is this " + "and so on " * 50
    excerpt = marker("heart attack").excerpt(text)
    assert "<mark>heart</mark> <mark>attack</mark> is this" in excerpt
    assert excerpt.startswith("… ") and excerpt.endswith(" …")


def test_a_short_text_is_shown_whole():
    assert marker("flu").excerpt("(The flu.)") == "(The <mark>flu</mark>.)"
    assert marker("flu").excerpt("") == ""
    assert marker("flu").excerpt("Nothing of it.") == "Nothing of it."


@given(st.text(), st.sampled_from(["a", "b c", "the"]))
def test_an_excerpt_of_any_text_is_a_piece_of_it(text, asked):
    excerpt = marker(asked).excerpt(text).removeprefix("… ").removesuffix(" …")
    assert re.sub("</?mark>", "", excerpt) in escape(text) or "…" in text


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("pain", ""),
        ("stomach pain", "Stomach ache"),
        ("colic", "Colic"),
        ("colic babies", "Colic in babies"),
        ("nothing", ""),
    ],
)
def test_the_name_shown_is_the_one_that_says_what_the_title_does_not(asked, name):
    names = ["Bellyache", "Stomach ache", "Colic", "Colic in babies"]
    assert marker(asked).name("Abdominal Pain", names) == name
