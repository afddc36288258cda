"""What is scheduled goes live on time, as it was then, exactly once, and never behind anybody's back."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from resources.models import Resource
from topics.document import TopicDocument
from topics.editions import scheduling
from topics.editions.scheduling import cancel, publish_due, schedule
from topics.models import (
    Address,
    Edition,
    HealthTopic,
    Origin,
    PublicationEvent,
    ScheduledEdition,
    TopicLanguage,
)
from topics.projections import AddressTaken
from topics.publishing import NotReady, Publication, append_editions, publish, withdraw
from topics.refresh import request_refresh, run_refresh

from .documents import ENGLISH, SPANISH
from .test_publishing import live_document, make_live, reread
from .test_races import PATIENCE, in_thread

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)
Outcome = ScheduledEdition.Outcome


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("ana")


def retitle(version, title):
    HealthTopic.objects.filter(pk=version.topic_id).update(**{f"title_{version.language}": title})
    TopicLanguage.objects.filter(pk=version.pk).update(has_changes=True)


def scheduled(version, title, *, editor=None, **options):
    """The working copy under this title, scheduled."""
    retitle(version, title)
    return schedule(version.pk, due_at=timezone.now() + LATER, by=editor, **options)


def let_time_pass(*rows):
    ScheduledEdition.objects.filter(pk__in=[row.pk for row in rows]).update(
        due_at=timezone.now() - timedelta(seconds=1)
    )


def run():
    return list(publish_due())


def test_a_text_goes_live_when_it_is_due_and_not_before(editor):
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday", editor=editor, note="Campaign")
    assert run() == []
    assert reread(version).live_edition.number == 1
    let_time_pass(row)
    (due,) = run()
    edition = reread(version).live_edition
    assert (edition.title, edition.number, edition.created_by) == ("On Monday", 2, editor)
    assert (edition.note, edition.origin, due.edition) == ("Campaign", "human", edition)
    assert not reread(version).has_changes
    row.refresh_from_db()
    assert (row.outcome, row.edition) == (Outcome.LIVE, edition)
    kinds = [event.kind for event in PublicationEvent.objects.filter(topic_language=version)]
    assert kinds == ["live", "scheduled", "live"]
    assert run() == []
    assert version.editions.count() == 2


def test_it_goes_live_as_it_was_when_it_was_scheduled(editor):
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    retitle(version, "Not finished yet")
    let_time_pass(row)
    run()
    assert reread(version).live_edition.title == "On Monday"
    assert reread(version).has_changes


def test_what_it_shares_with_others_is_fresh_when_it_goes_live():
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    link = Resource.objects.get(url_en=ENGLISH.links[0].url)
    Resource.objects.filter(pk=link.pk).update(title_en="New title")
    let_time_pass(row)
    run()
    assert live_document(version).links[0].title == "New title"
    assert TopicDocument.from_json(row.document).links[0].title == ENGLISH.links[0].title


def test_a_translation_is_made_from_the_original_that_goes_live_with_it():
    english = make_live(ENGLISH)
    spanish = make_live(SPANISH, topic=english.topic)
    original = scheduled(english, "On Monday")
    translation = scheduled(spanish, "El lunes", together_with=original)
    ScheduledEdition.objects.update(due_at=timezone.now() - LATER)
    assert [due.scheduled for due in run()] == [original, translation]
    assert reread(spanish).live_edition.made_from == reread(english).live_edition


def both_due():
    """A pair that was scheduled together and is due; the original's row and the translation's."""
    with transaction.atomic():
        english = make_live(ENGLISH)
        spanish = make_live(SPANISH, topic=english.topic)
        original = scheduled(english, "On Monday")
        translation = scheduled(spanish, "El lunes", together_with=original)
        let_time_pass(original, translation)
    return original, translation


def test_a_translation_waits_for_the_original_that_goes_live_with_it():
    original, translation = both_due()
    kept = original.document
    ScheduledEdition.objects.filter(pk=original.pk).update(document="{}")
    first, second = run()
    assert first.scheduled == original and second.scheduled == translation
    assert (
        second.scheduled.why_not_live
        == "The original, with which it goes live, did not go live yet."
    )
    assert reread(translation.topic_language).live_edition.number == 1
    ScheduledEdition.objects.filter(pk=original.pk).update(document=kept)
    assert all(due.edition for due in run())
    newest = reread(translation.topic_language).live_edition
    assert newest.made_from == reread(original.topic_language).live_edition


GONE = "The original, with which it was to go live, was called off or withdrawn."


@pytest.mark.parametrize(
    ("outcome", "title", "why"),
    [
        (Outcome.WAITING, "Dolor abdominal", "The original, with which it goes live, did not"),
        (Outcome.LIVE, "El lunes", ""),
        (Outcome.OVERTAKEN, "El lunes", ""),
        (Outcome.REPLACED, "Dolor abdominal", ""),
        (Outcome.CANCELLED, "Dolor abdominal", GONE),
        (Outcome.WITHDRAWN, "Dolor abdominal", GONE),
    ],
)
def test_whatever_becomes_of_the_original_its_translation_never_goes_before_it(outcome, title, why):
    english = make_live(ENGLISH)
    spanish = make_live(SPANISH, topic=english.topic)
    original = scheduled(english, "On Monday")
    translation = scheduled(spanish, "El lunes", together_with=original)
    let_time_pass(translation)
    if outcome == Outcome.LIVE:
        let_time_pass(original, translation)
    elif outcome == Outcome.OVERTAKEN:
        publish(english.pk, by=None)
    elif outcome == Outcome.REPLACED:
        schedule(english.pk, due_at=timezone.now() + 2 * LATER, by=None)
    elif outcome == Outcome.CANCELLED:
        cancel(english.pk, by=None)
    elif outcome == Outcome.WITHDRAWN:
        withdraw(english.pk, by=None, reason="Wrong")
    run()
    original.refresh_from_db()
    translation.refresh_from_db()
    assert original.outcome == outcome
    assert reread(spanish).live_edition.title == title
    with override("en"):
        assert translation.why_not_live.startswith(why) and bool(translation.why_not_live) == bool(
            why
        )


def test_a_translation_goes_along_when_its_original_gets_another_date():
    original, translation = both_due()
    cancel(original.topic_language_id, by=None)
    run()
    again = schedule(original.topic_language_id, due_at=timezone.now() + LATER, by=None)
    once_more = schedule(original.topic_language_id, due_at=timezone.now() + 2 * LATER, by=None)
    run()
    translation.refresh_from_db()
    assert again != once_more and translation.together_with == once_more
    assert (translation.outcome, translation.due_at) == (Outcome.WAITING, once_more.due_at)
    let_time_pass(once_more)
    let_time_pass(translation)
    run()
    run()
    translation.refresh_from_db()
    once_more.refresh_from_db()
    assert translation.edition.made_from == once_more.edition


@pytest.mark.django_db(transaction=True)
def test_a_pair_stays_together_while_another_process_lets_the_original_go_live():
    original, translation = both_due()
    begun, go_on = threading.Event(), threading.Event()

    def slowly(row):
        if row == original:
            begun.set()
            go_on.wait(PATIENCE)

    one = in_thread(lambda: list(publish_due(note=slowly)))
    assert begun.wait(PATIENCE)
    other = in_thread(run)
    other.join(0.5)
    go_on.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    newest = reread(translation.topic_language).live_edition
    assert newest.number == 2
    assert newest.made_from == reread(original.topic_language).live_edition


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        (lambda version: publish(version.pk, by=None), Outcome.OVERTAKEN),
        (lambda version: withdraw(version.pk, by=None, reason="Wrong"), Outcome.WITHDRAWN),
        (lambda version: cancel(version.pk, by=None), Outcome.CANCELLED),
        (
            lambda version: schedule(version.pk, due_at=timezone.now() + 2 * LATER, by=None),
            Outcome.REPLACED,
        ),
        (
            lambda version: append_editions(
                [Publication(version, ENGLISH)], by=None, origin=Origin.IMPORT
            ),
            Outcome.OVERTAKEN,
        ),
    ],
    ids=["published", "withdrawn", "called off", "scheduled anew", "imported"],
)
def test_what_waits_is_called_off_by_what_somebody_does_meanwhile(deed, outcome):
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    deed(version)
    row.refresh_from_db()
    assert row.outcome == outcome
    before = reread(version).live_edition
    ScheduledEdition.objects.filter(pk=row.pk).update(due_at=timezone.now() - LATER)
    assert run() == []
    assert reread(version).live_edition == before


def test_publishing_what_waits_word_for_word_ends_the_waiting():
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    publish(version.pk, by=None)
    retitle(version, "Later still")
    second = schedule(version.pk, due_at=timezone.now() + LATER, by=None)
    retitle(version, "On Monday")
    assert publish(version.pk, by=None).number == 2
    assert ScheduledEdition.objects.get(pk=second.pk).outcome == Outcome.OVERTAKEN
    assert ScheduledEdition.objects.get(pk=row.pk).outcome == Outcome.OVERTAKEN


def test_a_refresh_of_a_shared_link_leaves_what_waits_alone():
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    link = Resource.objects.get(url_en=ENGLISH.links[0].url)
    Resource.objects.filter(pk=link.pk).update(title_en="New title")
    assert run_refresh(request_refresh("resource", link.pk, by=None)) == 1
    row.refresh_from_db()
    assert row.outcome == Outcome.WAITING


def test_a_withdrawn_topic_comes_back_on_its_day():
    version = make_live(ENGLISH)
    withdraw(version.pk, by=None, reason="Being rewritten")
    row = schedule(version.pk, due_at=timezone.now() + LATER, by=None)
    let_time_pass(row)
    run()
    assert reread(version).live_edition.number == 2
    assert reread(version).withdrawn_at is None


def test_what_cannot_be_published_cannot_be_scheduled():
    version = make_live(ENGLISH)
    tomorrow = timezone.now() + 24 * LATER
    with pytest.raises(NotReady, match="nothing to publish"):
        schedule(version.pk, due_at=tomorrow, by=None)
    with pytest.raises(NotReady, match="has passed"):
        scheduled(version, "Too late") and schedule(version.pk, due_at=timezone.now(), by=None)
    retitle(version, "")
    with pytest.raises(NotReady, match="no title"):
        schedule(version.pk, due_at=tomorrow, by=None)
    retitle(version, "Moving")
    Address.objects.create(language="en", slug="taken", gone_reason="x")
    TopicLanguage.objects.filter(pk=version.pk).update(slug="taken")
    with pytest.raises(AddressTaken):
        schedule(version.pk, due_at=tomorrow, by=None)


def test_the_database_lets_one_edition_wait_and_none_that_has_ended():
    version = make_live(ENGLISH)
    row = scheduled(version, "On Monday")
    same = {"topic_language": version, "due_at": row.due_at, "created_at": row.created_at}
    for wrong in (
        same,
        same | {"outcome": Outcome.LIVE},
        same | {"ended_at": row.created_at},
        same
        | {
            "outcome": Outcome.CANCELLED,
            "ended_at": row.created_at,
            "edition": version.live_edition,
        },
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScheduledEdition.objects.create(**wrong)


def test_a_topic_that_fails_keeps_waiting_is_reported_and_stops_no_other(capsys, monkeypatch):
    first = make_live(ENGLISH)
    second = make_live(SPANISH)
    rows = [scheduled(first, "First"), scheduled(second, "Second")]
    let_time_pass(*rows)
    fresh = scheduling.embedded_anew

    def failing(document):
        if document.title == "First":
            raise ValueError("No such thing")
        return fresh(document)

    monkeypatch.setattr(scheduling, "embedded_anew", failing)
    with pytest.raises(CommandError, match="1 scheduled edition did not go live"):
        call_command("publish_scheduled")
    out, err = capsys.readouterr()
    assert "Second (Spanish): edition 2 is live." in out
    assert "First (English): ValueError: No such thing" in err
    rows[0].refresh_from_db()
    assert (rows[0].outcome, rows[0].trouble) == (Outcome.WAITING, "ValueError: No such thing")
    assert reread(first).live_edition.number == 1
    monkeypatch.undo()
    call_command("publish_scheduled")
    rows[0].refresh_from_db()
    assert (rows[0].outcome, rows[0].trouble) == (Outcome.LIVE, "")


def test_an_address_taken_meanwhile_is_a_sentence():
    version = make_live(ENGLISH)
    TopicLanguage.objects.filter(pk=version.pk).update(slug="bellypain")
    row = schedule(version.pk, due_at=timezone.now() + LATER, by=None)
    Address.objects.create(language="en", slug="bellypain", gone_reason="x")
    let_time_pass(row)
    (due,) = run()
    assert "/bellypain.html” is in use" in due.scheduled.why_not_live
    with override("es"):
        assert "«/bellypain.html»" in ScheduledEdition.objects.get().why_not_live
    assert reread(version).live_edition.number == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_let_each_edition_go_live_once():
    count = 12
    with transaction.atomic():
        versions = []
        for number in range(count):
            version = make_live(_numbered(number))
            versions.append(version)
            let_time_pass(scheduled(version, f"On Monday {number}"))
    environment = os.environ | {"DATABASE_URL": address_of_the_database()}
    command = [sys.executable, "manage.py", "publish_scheduled"]
    processes = [
        subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _process in range(2)
    ]
    said = [process.communicate(timeout=60)[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(map(len, said)) == count
    assert Edition.objects.filter(number=2).count() == count
    assert not Edition.objects.filter(number__gt=2).exists()
    assert not ScheduledEdition.objects.exclude(outcome=Outcome.LIVE).exists()


def _numbered(number):
    return replace(ENGLISH, number=5000 + number, slug=f"topic{number}", links=(), groups=())


def address_of_the_database():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    host = f"{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}"
    return f"postgres://{host}/{values['NAME']}"
