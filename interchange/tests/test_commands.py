"""The commands as a person meets them: what they print and how they end."""

import errno
import io
import os
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from lxml import etree

from interchange.progress import ProgressBar
from topics.models import HealthTopic, TopicLanguage

from .importing import edit, live
from .records import file_of, topic
from .trees import trees

pytestmark = pytest.mark.django_db


def import_topics(tmp_path, xml: bytes, *options: str) -> tuple[str, int]:
    """What the command prints, and its exit status."""
    file = tmp_path / "topics.xml"
    file.write_bytes(xml)
    out = io.StringIO()
    try:
        call_command("import_topics", str(file), *options, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    except CommandError as error:
        return str(error), error.returncode
    return out.getvalue(), 0


def export(tmp_path, *options: str) -> bytes:
    file = tmp_path / "out.xml"
    call_command("export_topics", "--output", str(file), *options, stderr=io.StringIO())
    return file.read_bytes()


BOMB = """<!DOCTYPE health-topics [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>"""
UNUSABLE = {
    "empty": (b"", "The file is empty."),
    "blank": (b" \n", "The file is empty."),
    "only a declaration": (b'<?xml version="1.0"?>\n', "breaks off before the list of topics"),
    "broken off in a tag": (b"<health-top", "breaks off before the list of topics"),
    "not XML": (b"Dear all,", "not an XML file"),
    "truncated": (file_of(topic())[:-60], "breaks off before its end"),
    "wrong root": (b"<rss/>", "its root element is “rss”"),
    "nesting": (b"<health-topics>" + b"<a>" * 100_000, "hundreds of levels deep"),
    "entity bomb": (file_of(topic(1, "&b;"), doctype=BOMB), "internal DTD subset"),
    "wrong encoding": (file_of(topic(1, "Niños")).decode().encode("latin-1"), "in UTF-8"),
    "no topic": (file_of(), "holds no topic"),
}
REFUSED = {
    "duplicate id": (topic(7, "Asthma"), "line 4, topic 7: The id 7 is used twice"),
    "one slug twice": (topic(8, "Anemia"), "line 4, topic 8: Its address “anemia.html” is also"),
    "language": (
        topic(8, "Asthma", language="French"),
        "topic 8: Its language “French” is neither",
    ),
    "script": (
        topic(8, "A", '<site title="A" url="javascript:x"/>'),
        "topic 8: <site> has the address",
    ),
    "long title": (topic(8, "x" * 10_000, slug="x"), "topic 8: Its title has 10,000 characters"),
}


@pytest.mark.parametrize(("xml", "sentence"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_ends_with_a_sentence_and_changes_nothing(
    tmp_path, xml, sentence
):
    text, status = import_topics(tmp_path, xml)
    assert sentence in text
    assert status == 1
    assert not HealthTopic.objects.exists()


@pytest.mark.parametrize(("record", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_record_that_cannot_be_used_is_reported_and_the_rest_goes_in(tmp_path, record, sentence):
    text, status = import_topics(tmp_path, file_of(topic(7), record))
    assert sentence in text
    assert status == 3
    assert list(TopicLanguage.objects.values_list("number", flat=True)) == [7]


def test_a_file_of_refused_records_only_is_not_usable(tmp_path):
    text, status = import_topics(tmp_path, file_of(topic("x")))
    assert (status, "refused:" in text) == (1, True)


def test_a_group_never_seen_is_made_and_the_report_says_what_to_do(tmp_path):
    text, status = import_topics(
        tmp_path, file_of(topic(7, inner='<group id="999">Odd ones</group>'))
    )
    assert status == 0
    assert "“Odd ones” was never seen before" in text and "until an editor chooses one" in text


def test_the_report_counts_and_a_second_run_says_unchanged(tmp_path):
    xml = file_of(topic(7), topic(8, "Asthma"))
    assert "created:         2" in import_topics(tmp_path, xml)[0]
    text, status = import_topics(tmp_path, xml)
    assert "created:         0" in text and "unchanged:       2" in text
    assert status == 0


def test_a_conflict_is_named_with_what_was_done(tmp_path):
    import_topics(tmp_path, file_of(topic(7)))
    edit(7, also_called=("Tired blood",))
    xml = file_of(topic(7, inner="<also-called>Pale blood</also-called>"))
    text, status = import_topics(tmp_path, xml)
    assert "What is here was kept" in text and "line 3, topic 7: Anemia" in text
    assert status == 0


def test_a_rehearsal_says_so(tmp_path):
    text, _status = import_topics(tmp_path, file_of(topic()), "--dry-run")
    assert text.startswith("This was a rehearsal: nothing was written.")
    assert not HealthTopic.objects.exists()


def test_no_publish_leaves_drafts(tmp_path):
    import_topics(tmp_path, file_of(topic()), "--no-publish")
    assert live(1) is None


def test_a_file_that_does_not_exist_is_a_sentence():
    with pytest.raises(CommandError, match="There is no file “nowhere.xml”"):
        call_command("import_topics", "nowhere.xml")


def test_what_was_imported_is_exported(tmp_path):
    xml = file_of(topic(7), topic(8, "Asthma"))
    import_topics(tmp_path, xml)
    assert trees(export(tmp_path)) == trees(xml)
    assert trees(export(tmp_path, "--no-verbatim")) == trees(xml)


def test_a_zip_goes_out_and_comes_in(tmp_path):
    xml = file_of(topic(7))
    import_topics(tmp_path, xml)
    packed = export(tmp_path, "--zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (name,) = archive.namelist()
        assert name.startswith("mplus_topics_20") and name.endswith(".xml")
        assert trees(archive.read(name)) == trees(xml)
    assert "unchanged:       1" in import_topics(tmp_path, packed)[0]


def test_the_groups_file_names_every_group_with_live_topics(tmp_path):
    english = topic(7, inner='<group url="https://x.org/cancers.html" id="1">Cancers</group>')
    spanish = topic(8, inner='<group id="1">Cánceres</group>', language="Spanish")
    import_topics(tmp_path, file_of(english, spanish))
    export(tmp_path, "--groups", str(tmp_path / "groups.xml"))
    root = etree.parse(tmp_path / "groups.xml").getroot()
    assert (root.tag, root.get("total"), root.get("total-english")) == (
        "health-topic-groups",
        "2",
        "1",
    )
    assert [
        (group.get("language"), group.get("id"), group.get("url"), group.text) for group in root
    ] == [
        ("English", "1", "https://x.org/cancers.html", "Cancers"),
        ("Spanish", "1", f"{settings.SITE_URL}/spanish/cancers.html", "Cánceres"),
    ]


def test_an_export_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "out.xml"
    file.write_text("old")
    monkeypatch.setattr("interchange.export.write", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(tmp_path)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


WRITES_NOWHERE = {
    "no folder": ("no/x.xml", None, "There is no folder “{folder}/no”. Make it first"),
    "a file as folder": ("file/x.xml", None, "There is no folder “{folder}/file”. Make it first"),
    "a folder": ("", None, "“{folder}” is a folder. Name a file in it."),
    "forbidden": ("x.xml", errno.EACCES, "You may not write to the folder “{folder}”."),
    "full": (
        "out.xml",
        errno.ENOSPC,
        "“{folder}/out.xml” cannot be written: No space left on device.",
    ),
}


@pytest.mark.parametrize("option", ["--output", "--groups"])
@pytest.mark.parametrize(("place", "code", "sentence"), WRITES_NOWHERE.values(), ids=WRITES_NOWHERE)
def test_an_export_that_cannot_be_written_ends_with_a_sentence(
    tmp_path, monkeypatch, option, place, code, sentence
):
    (tmp_path / "file").touch()
    arguments = {"--output": str(tmp_path / "out.xml"), option: str(tmp_path / place)}
    if code is not None:

        def refuse(partial, _target):
            raise OSError(code, os.strerror(code), partial)

        monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(CommandError) as error:
        written = [word for pair in arguments.items() for word in pair]
        call_command("export_topics", *written, stderr=io.StringIO())
    assert str(error.value).startswith(sentence.format(folder=tmp_path))
    assert "Errno" not in str(error.value)
    assert error.value.returncode == 1
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_files_come_by_standard_input_and_leave_by_standard_output(tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "VAR_DIR": str(tmp_path),
    }

    def manage(*arguments: str, stdin: bytes = b"") -> bytes:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        return subprocess.run(
            command, env=environment, input=stdin, capture_output=True, check=True
        ).stdout

    xml = file_of(topic(7))
    manage("migrate", "-v0")
    assert b"created:         1" in manage("import_topics", "-", stdin=xml)
    assert trees(manage("export_topics", "--output", "-")) == trees(xml)


def test_standard_input_and_output_are_bytes(tmp_path, monkeypatch, capfdbinary):
    xml = file_of(topic(7))
    (tmp_path / "in.xml").write_bytes(xml)
    with (tmp_path / "in.xml").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        call_command("import_topics", "-", stdout=io.StringIO())
    call_command("export_topics", "--output", "-", stderr=io.StringIO())
    assert trees(capfdbinary.readouterr().out) == trees(xml)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_bar_shows_on_a_terminal_only():
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = ProgressBar(stream)
        bar("Importing", 1, 2)
        bar("Importing", 2, 2)
        bar.close()
    assert "Importing  [###############               ]  50%" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert file.getvalue() == ""
