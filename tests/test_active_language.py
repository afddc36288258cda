"""What commands store and send is the same, whatever language happens to be active."""

import io
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation

from editorial.models import Act, Preference
from interchange.models import ImportRun, UpstreamRecord
from interchange.tests.importing import edit, row
from interchange.tests.records import file_of, topic
from resources.models import InformationCategory, Organization, Resource
from search.models import Entry
from topics.editions.scheduling import schedule
from topics.models import (
    Edition,
    LiveName,
    PublicationEvent,
    RefreshJob,
    ScheduledEdition,
    TopicGroup,
    TopicLanguage,
)
from topics.refresh import request_refresh

pytestmark = pytest.mark.django_db

# Odd enough that the report has something to say.
INNER = (
    '<full-summary>&lt;p&gt;&lt;b&gt;Blood&lt;/b&gt; &lt;a href="x.html"&gt;x&lt;/a&gt;&lt;/p&gt;'
    '</full-summary><group url="https://medlineplus.gov/{0}.html" id="{1}">{0}</group>'
    '<site title="{0}" url="https://x.org/{0}"><information-category>{0}</information-category>'
    "<organization>{0}</organization></site><new/>"
)
FILE = file_of(
    topic(1, inner=INNER.format("blood", 7)),
    topic(2, "La anemia", INNER.format("sangre", 8), language="Spanish"),
    topic("x"),
)
STORED: dict[type[Model], str] = {
    Act: "what detail topic language",
    Edition: "number title slug digest text_digest origin note",
    Entry: "language title names text title_words names_words headings_words text_words",
    Group: "name",
    ImportRun: "file_name counts refusals notes",
    InformationCategory: "key name_en name_es recorded_names position",
    LiveName: "language kind name letter sort_key",
    Organization: "name_en name_es",
    PublicationEvent: "kind reason",
    Resource: "title_en title_es url_en url_es",
    ScheduledEdition: "digest outcome trouble",
    TopicGroup: "slug name_en name_es",
    TopicLanguage: "language slug has_changes reading_level",
    UpstreamRecord: "record document_digest notes",
}


def run(command: str, *arguments: object) -> None:
    with suppress(CommandError, SystemExit):
        call_command(command, *map(str, arguments), stdout=io.StringIO(), stderr=io.StringIO())


def outcome(folder: Path, language: str | None) -> dict[str, object]:
    """A day's work of the commands with that language active, and what is left of it; taken back."""
    mail.outbox.clear()
    exported = folder / f"{language}.xml"
    (folder / "in.xml").write_bytes(FILE)
    with transaction.atomic(), translation.override(language):
        run("create_roles")
        run("import_topics", folder / "in.xml")
        _prepare()
        for command in ("refresh", "publish_scheduled", "rebuild_search", "send_reminders"):
            run(command)
        run("export_topics", "--output", exported, "--groups", folder / "groups.xml")
        found = {
            model.__name__: sorted(map(repr, model.objects.values_list(*names.split())))
            for model, names in STORED.items()
        }
        transaction.set_rollback(True)
    lines = exported.read_text().splitlines()
    found["export"] = [line for line in lines if "date-generated" not in line]
    # PostgreSQL gives no key twice, also where the first row was taken back.
    found["mails"] = sorted(
        (one.to, one.subject, re.sub(r"/\d+/", "/1/", one.body)) for one in mail.outbox
    )
    return found


def _prepare() -> None:
    """Something for every command to do."""
    for number, language in ((1, "en"), (2, "es")):
        owner = User.objects.create_user(language, email=f"{language}@example.org", is_staff=True)
        Preference.objects.create(user=owner, language=language)
        edit(number, title=f"Title {number}")
        schedule(row(number).pk, due_at=timezone.now() + timedelta(days=1), by=None)
        TopicLanguage.objects.filter(number=number).update(
            review_owner=owner, next_review=timezone.localdate() - timedelta(days=40)
        )
    ScheduledEdition.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    link = Resource.objects.get(url_en="https://x.org/blood")
    link.title_en = "Blood and you"
    link.save()
    request_refresh(RefreshJob.Kind.RESOURCE, link.pk, by=None)


@pytest.mark.parametrize("language", ["es", "es-mx", "xx", None])
def test_a_command_stores_and_sends_the_same_in_every_language(tmp_path, language):
    expected = outcome(tmp_path, "en")
    assert len(expected["mails"]) == 2
    assert len(expected["Edition"]) > 4
    assert all(expected.values())
    assert outcome(tmp_path, language) == expected
