"""Who runs the site, as the demonstration says it: filled in, taken back, never taken over."""

import pytest
from django.core.management import call_command

from interchange import demonstration
from topics.models import Generation, Installation

from .records import file_of, topic

pytestmark = pytest.mark.django_db


def words() -> dict[str, str]:
    """The words that are not empty."""
    installation = Installation.objects.get()
    found = {name: getattr(installation, name) for name in demonstration.INSTALLATION}
    return {name: value for name, value in found.items() if value}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.xml").write_bytes(file_of(topic(1)))
    return tmp_path


@pytest.fixture
def loaded(folder):
    demonstration.load(folder)
    assert words() == demonstration.INSTALLATION


def test_removing_takes_the_words_back_and_pages_stop_showing_them(client, loaded):
    before = Generation.objects.get().number
    assert b"Demonstration Health Topics" in client.get("/").content
    call_command("remove_demo")
    assert words() == {}
    assert Generation.objects.get().number > before
    page = client.get("/").content
    for value in demonstration.INSTALLATION.values():
        assert value.encode() not in page, value


def test_what_an_editor_changed_stays(loaded):
    Installation.objects.update(name_es="Salud del condado", contact="https://county.example/")
    demonstration.remove()
    assert words() == {"name_es": "Salud del condado", "contact": "https://county.example/"}


def test_removing_from_a_real_site_changes_none_of_its_words(folder):
    own = {"name_en": "County Health", "emergency_number": "911"} | {
        name: demonstration.INSTALLATION[name] for name in ("source_credit_en", "source_credit_es")
    }
    Installation.objects.update_or_create(pk=1, defaults=own)
    demonstration.load(folder)
    demonstration.remove()
    assert words() == own


def test_removing_what_was_never_loaded_changes_nothing():
    before = Generation.objects.get().number
    assert demonstration.remove() == (0, [])
    assert Generation.objects.get().number == before
