"""A review is a record: it sets the dates that readers see, is due again, and is remembered by mail."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils.timezone import localdate

from editorial.models import Preference, Reminder
from editorial.reviewing import reminders
from editorial.reviewing.reminders import send_reminders
from topics.models import Review, TopicLanguage
from topics.publishing import publish

from .desk import fields, pair, person, url_of

pytestmark = pytest.mark.django_db

REVIEWED = {"result": "keep", "checked": ["facts", "numbers"], "role": "Pediatrician"}
DUE = "/admin/topics/topiclanguage/reviews/"
TODAY = localdate()


def form_of(client, version):
    form = client.get(url_of(version, "review")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None} | REVIEWED


def record(client, version, **changes):
    return client.post(url_of(version, "review"), form_of(client, version) | changes)


def due(version, day, owner=None):
    TopicLanguage.objects.filter(pk=version.pk).update(next_review=day, review_owner=owner)


# --- Recording --------------------------------------------------------------------------------------


def test_a_review_sets_the_dates_that_readers_see_at_once(client, ana):
    english, spanish = pair()
    before = client.get("/abdominalpain.html").content.decode()
    assert "Last reviewed" not in before
    assert record(client, english, note="Fine").status_code == 302
    english.refresh_from_db()
    assert english.last_reviewed == TODAY
    assert english.next_review == TODAY + timedelta(days=1095)
    assert "Last reviewed" in client.get("/abdominalpain.html").content.decode()
    found = Review.objects.get()
    assert (found.by, found.role, found.checked) == (ana, "Pediatrician", ["facts", "numbers"])
    assert (found.edition, found.note) == (english.live_edition, "Fine")
    spanish.refresh_from_db()
    assert spanish.last_reviewed is None
    page = client.get(url_of(english, "review")).content.decode()
    assert "Ana, Pediatrician" in page
    assert "The facts are right and current; Numbers and doses" in page


def test_what_has_to_be_changed_does_not_count_as_reviewed(client, ana):
    english, _spanish = pair()
    record(client, english, result="change", note="The dose is old")
    english.refresh_from_db()
    assert english.last_reviewed is None
    assert Review.objects.get().next_review is None


def test_an_earlier_review_that_is_recorded_late_changes_no_date(client, ana):
    english, _spanish = pair()
    record(client, english)
    record(client, english, day="2020-01-02")
    english.refresh_from_db()
    assert english.last_reviewed == TODAY
    assert Review.objects.count() == 2


def test_no_edit_and_no_edition_changes_the_dates_of_a_review(client, ana):
    english, _spanish = pair()
    record(client, english)
    client.post(url_of(english), fields(client.get(url_of(english))) | {"title": "Belly Pain"})
    publish(english.pk, by=ana)
    english.refresh_from_db()
    assert english.last_reviewed == TODAY
    assert Review.objects.get().edition.number == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": (TODAY + timedelta(days=2)).isoformat()}, "This day has not come yet."),
        ({"next_review": "2020-01-01"}, "The next review lies ahead."),
        ({"checked": []}, "This field is required."),
        ({"role": ""}, "This field is required."),
        ({"result": "perhaps"}, "is not one of the available choices"),
    ],
)
def test_a_review_that_says_too_little_is_not_recorded(client, ana, changes, sentence):
    english, _spanish = pair()
    answer = record(client, english, **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Review.objects.exists()


def test_a_review_is_of_the_edition_that_the_reviewer_saw(client, ana):
    english, _spanish = pair()
    before = form_of(client, english)
    client.post(url_of(english), fields(client.get(url_of(english))) | {"title": "Belly Pain"})
    publish(english.pk, by=ana)
    answer = client.post(url_of(english, "review"), before)
    assert answer.status_code == 409
    assert "Edition 2 went live after you opened this page" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_draft_cannot_be_reviewed(client, ana):
    english, _spanish = pair(live=False)
    page = client.get(url_of(english, "review"))
    assert "Only what is public can be reviewed." in page.content.decode()
    posted = REVIEWED | {"edition": 1, "day": TODAY.isoformat()}
    assert client.post(url_of(english, "review"), posted).status_code == 409


def test_only_reviewers_review_and_only_the_desk_sees_what_is_due(client):
    english, _spanish = pair()
    client.force_login(person("Eva", "change_topiclanguage"))
    assert client.get(url_of(english, "review")).status_code == 200
    assert client.post(url_of(english, "review"), REVIEWED | {"edition": 1}).status_code == 403
    client.force_login(person("Rita", "view_topiclanguage", "add_review"))
    assert record(client, english).status_code == 302
    assert client.get(DUE).status_code == 200
    client.force_login(person("Leo", "view_resource"))
    assert client.get(DUE).status_code == 403
    assert client.get(url_of(english, "review")).status_code == 403


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_a_review_is_never_changed_or_deleted(client, ana, deed):
    english, _spanish = pair()
    record(client, english)
    rows = Review.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note="Something else") if deed == "update" else rows._raw_delete(rows.db)
    assert Review.objects.get().note == ""


# --- What is due ------------------------------------------------------------------------------------


def test_what_is_due_is_listed_the_longest_overdue_first(client, ana):
    english, spanish = pair()
    due(english, TODAY + timedelta(days=20), owner=ana)
    due(spanish, TODAY - timedelta(days=3))
    listed = client.get(DUE).context["page"].object_list
    assert list(listed) == [spanish, english]
    for query, rows in (
        ("whose=mine", [english]),
        ("whose=nobodys", [spanish]),
        ("language=es", [spanish]),
        ("whose=%00&language=xx&p=y", [spanish, english]),
    ):
        assert list(client.get(f"{DUE}?{query}").context["page"].object_list) == rows
    due(english, TODAY + timedelta(days=300))
    assert list(client.get(DUE).context["page"].object_list) == [spanish]
    assert "Overdue" in client.get(DUE).content.decode()


# --- Mails ------------------------------------------------------------------------------------------


@pytest.fixture
def eva(client):
    return person("Eva", "change_topiclanguage", "view_topiclanguage", email="eva@example.org")


def outcomes(today=TODAY):
    return [(found.person, found.topics, found.trouble) for found in send_reminders(today)]


def test_one_mail_a_person_lists_all_that_is_due(client, eva):
    english, spanish = pair()
    due(english, TODAY - timedelta(days=3), owner=eva)
    due(spanish, TODAY + timedelta(days=5), owner=eva)
    assert outcomes() == [("Eva", 2, "")]
    (sent,) = mail.outbox
    assert sent.to == ["eva@example.org"]
    assert "2 pages wait for your review" in sent.subject
    assert "- Abdominal Pain (English), due since" in sent.body
    assert "- Dolor abdominal (Spanish), due on" in sent.body
    assert f"http://127.0.0.1:8000{url_of(english, 'review')}" in sent.body
    assert outcomes() == []
    assert outcomes(TODAY + timedelta(days=6)) == []
    assert len(mail.outbox) == 1, "not before a week has passed"
    assert outcomes(TODAY + timedelta(days=7)) == [("Eva", 2, "")]


def test_the_mail_is_plain_text_in_the_persons_language(client, eva):
    english, _spanish = pair()
    english.topic.title_en = "Pain <b>& more</b>"
    english.topic.save()
    due(english, TODAY, owner=eva)
    client.force_login(eva)
    client.post("/admin/language/", {"language": "es", "next": "/admin/"})
    assert Preference.objects.get(user=eva).language == "es"
    outcomes()
    (sent,) = mail.outbox
    assert "1 página espera su revisión" in sent.subject
    assert "- Pain <b>& more</b> (inglés), pendiente desde" in sent.body
    assert (sent.content_subtype, "\n" in sent.subject) == ("plain", False)


def test_what_cannot_be_sent_is_told(client, eva, ana):
    english, spanish = pair()
    due(english, TODAY, owner=ana)
    due(spanish, TODAY)
    assert sorted(outcomes()) == [
        ("Ana", 1, "has no mail address"),
        ("Nobody", 1, "they have no owner"),
    ]
    eva.is_active = False
    eva.save()
    due(english, TODAY, owner=eva)
    assert ("Eva", 1, "does not work here any more") in outcomes()
    assert mail.outbox == []


def test_a_mail_that_failed_is_told_and_tried_again(client, eva, monkeypatch, capsys):
    english, _spanish = pair()
    due(english, TODAY, owner=eva)
    real = reminders.mail_for

    class Refused:
        def send(self):
            raise ConnectionRefusedError("no server there")

    monkeypatch.setattr(reminders, "mail_for", lambda *_arguments: Refused())
    with pytest.raises(CommandError, match="tried again"):
        call_command("send_reminders")
    assert "Eva: 1 page due; not sent: no server there" in capsys.readouterr().err
    monkeypatch.setattr(reminders, "mail_for", real)
    call_command("send_reminders")
    assert len(mail.outbox) == 1
    assert Reminder.objects.get().trouble == ""


def test_of_several_machines_one_sends(client, eva):
    english, _spanish = pair()
    due(english, TODAY, owner=eva)
    first = reminders._claim(eva, TODAY)
    assert first
    assert outcomes() == [], "another machine is at it"
    Reminder.objects.update(claimed_at=first.claimed_at - timedelta(hours=2))
    assert outcomes() == [("Eva", 1, "")], "it died: another one takes over"
    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.create(person=eva, day=TODAY)


def test_without_a_mail_server_the_command_says_so(settings):
    settings.CAN_MAIL = False
    with pytest.raises(CommandError, match="EMAIL_URL is not set"):
        call_command("send_reminders")


def test_a_day_is_due_only_once_it_is_near(client, eva):
    english, _spanish = pair()
    due(english, TODAY + timedelta(days=15), owner=eva)
    assert outcomes() == []
    assert outcomes(TODAY + timedelta(days=1)) == [("Eva", 1, "")]
    assert isinstance(Reminder.objects.get().day, date)
