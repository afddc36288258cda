"""What may have been meant by an address at which there is nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.near import MOST, near

from .published import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    published("Diabetes", also=("Sugar sickness",))
    published("High Blood Pressure", see=("Hypertension",))
    published("Kidney Tests", "Blood is looked at.")
    published("Diabetes", language="es")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("diabtes.html", "Diabetes"),
        ("DIABETES", "Diabetes"),
        ("old/place/diabetis.htm", "Diabetes"),
        ("hypertenson.html", "High Blood Pressure"),
        ("highblood.html", "High Blood Pressure"),
        ("blood-pressure-high", "High Blood Pressure"),
        ("sugar_sickness/", "Diabetes"),
        ("diábetes.html", "Diabetes"),
    ],
)
def test_a_name_is_found_that_is_misspelt_cut_off_or_written_as_words(path, title):
    assert [one.title for one in near("en", path)] == [title]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("path", ["", "/", ".html", "wp-login.php", "xyz.html", "kidney-cars"])
def test_nothing_is_offered_that_is_not_alike(path):
    assert near("en", path) == []


def test_at_most_six_are_offered():
    for number in range(10):
        published(f"Fever {number}")
    assert len(near("en", "fever.html")) == MOST


@pytest.mark.usefixtures("site")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=300))
def test_any_path_is_harmless(path):
    assert len(near("es", path)) <= MOST


@pytest.mark.usefixtures("site")
def test_five_queries_are_enough_and_names_are_read_once(django_assert_num_queries):
    for queries in (5, 4):
        with django_assert_num_queries(queries):
            near("en", "high-blood-tests-and-other-words")


@pytest.mark.usefixtures("site")
def test_a_name_is_found_as_soon_as_it_is_public():
    assert [one.title for one in near("en", "diabtes")] == ["Diabetes"]
    published("Diabetes Tests")
    assert [one.title for one in near("en", "diabetestest")] == ["Diabetes Tests", "Diabetes"]
