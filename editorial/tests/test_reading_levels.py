"""How hard texts are to read: noted at every save, and asked for in the list of topics."""

import csv
import io

import pytest

from editorial.listing.reading import BANDS, band_of
from topics.models import TopicLanguage

from .desk import edit, pair, url_of
from .test_topic_list import LIST, change, listed

pytestmark = pytest.mark.django_db

EASY = "<p>{}</p>".format("The cat sat on the mat. " * 20)
HARD = "<p>{}</p>".format(
    "Considerable gastrointestinal abnormalities characteristically accompany inflammatory "
    "manifestations, necessitating comprehensive pharmacological administration. " * 8
)


def test_a_text_that_is_made_easier_leaves_the_list_when_it_is_saved(client, ana):
    english, _spanish = pair()
    assert listed(client, reading_en="short") == ["Abdominal Pain"]
    edit(client, english, **{"sections-0-body": HARD})
    assert listed(client, reading_en="hard") == listed(client, reading_en="4") == ["Abdominal Pain"]
    assert listed(client, reading_en="1") == listed(client, reading_en="short") == []
    edit(client, english, **{"sections-0-body": EASY})
    assert listed(client, reading_en="1") == ["Abdominal Pain"]
    assert listed(client, reading_en="hard") == []
    assert listed(client, reading_en="x", reading_es="x") == ["Abdominal Pain"]


def test_a_level_is_told_with_what_to_make_of_it(client, ana):
    english, _spanish = pair()
    for body, verdict in ((EASY, "This is not hard to read."), (HARD, "aim at grade 8 or lower")):
        edit(client, english, **{"sections-0-body": body})
        page = client.get(url_of(english, "publish")).content.decode()
        assert "Reading level: grade" in page and verdict in page


def test_each_language_has_its_own_bands(client, ana):
    english, spanish = pair()
    change(english, reading_level=8.0)
    change(spanish, reading_level=55.0)
    assert listed(client, reading_en="2", reading_es="2") == ["Abdominal Pain"]
    assert listed(client, reading_es="hard") == ["Abdominal Pain"]
    assert listed(client, reading_en="hard") == listed(client, reading_es="3") == []
    change(english, reading_level=8.01)
    change(spanish, reading_level=55.01)
    assert listed(client, reading_en="hard") == listed(client, reading_es="3") == ["Abdominal Pain"]
    assert listed(client, reading_es="hard") == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_level_falls_into_one_band(language):
    for level in (-50.0, 0.0, 6.0, 6.001, 8.0, 10.0, 40.0, 55.0, 65.0, 80.0, 80.1, 150.0):
        version = TopicLanguage(language=language, reading_level=level)
        assert [b for b in BANDS[language] if b.low < level <= b.high] == [band_of(version)]
    assert band_of(TopicLanguage(language=language, reading_level=None)) is None


def test_the_list_and_the_table_show_levels_in_words(client, ana):
    english, spanish = pair()
    change(english, reading_level=7.26)
    change(spanish, reading_level=61.5)
    page = client.get(LIST).content.decode()
    assert "7.3, grade 6 to 8" in page
    assert "61.5, normal" in page
    table = b"".join(client.get(f"{LIST}export/")).decode().lstrip("\ufeff")
    row = next(csv.DictReader(io.StringIO(table)))
    assert row["reading level, as saved (English)"] == "7.3"
    assert row["how hard to read (English)"] == "grade 6 to 8"
    assert row["reading level, as saved (Spanish)"] == "61.5"
    assert row["how hard to read (Spanish)"] == "normal"
