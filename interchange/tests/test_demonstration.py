"""Loading the demonstration, replacing it by the real thing, and removing it."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import etree

from interchange import demonstration
from interchange.models import ImportRun, UpstreamRecord
from resources.models import Organization, Resource
from topics.models import (
    Address,
    Edition,
    HealthTopic,
    Installation,
    LivePicture,
    Origin,
    PublicationEvent,
    TopicLanguage,
)

from .importing import edit, give_out, live, row, statements, take_in
from .records import file_of, topic

pytestmark = pytest.mark.django_db

SUMMARY = "<full-summary>&lt;p>Iron.&lt;/p></full-summary>"
LINK = (
    '<site title="Shared" url="https://x.org/shared"><organization>A society</organization></site>'
)


@pytest.fixture
def folder(tmp_path):
    """Two small demonstration topics, one in both languages, in two files."""
    mapped = (
        '<language-mapped-topic url="https://x.org" id="{}" language="{}">M</language-mapped-topic>'
    )
    english = topic(1, "Anemia", SUMMARY + mapped.format(1_000_000_002, "Spanish") + LINK)
    spanish = topic(
        1_000_000_002,
        "La anemia",
        SUMMARY + mapped.format(1, "English"),
        language="Spanish",
        url="https://medlineplus.gov/spanish/anemia.html",
    )
    linking = (
        '<full-summary>&lt;a href="https://medlineplus.gov/anemia.html">x&lt;/a></full-summary>'
    )
    (tmp_path / "b.xml").write_bytes(file_of(english, spanish))
    (tmp_path / "a.xml").write_bytes(file_of(topic(3, "Asthma", linking)))
    return tmp_path


def command(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def picture_files() -> list[str]:
    """The files of the one picture that live pages show."""
    (name,) = set(LivePicture.objects.values_list("name", flat=True))
    files = [
        f"pictures/{name}/{width}.{form}"
        for width in (320, 640, 960, 1280)
        for form in ("avif", "webp", "jpg")
    ]
    return [path for path in files if default_storage.exists(path)]


def test_the_real_demonstration_loads_whole_and_removes_itself_whole(
    django_capture_on_commit_callbacks,
):
    before = Organization.objects.count()
    assert "The demonstration is loaded: " in command("load_demo")
    editions = Edition.objects.count()
    report_again = command("load_demo")
    assert "are here already; nothing changed" in report_again
    assert Edition.objects.count() == editions
    assert row(1437).topic.title_es == "Leucemia linfocítica aguda"
    assert set(Edition.objects.values_list("origin", flat=True)) == {Origin.DEMONSTRATION}
    assert not UpstreamRecord.objects.exclude(notes=[]).exists()
    files = picture_files()
    assert len(files) == 12
    with django_capture_on_commit_callbacks(execute=True):
        removed = command("remove_demo")
    assert not any(map(default_storage.exists, files))
    assert removed.startswith(f"{len(list(demonstration.FOLDER.glob('*.xml')))} topics")
    for model in (HealthTopic, TopicLanguage, Edition, PublicationEvent, UpstreamRecord, Resource):
        assert not model.objects.exists(), model
    assert Organization.objects.count() == before
    assert not Address.objects.filter(topic_language__isnull=False).exists()


def test_the_second_loading_writes_nothing(folder):
    demonstration.load(folder)
    with statements() as written:
        demonstration.load(folder)
    assert written == []


def test_topics_of_different_files_find_each_other(folder):
    demonstration.load(folder)
    assert 'data-topic="1"' in live(3).summary[0].body
    assert row(1).topic_id == row(1_000_000_002).topic_id


def test_an_empty_installation_is_introduced_and_a_filled_one_left_alone(folder):
    demonstration.load(folder)
    assert Installation.objects.get().name_es == "Temas de salud de demostración"
    Installation.objects.update(name_en="County Health", name_es="")
    demonstration.load(folder)
    assert (Installation.objects.get().name_en, Installation.objects.get().name_es) == (
        "County Health",
        "",
    )


def test_the_real_file_replaces_what_nobody_edited(folder):
    demonstration.load(folder)
    spanish = topic(2, "Anemia (real)", SUMMARY, slug="anemia", language="Spanish")
    report = take_in(file_of(topic(1, "Anemia", LINK), spanish, topic(3, "Asthma", SUMMARY)))
    assert report.counts() == {
        "created": 0,
        "updated": 3,
        "unchanged": 0,
        "conflicts": 0,
        "refused": 0,
    }
    assert live(2).title == "Anemia (real)"
    assert row(2).topic_id == row(1).topic_id
    assert not TopicLanguage.objects.filter(number=1_000_000_002).exists()
    assert {row(number).live_edition.origin for number in (1, 2, 3)} == {Origin.IMPORT}
    with statements() as written:
        demonstration.load(folder)
    kept = ("importrun", "editorial_act")
    assert [sql for sql in written if not any(table in sql for table in kept)] == []
    assert demonstration.remove() == (0, [])


def test_what_was_edited_stays_and_is_a_conflict_once(folder):
    demonstration.load(folder)
    edit(1_000_000_002, also_called=("Sangre cansada",), publish=True)
    xml = file_of(topic(2, "Anemia (real)", SUMMARY, slug="anemia", language="Spanish"))
    assert [conflict.number for conflict in take_in(xml).conflicts] == [2]
    assert live(2).also_called == ("Sangre cansada",)
    with statements() as written:
        assert len(take_in(xml).conflicts) == 1
    assert written == []


@pytest.mark.parametrize("addresses", ["upstream", "site"])
def test_an_edited_topic_that_took_a_real_number_is_exported_under_it(folder, addresses):
    demonstration.load(folder)
    edit(1_000_000_002, also_called=("Sangre cansada",), publish=True)
    take_in(file_of(topic(2, "Anemia (real)", SUMMARY, slug="anemia", language="Spanish")))
    exported = etree.fromstring(give_out(addresses=addresses))
    numbers = {element.get("id"): element for element in exported}
    assert set(numbers) == {"1", "2", "3"}
    assert numbers["2"].find("language-mapped-topic").get("id") == "1"
    assert numbers["2"].findtext("also-called") == "Sangre cansada"


def test_the_demonstration_is_not_mixed_into_real_topics(folder):
    take_in(file_of(topic(1, "Anemia", SUMMARY)))
    report = demonstration.load(folder)
    assert (report.created, report.refusals) == (1, [])
    assert row(1).topic.languages.count() == 1
    assert row(1).live_edition.origin == Origin.IMPORT


def test_removing_keeps_what_was_edited_and_says_why(folder):
    demonstration.load(folder)
    edit(3, also_called=("Wheezing",), publish=True)
    removed, kept = demonstration.remove()
    assert removed == 1
    assert kept == [
        "“Asthma” was kept: it was published from here.",
        "The site keeps the demonstration's words, because of what was kept.",
    ]
    assert Installation.objects.get().disclaimer_en.startswith("This is a demonstration.")
    Installation.objects.update(**dict.fromkeys(demonstration.INSTALLATION, "Ours"))
    assert demonstration.remove() == (0, kept[:1])
    assert live(3).title == "Asthma"


def test_removing_keeps_what_an_editor_has_begun_to_change(folder, django_user_model):
    demonstration.load(folder)
    editor = django_user_model.objects.create_user("alice")
    TopicLanguage.objects.filter(number=3).update(changed_by=editor)
    assert demonstration.remove()[1][0] == "“Asthma” was kept: somebody edited it here."


def test_the_demonstration_shows_a_picture_and_material_in_further_languages(client):
    command("load_demo")
    picture = {language: live(number).image for language, number in (("en", 1437), ("es", 2004))}
    assert picture["en"].alt.startswith("Drawing of blood")
    assert picture["es"].alt.startswith("Dibujo de la sangre")
    assert picture["en"].credit and picture["en"].license
    # The picture makes the topic no newer than the others.
    days = TopicLanguage.objects.values_list("live_edition__content_changed_at", flat=True)
    assert len(set(days)) == 1
    for path in ("/languages/arabic.html", "/spanish/languages/vietnamese.html"):
        assert client.get(path).status_code == 200, path


def test_removing_keeps_a_topic_whose_picture_somebody_changed(folder):
    demonstration.load(folder)
    HealthTopic.objects.filter(languages__number=3).update(version=2)
    assert demonstration.remove()[1][0] == "“Asthma” was kept: somebody edited it here."


def test_removing_keeps_a_topic_with_a_language_of_its_own(folder, monkeypatch):
    demonstration.load(folder)
    TopicLanguage(topic=row(3).topic, language="es", slug="asma").save()
    assert "“Asthma” was kept: a language of it was added here." in command("remove_demo")


def test_removing_takes_the_spanish_of_a_topic_whose_english_was_imported_for_real(folder, client):
    demonstration.load(folder)
    take_in(file_of(topic(1, "Anemia", SUMMARY.replace("Iron", "Real iron"))))
    assert client.get("/spanish/anemia.html").status_code == 200
    removed, said = demonstration.remove()
    assert (removed, said) == (
        1,
        ["“La anemia (Spanish)” was removed; the rest of the topic stays."],
    )
    assert client.get("/spanish/anemia.html").status_code == 404
    assert "Real iron." in client.get("/anemia.html").content.decode()
    assert not TopicLanguage.objects.filter(language="es").exists()
    real = row(1).topic
    assert (real.title_en, real.title_es) == ("Anemia", None)
    assert [(section.position_en, section.position_es) for section in real.sections.all()] == [
        (0, None)
    ]
    assert not UpstreamRecord.objects.filter(origin=Origin.DEMONSTRATION).exists()
    # A real topic is live, so its source is still credited and the emergency number still shown.
    words = Installation.objects.get()
    assert words.source_credit_en and words.emergency_number == "911"
    assert not (words.name_en or words.disclaimer_en)
    again = file_of(topic(2, "Anemia (real)", SUMMARY, slug="anemia", language="Spanish"))
    assert take_in(again).created == 1


def test_removing_keeps_what_a_real_translation_was_made_from(folder):
    demonstration.load(folder)
    spanish = topic(
        *(1_000_000_002, "La anemia", SUMMARY.replace("Iron", "Hierro")),
        language="Spanish",
        url="https://medlineplus.gov/spanish/anemia.html",
    )
    take_in(file_of(spanish))
    removed, said = demonstration.remove()
    assert removed == 1
    assert said[0] == (
        "“Anemia” was kept: its translation was imported for real. Import its original too."
    )


def test_loading_waits_for_an_import_that_runs(folder):
    now = timezone.now()
    ImportRun.objects.create(
        file_name="other.xml", started_at=now, heartbeat_at=now, host="elsewhere", process=1
    )
    with pytest.raises(CommandError, match="Another import is running"):
        call_command("load_demo")


def test_a_demonstration_topic_whose_address_is_taken_is_left_out(monkeypatch, folder):
    monkeypatch.setattr(demonstration.load, "__defaults__", (folder,))
    inner = '<group url="https://x.org/asthma.html" id="900">Asthma</group>'
    take_in(file_of(topic(9, "Flu", inner)))
    assert "Left out: Its address “/asthma.html” is in use" in command("load_demo")


def test_removing_keeps_links_that_other_topics_show(folder):
    demonstration.load(folder)
    take_in(file_of(topic(9, "Flu", LINK)))
    demonstration.remove()
    assert [resource.title_en for resource in Resource.objects.all()] == ["Shared"]
    assert Organization.objects.filter(name_en="A society").exists()
    assert b"Shared" in give_out()


def test_loading_leaves_a_run_that_says_so(folder):
    demonstration.load(folder)
    assert ImportRun.objects.get().origin == Origin.DEMONSTRATION


def test_the_demonstration_is_not_loaded_beside_topics_when_asked_not_to():
    HealthTopic.objects.create(title_en="Ours")
    assert command("load_demo", "--if-empty") == ""
    assert HealthTopic.objects.count() == 1
    assert not Installation.objects.get(pk=1).name_en
