"""Where readers of a withdrawn page are sent is recorded, shown, and corrected without a trace lost."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.utils import timezone

from editorial.history.withdrawals import withdrawals
from editorial.models import Act
from topics.about_pages import publish_page
from topics.addresses import answer_everywhere
from topics.editions.correcting import correct_withdrawal
from topics.models import Address, Page, PublicationEvent, TopicGroup, TopicLanguage
from topics.publishing import NotReady, publish, withdraw

from .desk import EDITOR_RIGHTS, fields, pair, person, to_withdraw, url_of
from .test_merging_topics import belly, lonely, merged
from .test_topic_list import choose

pytestmark = pytest.mark.django_db

GROUP = "/digestivesystem.html"
OLD = "/abdominalpain.html"


def on(day):
    """The clock stands at noon of a day of 2026 (UTC, which is the time zone of the tests)."""
    moment = datetime(2026, *day, 12, tzinfo=UTC)
    return mock.patch("django.utils.timezone.now", return_value=moment)


def address(path):
    return Address.objects.get(language="en", slug=path.strip("/").removesuffix(".html"))


def in_form(answer):
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields}


def page(client, version, end):
    return client.get(url_of(version, end)).content.decode()


def seen_on(client, version, day):
    return client.get(url_of(version, "editions/on-date"), {"on": day}).content.decode()


@pytest.fixture
def english():
    """Live on 10 January, withdrawn on 10 March with a redirect to a group."""
    with on((1, 10)):
        version = pair()[0]
    with on((3, 10)):
        withdraw(version.pk, by=None, reason="See the group", to=address(GROUP))
    return TopicLanguage.objects.get(pk=version.pk)


def correction(client, version, **changes):
    tree_page = client.get(url_of(version, "withdraw"))
    posted = {name: tree_page.context["form"][name].value() for name in ("note", "to", "seen")}
    return client.post(url_of(version, "withdraw/correct"), posted | changes, follow=True)


def test_of_a_day_it_is_said_that_readers_were_sent_elsewhere(client, ana, english):
    said = seen_on(client, english, "2026-03-15")
    assert f"readers were sent to {GROUP}" in said
    assert "readers were told" not in said


def test_where_readers_go_is_shown_wherever_the_withdrawal_is(client, ana, english):
    assert f"readers are sent to {GROUP}: See the group" in page(client, english, "preview")
    assert f"readers are sent to {GROUP}" in (
        client.get(f"/admin/topics/healthtopic/{english.topic_id}/change/").content.decode()
    )
    assert f"<td>Sent to {GROUP}</td>" in page(client, english, "editions")


def test_a_redirect_that_was_renamed_since_is_told_as_it_was(client, ana):
    with on((1, 10)):
        english, target = pair()[0], lonely()
    with on((3, 10)):
        withdraw(english.pk, by=None, reason="Elsewhere", to=address("/lonely.html"))
    TopicLanguage.objects.filter(pk=target.pk).update(slug="alone", has_changes=True)
    publish(target.pk, by=None)
    assert "sent to /lonely.html" in seen_on(client, english, "2026-03-15")
    assert "readers are sent to /alone.html" in page(client, english, "preview")


def test_of_old_events_only_what_is_known_is_said(client, ana, english):
    """Such as stood in the database before the column was added."""
    old = {"kind": "withdrawn", "reason": "Old", "sent_to": None, "edition": None}
    PublicationEvent.objects.create(
        topic_language=english, at=datetime(2026, 3, 11, tzinfo=UTC), **old
    )
    said = seen_on(client, english, "2026-03-15")
    assert f"readers were sent to another page, last known as {GROUP}." in said
    TopicLanguage.objects.filter(pk=english.pk).update(withdrawn_to=None)
    assert "readers were told: Old" in seen_on(client, english, "2026-03-15")
    publish(english.pk, by=None)
    assert "was not recorded at that time. The reason: Old" in (
        seen_on(client, english, "2026-03-15")
    )
    assert "<td>Not recorded</td>" in page(client, english, "editions")


@pytest.fixture
def unrecorded(english):
    """As withdrawals were before where readers are sent was recorded."""
    return PublicationEvent.objects.create(
        topic_language=english,
        kind="withdrawn",
        reason="See the group",
        at=datetime(2026, 3, 11, tzinfo=UTC),
    )


def test_a_correction_keeps_where_readers_were_sent_before_it_was_recorded(
    client, ana, english, unrecorded
):
    with on((4, 10)):
        correction(client, english, to="", note="It was wrong")
    noted, corrected = english.events.filter(kind__in=("noted", "corrected")).order_by("pk")
    assert (noted.kind, corrected.kind) == ("noted", "corrected")
    assert (noted.reason, noted.sent_to, noted.by) == ("See the group", GROUP, None)
    assert (corrected.reason, corrected.sent_to, corrected.by) == ("It was wrong", "", ana)
    assert f"to another page, last known as {GROUP}." in seen_on(client, english, "2026-03-15")
    assert "readers were told: It was wrong" in seen_on(client, english, "2026-04-10")
    assert f"<td>Sent to a page last known as {GROUP}</td>" in page(client, english, "editions")
    with on((4, 11)):
        correction(client, english, note="It was quite wrong")
    assert english.events.filter(kind="noted").count() == 1
    listed = page(client, english, "editions")
    assert listed.count("<td>Withdrawal corrected</td>") == 2
    assert listed.count("<td>Noted how it was</td>") == 1


def test_a_merge_keeps_where_readers_were_sent_before_it_was_recorded(client, ana):
    english, _spanish = pair()
    leaving, third = belly(), lonely()
    withdraw(third.pk, by=ana, reason="Elsewhere", to=address("/belly.html"))
    PublicationEvent.objects.create(
        topic_language=third, kind="withdrawn", reason="Elsewhere", at=timezone.now()
    )
    merged(leaving, english.topic, ana)
    noted, led_on = third.events.filter(kind__in=("noted", "corrected")).order_by("pk")
    assert (noted.sent_to, led_on.sent_to) == ("/belly.html", OLD)


def test_any_number_of_old_withdrawals_is_listed_with_one_query(
    client, ana, english, unrecorded, django_assert_num_queries
):
    for day in (12, 13, 14):
        unrecorded.pk, unrecorded.at = None, datetime(2026, 3, day, tzinfo=UTC)
        unrecorded.save(force_insert=True)
    assert english.readers_go_to == GROUP
    with django_assert_num_queries(1):
        assert len(withdrawals(english)) == 5


def test_a_correction_is_public_at_once_and_changes_no_past(client, ana, english):
    assert client.get(OLD)["Location"] == GROUP
    with on((4, 10)):
        done = correction(client, english, to="", note="It was wrong")
    assert "Corrected" in done.content.decode()
    gone = client.get(OLD)
    assert gone.status_code == 410 and "It was wrong" in gone.content.decode()
    assert f"readers were sent to {GROUP}" in seen_on(client, english, "2026-04-09")
    assert "readers were told: It was wrong" in seen_on(client, english, "2026-04-10")
    with on((5, 10)):
        correction(client, english, to=GROUP, note="See there")
    assert client.get(OLD)["Location"] == GROUP
    listed = page(client, english, "editions")
    assert listed.count("<td>Withdrawal corrected</td>") == 2
    acts = Act.objects.filter(what="withdrawal corrected").order_by("pk")
    assert [act.detail for act in acts] == ["It was wrong", f"→ {GROUP} · See there"]


def test_a_correction_that_changes_nothing_leaves_no_event(client, ana, english):
    before = english.events.count()
    assert "It is so already" in correction(client, english).content.decode()
    assert english.events.count() == before and not Act.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": " "}, "Say why"),
        ({"to": "/no-such.html"}, "There is no public page"),
        ({"to": OLD}, "another page that is public now"),
        ({"seen": "x"}, "after you opened this page. Look again."),
    ],
)
def test_a_correction_that_cannot_be_is_refused(client, ana, english, changes, sentence):
    answer = correction(client, english, **changes)
    assert answer.status_code == 409 and sentence in answer.content.decode()
    assert client.get(OLD)["Location"] == GROUP


def test_of_two_corrections_the_second_is_asked_to_look_again(client, ana, english):
    shown = client.get(url_of(english, "withdraw")).context["form"]["seen"].value()
    correct_withdrawal(english.pk, by=ana, reason="Hers", to=None)
    answer = correction(client, english, seen=shown, note="Mine")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Ana changed what readers see" in text and "Mine" in text
    assert "Hers" in client.get(OLD).content.decode()
    publish(english.pk, by=None)
    posted = {"seen": shown, "note": "Mine", "to": ""}
    answer = client.post(url_of(english, "withdraw/correct"), posted)
    assert answer.status_code == 409
    assert client.get(OLD).status_code == 200


def test_a_wrong_correction_of_what_somebody_published_is_answered_in_words(client, ana, english):
    seen = client.get(url_of(english, "withdraw")).context["form"]["seen"].value()
    publish(english.pk, by=None)
    posted = {"seen": seen, "note": " ", "to": "/no-such.html"}
    answer = client.post(url_of(english, "withdraw/correct"), posted)
    assert answer.status_code == 409
    assert "after you opened this page. Look again." in answer.content.decode()
    posted = in_form(answer)
    assert posted["to"] == "/no-such.html"
    again = client.post(url_of(english, "withdraw"), posted | {"note": "Wrong", "to": ""})
    assert again.status_code == 302 and client.get(OLD).status_code == 410


def test_a_wrong_withdrawal_of_what_somebody_withdrew_is_answered_in_words(client, ana):
    english, _spanish = pair()
    posted = to_withdraw(client, english) | {"note": "Mine", "to": "/no-such.html"}
    withdraw(english.pk, by=None, reason="Hers")
    answer = client.post(url_of(english, "withdraw"), posted)
    assert answer.status_code == 409
    assert "after you opened this page. Look again." in answer.content.decode()
    posted = in_form(answer)
    assert posted["note"] == "Mine"
    again = client.post(url_of(english, "withdraw/correct"), posted | {"to": GROUP})
    assert again.status_code == 302 and client.get(OLD)["Location"] == GROUP


def test_a_correction_takes_the_right_to_withdraw(client, ana, english):
    posted = {"seen": english.events.first().pk, "note": "Mine", "to": ""}
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    assert client.post(url_of(english, "withdraw/correct"), posted).status_code == 403
    assert client.get(OLD)["Location"] == GROUP


def test_the_record_of_acts_says_where_readers_are_sent(client, ana):
    english, spanish = pair()
    for version, to in ((english, GROUP), (spanish, "")):
        posted = to_withdraw(client, version) | {"note": "Old", "to": to}
        client.post(url_of(version, "withdraw"), posted)
    listed = client.get("/admin/editorial/act/").content.decode()
    assert f"→ {GROUP} · Old" in listed
    assert Act.objects.get(topic_language_key=spanish.pk).detail == "Old"


def test_a_merge_records_where_it_sends_readers(client, ana):
    english, _spanish = pair()
    leaving, third = belly(), lonely()
    withdraw(third.pk, by=ana, reason="Elsewhere", to=address("/belly.html"))
    merged(leaving, english.topic, ana)
    going = leaving.languages.get(language="en")
    assert going.events.first().sent_to == OLD
    last = third.events.first()
    assert (last.kind, last.sent_to, last.reason) == ("corrected", OLD, "Elsewhere")
    assert last.edition is not None


def test_the_record_of_a_merge_says_where_readers_are_sent(client, ana):
    english, _spanish = pair()
    leaving, third = belly(), lonely()
    withdraw(third.pk, by=ana, reason="Elsewhere", to=address("/belly.html"))
    merge = f"/admin/topics/healthtopic/{leaving.pk}/merge/"
    posted = fields(client.get(merge, {"into": "Abdominal Pain"}), "merge-form")
    assert client.post(merge, posted).status_code == 302
    going = leaving.languages.get(language="en")
    left = Act.objects.get(topic_language_key=going.pk, what="merged away")
    assert left.detail == f"Belly en → Abdominal Pain · → {OLD}"
    act = Act.objects.get(topic_language_key=third.pk, what="withdrawal corrected")
    assert act.detail == f"→ {OLD} · Elsewhere"


@pytest.mark.parametrize("kind", ["group", "page"])
def test_readers_are_sent_to_no_page_that_is_not_there_in_its_language(client, ana, kind):
    """A group without a name in Spanish, and an about page that was published in English alone."""
    english, spanish = pair()
    if kind == "group":
        target = TopicGroup.objects.create(slug="onlyenglish", name_en="Only English")
        answer_everywhere("onlyenglish", group=target)
    else:
        target = Page.objects.create(key="x", slug="onlyenglish", title_en="X", body_en="<p>x</p>")
        publish_page(target.pk, "en", by=None)
    there = dict(Address.objects.filter(**{kind: target}).values_list("language", "pk"))
    with pytest.raises(NotReady, match="another page that is public now"):
        withdraw(spanish.pk, by=ana, reason="x", to=Address.objects.get(pk=there["es"]))
    withdraw(english.pk, by=ana, reason="x", to=Address.objects.get(pk=there["en"]))
    assert client.get(client.get(OLD)["Location"]).status_code == 200


def test_who_withdraws_a_page_to_which_readers_are_sent_is_told(client, ana):
    english, third = pair()[0], lonely()
    assert "Lonely" not in page(client, english, "withdraw")
    withdraw(third.pk, by=ana, reason="Elsewhere", to=address(OLD))
    TopicLanguage.objects.filter(pk=english.pk).update(slug="pain", has_changes=True)
    publish(english.pk, by=None)
    for sentence in ("sent here. After this they find the reason here", "are still sent here."):
        asked = page(client, english, "withdraw")
        assert sentence in asked
        link = f'<a href="{url_of(third, "withdraw")}" lang="en">Lonely</a> (English)'
        assert link in asked
        if english.live_edition:
            withdraw(english.pk, by=ana, reason="Wrong")
            english.refresh_from_db()
    assert client.get(client.get("/lonely.html")["Location"])["Location"] == "/pain.html"
    assert client.get("/pain.html").status_code == 410


def test_many_at_once_withdraw_a_page_to_which_readers_are_sent_and_say_so(client, ana):
    english, third = pair()[0], lonely()
    withdraw(third.pk, by=ana, reason="Elsewhere", to=address(OLD))
    chosen = {"action": "withdraw", "_selected_action": [english.topic_id]}
    asked = client.post("/admin/topics/healthtopic/", chosen)
    link = f'<a href="{url_of(third, "withdraw")}" lang="en">Lonely</a> (English)'
    assert link in asked.content.decode()
    done = choose(client, "withdraw", english.topic, languages=["en"], note="Wrong dose")
    assert (done.context["report"].done, client.get(OLD).status_code) == (1, 410)


@pytest.mark.parametrize("way", ["single", "many"])
def test_a_correction_that_went_live_meanwhile_is_not_withdrawn(client, ana, way):
    english, _spanish = pair()
    TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True, slug="pain")
    if way == "single":
        posted = to_withdraw(client, english) | {"note": "Wrong dose"}
        at = url_of(english, "withdraw")
    else:
        chosen = {"action": "withdraw", "_selected_action": [english.topic_id]}
        form = client.post("/admin/topics/healthtopic/", chosen).context["form"]
        posted = {"chosen": form["chosen"].value(), "languages": ["en"], "note": "Wrong dose"}
        at = "/admin/topics/healthtopic/work/withdraw/"
    publish(english.pk, by=person("Ben"))
    refused = client.post(at, posted).content.decode()
    assert "Ben changed what readers see" in refused
    assert client.get("/pain.html").status_code == 200
    if way == "single":
        again = client.post(at, to_withdraw(client, english) | {"note": "Wrong dose"})
        assert again.status_code == 302 and client.get("/pain.html").status_code == 410
