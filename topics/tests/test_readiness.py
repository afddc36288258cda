"""What stands against publishing: each rule finds what it is for, and little else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.document import Image, Link, Section
from topics.readiness import advice, blocking_reasons, reading_level, syllables
from topics.readiness.foreign_words import is_foreign
from topics.readiness.quantities import match, quantities
from topics.readiness.reading import sentences

from .documents import ENGLISH, SPANISH

LINK = Link("Basics", "https://example.org/", None, ("Start Here",), resource=7)
GOOD = replace(ENGLISH, links=(LINK,))


def codes(document, other=SPANISH, **options):
    return [reason.code for reason in advice(document, other, **options)]


def with_text(document, *bodies):
    return replace(
        document, summary=tuple(Section(2, f"Part {'ABCD'[n]}", b) for n, b in enumerate(bodies))
    )


def number_reasons(english, spanish):
    documents = (with_text(GOOD, *english), with_text(SPANISH, *spanish))
    return [reason.sentence for reason in advice(*documents) if reason.code == "numbers"]


def numbers(english, spanish):
    return number_reasons([f"<p>{english}</p>"], [f"<p>{spanish}</p>"])


# --- One language -----------------------------------------------------------------------------------


def test_a_complete_topic_has_nothing_against_it():
    assert blocking_reasons(GOOD) == []
    same = replace(SPANISH, summary=GOOD.summary[:1])
    assert codes(replace(GOOD, summary=GOOD.summary[:1]), same) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "title"),
        ({"summary": None, "links": ()}, "empty"),
        ({"summary": (Section(2, "<em> </em>", "<p>x</p>"),)}, "heading"),
        ({"links": (replace(LINK, title=""),)}, "link"),
        ({"links": (replace(LINK, categories=("",), category_keys=("new",)),)}, "section-name"),
    ],
)
def test_what_would_break_the_page_blocks(change, code):
    assert [reason.code for reason in blocking_reasons(replace(GOOD, **change))] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"summary": None}, "summary"),
        ({"meta_description": None}, "description"),
        ({"meta_description": "x" * 400}, "description"),
        ({"groups": ()}, "groups"),
        ({"links": ()}, "links"),
        ({"links": (replace(LINK, categories=("Encyclopedia",)),)}, "start-here"),
        ({"summary": (Section(2, "Empty", "<p></p>"),)}, "empty-section"),
        ({"summary": (Section(2, "A", "<p>x</p>"), Section(4, "B", "<p>x</p>"))}, "heading-order"),
        ({"summary": (Section(2, "A", '<p><img src="/x.png" alt=" "></p>'),)}, "picture"),
        ({"image": Image("x.webp", 1, 1, "")}, "picture"),
    ],
)
def test_what_a_reader_would_miss_is_advice(change, code):
    document = replace(GOOD, **change)
    assert code in codes(document)
    assert blocking_reasons(document) == []


def test_words_of_a_picture_that_only_the_other_language_has_are_advice():
    whole = Image("x.webp", 1, 1, "x", credit="Somebody", license="Public domain")
    other = replace(SPANISH, image=whole)
    silent = replace(whole, credit="", license="")
    said = [reason.sentence for reason in advice(replace(GOOD, image=silent), other)]
    assert "The picture's credit is given in Spanish only." in said
    assert "The picture's license is given in Spanish only." in said
    assert "picture" not in codes(replace(GOOD, image=whole), other)
    assert "picture" not in codes(replace(GOOD, image=whole), replace(SPANISH, image=silent))


def test_a_heading_over_deeper_headings_is_not_empty():
    nested = (Section(2, "A", ""), Section(3, "B", "<p>x</p>"))
    assert "empty-section" not in codes(replace(GOOD, summary=nested))


def test_dead_links_and_a_missing_language_are_told():
    assert codes(GOOD, dead={LINK.url})[0] == "dead-link"
    assert "dead-link" not in codes(GOOD, dead={"https://example.org/other"})
    assert "other-language" in codes(GOOD, None)


def test_a_section_without_a_language_says_which_section():
    document = with_text(GOOD, "<p>One.</p>", "")
    (found,) = [reason for reason in advice(document, SPANISH) if reason.code == "empty-section"]
    assert (found.section, "Part B" in found.sentence) == (1, True)


# --- The other language's words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Take this medicine with food.",
        "What is leukemia?",
        "If you have a fever, call your doctor right away, because it may be serious.",
    ],
)
def test_english_left_in_spanish_is_found(text):
    assert is_foreign(text, "es")
    assert not is_foreign(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "National Institute of Diabetes and Digestive and Kidney Diseases",
        "El instituto se llama “The Institute of the Heart and of the Lungs”.",
        "Lea la página de Centers for Disease Control and Prevention sobre el tema.",
        "Leucemia mieloide aguda",
        "ALL, AML, CLL",
    ],
)
def test_names_in_a_spanish_text_are_not(text):
    assert not is_foreign(text, "es")


def test_a_text_that_stands_in_the_original_as_it_is_was_not_translated():
    text = "<p>Nobody knows the exact cause.</p><p>Anemia</p><p>American Lung Association</p>"
    copied, original = with_text(SPANISH, text), with_text(GOOD, text)
    assert not is_foreign("Nobody knows the exact cause.", "es")
    found = [r for r in advice(copied, original, is_translation=True) if r.code == "foreign"]
    assert ["“Nobody knows the exact cause.”" in reason.sentence for reason in found] == [True]
    # What was written first is in its own language, and what differs was translated.
    assert "foreign" not in codes(original, copied)
    assert "foreign" not in codes(copied, GOOD, is_translation=True)


# --- How hard it is to read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("disease", 2), ("diseases", 3), ("treated", 2), ("called", 1), ("radiation", 4)],
        *[("serious", 3), ("medicine", 3), ("sometimes", 2), ("patient", 2), ("people", 2)],
    ],
)
def test_english_syllables(word, count):
    assert syllables.english(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("quien", 1), ("pingüino", 3), ("día", 2), ("médula", 3), ("ósea", 3), ("muy", 1)],
        *[("leyes", 2), ("búho", 2), ("prohibir", 2), ("vehículo", 4), ("país", 2), ("caos", 2)],
    ],
)
def test_spanish_syllables(word, count):
    assert syllables.spanish(word) == count


def test_sentences_end_where_one_ends():
    text = "Dr. Díaz says at 8 a.m. it is 1.5 mg. Is it? Yes… No."
    assert sentences(text) == ["Dr\0 Díaz says at 8 a\0m\0 it is 1.5 mg", "Is it", "Yes", "No."]


def test_reading_levels_follow_their_formulas():
    # 10 list items of 6 words and 8 syllables each: an item without a full stop is a sentence.
    body = "<ul>" + "<li>The doctor may look at tissue</li>" * 10 + "</ul>"
    english = reading_level(with_text(GOOD, body))
    assert (english.count.sentences, english.count.words, english.count.syllables) == (10, 60, 80)
    assert english.grade == pytest.approx(0.39 * 6 + 11.8 * 8 / 6 - 15.59)
    spanish = reading_level(
        with_text(
            SPANISH,
            body.replace("The doctor may look at tissue", "La médula está dentro del hueso"),
        )
    )
    assert (spanish.count.words, spanish.count.syllables) == (60, 110)
    assert spanish.huerta == pytest.approx(206.84 - 60 * 11 / 6 - 1.02 * 6)
    assert spanish.szigriszt == pytest.approx(206.835 - 62.3 * 11 / 6 - 6)
    assert (str(spanish.band), spanish.is_hard) == ("very easy", False)


def test_a_hard_text_is_told_and_a_short_one_is_not_measured():
    hard = (
        "<p>" + "Hematological malignancies necessitate multidisciplinary individualization. " * 12
    )
    assert "reading" in codes(with_text(GOOD, hard + "</p>"))
    assert reading_level(GOOD) is None


# --- Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Take 1,000 mg.", "Tome 1.000 mg."),
        ("Take 1,000 mg.", "Tome 1 000 miligramos."),
        ("1.5 liters", "1,5 litros"),
        ("500,000 people", "500.000 personas"),
        ("3.5 million people", "3,5 millones de personas"),
        ("2 billion cells", "2 mil millones de células"),
        ("50 percent", "50 por ciento"),
        ("50%", "el 50 % de las personas"),
        ("5-10 mg/dL", "de 5 a 10 miligramos por decilitro"),
        ("a fever of 100.4 °F", "fiebre de 38 °C"),
        ("You lose 10 pounds", "Usted pierde 4,5 kilos"),
        ("500 mg", "0,5 g"),
        ("two types", "2 tipos"),
        ("twenty-four hours", "24 horas"),
        ("twice a day", "dos veces al día"),
        ("Both of your two kidneys", "Los dos riñones"),
        ("One of the first", "Uno de los primeros"),
        ("the 2nd day", "el segundo día"),
        ("COVID-19 and vitamin B12", "La enfermedad del coronavirus"),
        ("on October 8, 2026", "el 8 de octubre de 2026"),
        ("8:00 a.m.", "8 a. m."),
    ],
)
def test_the_same_number_in_both_ways_of_writing_is_no_difference(english, spanish):
    assert numbers(english, spanish) == []


@pytest.mark.parametrize(
    ("english", "spanish", "said"),
    [
        ("Take 2 tablets.", "Tome 3 pastillas.", ["lacks", "3 pastillas"]),
        ("Take 5 mg.", "Tome 5 ml.", ["“5 mg” where the Spanish text says “5 ml”"]),
        ("10 mg/kg", "10 mg/día", ["“10 mg/kg” where"]),
        ("1,500 mg", "1.050 mg", ["“1,500 mg”; the Spanish text does not", "1.050 mg"]),
        ("101 °F", "40 °C", ["101 °F", "40 °C"]),
        ("three days", "cinco días", ["three days", "cinco días"]),
        ("0.5 mg", "5 mg", ["0.5 mg", "5 mg"]),
        ("once a day", "once pastillas", ["once pastillas"]),
    ],
)
def test_a_different_number_unit_or_dose_is_told(english, spanish, said):
    sentences = " ".join(numbers(english, spanish))
    assert all(part in sentences for part in said)
    assert "Part A" in sentences


def test_doses_are_compared_section_by_section():
    english = ["<p>Take 2 mg.</p>", "<p>Take 3 mg.</p>"]
    assert number_reasons(english, ["<p>Tome 3 mg.</p>", "<p>Tome 2 mg.</p>"])
    assert not number_reasons(english, ["<p>Tome 2 mg.</p><p>Tome 3 mg.</p>"])


def test_where_sections_do_not_correspond_each_number_has_its_own_section_all_the_same():
    english = ["<p>Take 2 mg.</p>", "<p>Take 5 mg.</p>"]
    assert number_reasons(english, ["<p>Tome 2 mg y 4 ml.</p>"]) == [
        "“Part B” says “5 mg”; the Spanish text does not.",
        "The Spanish text says “4 ml” in “Part A”; this text does not.",
    ]


ENGLISH_WAYS = [lambda n: f"{n:,}", str]
SPANISH_WAYS = [
    lambda n: f"{n:,}".replace(",", "."),
    lambda n: f"{n:,}".replace(",", " "),
    lambda n: f"{n:,}".replace(",", "\u202f"),
    lambda n: f"{n:,}",
    str,
]


@given(st.integers(0, 10**12), st.sampled_from(ENGLISH_WAYS), st.sampled_from(SPANISH_WAYS))
def test_whole_numbers_match_however_they_are_grouped(number, english, spanish):
    (one,) = quantities(f"about {english(number)} mg", "en")
    (other,) = quantities(f"unos {spanish(number)} mg", "es")
    assert number in one.values
    assert match(one, other)
    assert match(other, one)


@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 99), st.integers(0, 99))
def test_numbers_match_only_when_they_are_equal(whole, other_whole, part, other_part):
    (one,) = quantities(f"{whole}.{part:02} mg", "en")
    (other,) = quantities(f"{other_whole},{other_part:02} mg", "es")
    assert match(one, other) == ((whole, part) == (other_whole, other_part))
