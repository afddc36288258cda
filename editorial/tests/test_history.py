"""Every edition can be found, looked at, compared and restored; and the page of any day."""

from dataclasses import fields as columns
from dataclasses import replace
from datetime import UTC, date, datetime
from unittest import mock

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import given, settings

from editorial.history.comparison import comparison
from resources.models import Resource
from topics.document import Image, Reference, TopicDocument, changed_fields
from topics.editions.reviewing import record_review
from topics.models import Draft, Edition, HealthTopic, Membership, Placement, TopicLanguage
from topics.publishing import publish, withdraw
from topics.tests.documents import ENGLISH, SPANISH, documents
from topics.wording.differences import ADDED, REMOVED, SAME
from topics.working_copy import assemble, store

from .desk import fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


def on(day, hour=12):
    """The clock stands at this hour of a day of 2026 (UTC, which is the time zone of the tests)."""
    moment = datetime(2026, *day, hour, tzinfo=UTC)
    return mock.patch("django.utils.timezone.now", return_value=moment)


def retitle(version, title):
    HealthTopic.objects.filter(pk=version.topic_id).update(**{f"title_{version.language}": title})


@pytest.fixture
def english():
    """Live on 10 January, anew on 10 February, withdrawn on 10 March, live again on 10 April."""
    with on((1, 10)):
        version = pair()[0]
    retitle(version, "Belly Pain")
    with on((2, 10)):
        publish(version.pk, by=None)
    with on((3, 10)):
        withdraw(version.pk, by=None, reason="Under <review>")
    with on((4, 10)):
        publish(version.pk, by=None)
    return version


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-01-09", "was not public yet"),
        ("2026-01-10", "<h1>Abdominal Pain</h1>"),
        ("2026-02-10&at=11:59", "<h1>Abdominal Pain</h1>"),
        ("2026-02-10&at=12:00", "<h1>Belly Pain</h1>"),
        ("2026-03-15", "readers were told: Under &lt;review&gt;"),
        ("2026-04-10", "edition 3 (live since April 10, 2026"),
        ("2999-01-01", "<h1>Belly Pain</h1>"),
        ("2999-01-01", "That moment has not come yet. What the public saw on"),
    ],
)
def test_the_page_of_a_day_is_the_one_that_was_live_then(client, ana, english, asked, expected):
    page = client.get(url_of(english, "editions/on-date") + f"?on={asked}")
    assert page.status_code == 200
    assert expected in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    "wrong", ["", "?on=", "?on=2026-02-31", "?on=%00", "?on=2026-01-01&at=25:00"]
)
def test_a_day_that_is_none_is_a_sentence(client, ana, english, wrong):
    page = client.get(url_of(english, "editions/on-date") + wrong)
    assert page.status_code == 400
    assert "errorlist" in page.content.decode()


def test_an_old_edition_is_shown_as_it_was_and_says_what_is_of_today(client, ana, english):
    page = client.get(url_of(english, "editions/1")).content.decode()
    assert "<h1>Abdominal Pain</h1>" in page
    assert "those of today" in page


def test_the_page_of_a_day_and_an_old_edition_bear_the_dates_of_review_of_then(
    client, ana, english
):
    with on((4, 20)):
        review(english, edition=3, next_review=date(2027, 4, 20))
    retitle(english, "Stomach Pain")
    with on((5, 10)):
        publish(english.pk, by=None)
    with on((5, 20)):
        review(english, edition=4, next_review=date(2029, 5, 20))
    # What somebody changed by hand stands on the pages of the review that it followed.
    TopicLanguage.objects.filter(pk=english.pk).update(next_review=date(2028, 1, 1))
    first, second, now = ("April 20, 2026", "2027"), ("May 20, 2026", "2029"), "January 1, 2028"
    for end, seen in (
        ("on-date?on=2026-04-15", ""),
        ("on-date?on=2026-04-25", first),
        ("on-date?on=2026-05-15", first),
        ("on-date?on=2026-05-25", (second[0], now)),
        ("2", ""),
        ("3", first),
        ("4", (second[0], now)),
    ):
        path, _mark, query = end.partition("?")
        page = client.get(f"{url_of(english, f'editions/{path}')}?{query}").content.decode()
        assert ("lastReviewed" in page) == bool(seen), end
        for words in seen:
            assert words in page, end
        for words in {*first, *second, now} - set(seen):
            assert words not in page, end


def review(version, *, edition, next_review):
    day = timezone.localdate()
    arguments = {"by": person(f"Doc{edition}"), "role": "", "checked": (), "result": "keep"}
    record_review(version.pk, edition=edition, day=day, next_review=next_review, **arguments)


# --- Comparing --------------------------------------------------------------------------------------

SWAPPED = {SAME: SAME, REMOVED: ADDED, ADDED: REMOVED}


def said(rows, kind):
    """All words of a kind in the rows, without blanks and in no order."""
    return sorted(
        "".join(piece.text for line in row.lines for piece in line if piece.kind == kind).split()
        for row in rows
    )


@settings(max_examples=60, deadline=None)
@given(documents("en", 1), documents("en", 1))
def test_a_comparison_is_symmetric_and_says_whether_there_is_a_difference(one, other):
    there, back = comparison(one, other), comparison(other, one)
    for kind, opposite in SWAPPED.items():
        if kind != SAME:
            assert said(there, kind) == said(back, opposite)
    assert sorted(row.label for row in there) == sorted(row.label for row in back)
    ignored = {"number": 1, "url": "", "language": "en"}
    assert bool(there) == (replace(one, **ignored).unbound() != replace(other, **ignored).unbound())
    assert comparison(one, one) == []


@pytest.mark.parametrize("field", [field.name for field in columns(Image)])
def test_pictures_that_differ_in_anything_do_not_say_the_same(field):
    picture = Image("a" * 32, 800, 600, "Blood", (320,), credit="NIH", license="Public domain")
    value = getattr(picture, field)
    changed = {str: "other", int: 7, tuple: (320, 640), bool: True}[type(value)]
    one, other = (
        replace(ENGLISH, image=image) for image in (picture, replace(picture, **{field: changed}))
    )
    (there,), (back,) = comparison(one, other), comparison(other, one)
    assert there.label == back.label == "picture"
    assert there.remark or (said([there], ADDED) == said([back], REMOVED) != [])
    assert comparison(one, one) == []


def test_pictures_that_are_not_the_same_are_shown_beside_each_other():
    bare, blood, bone = (
        replace(ENGLISH, image=image)
        for image in (
            None,
            Image("a" * 32, 800, 600, "Blood", (320, 800)),
            Image("b" * 32, 800, 600, "Blood", (320, 800)),
        )
    )
    (changed,), (added,) = comparison(blood, bone), comparison(bare, blood)
    first, second = ((f"/media/pictures/{letter * 32}/320.jpg", "Blood") for letter in "ab")
    assert (changed.pictures, changed.remark) == ((first, second), "Another picture.")
    assert (added.pictures, added.remark) == ((None, first), "A picture on one side only.")
    assert said([changed], ADDED) == [[]] and said([added], ADDED) == [["Blood"]]


def test_the_number_of_the_topic_in_the_other_language_is_compared():
    one, other = (
        replace(ENGLISH, mapped=Reference(number, "Dolor", "https://example.org/dolor"))
        for number in (1, 2)
    )
    (row,) = comparison(one, other)
    assert row.remark == "Only a number or an address differs."


def test_words_links_and_names_are_compared_and_escaped():
    after = replace(
        ENGLISH,
        title="Belly <b>Pain</b>",
        also_called=("Tummy ache", "Bellyache"),
        summary=(replace(ENGLISH.summary[0], body="<p>Many things <em>can</em> hurt.</p>"),),
        links=(ENGLISH.links[1], replace(ENGLISH.links[0], title="Belly pain in children")),
    )
    rows = {row.label: row for row in comparison(ENGLISH, after)}
    title = rows["title"]
    assert strip_tags(title.after[0]).split()[-1].endswith("&gt;")
    assert "<b>" not in title.after[0]
    assert "<del>" in title.before[0]
    assert "<ins>" not in title.before[0]
    assert 'visually-hidden">added: </span>' in title.after[0]
    assert rows["other names"].remark == "Only the order differs."
    assert "section: When is it serious?" in rows
    moved = [row.remark for row in rows.values() if row.remark.startswith("Moved")]
    assert len(moved) == 1
    assert "in children" in strip_tags(rows["link: Belly pain / Belly pain in children"].after[0])


def test_two_versions_are_compared_by_who_may_see_the_topic(client, ana, english):
    address = url_of(english, "editions/compare")
    page = client.get(f"{address}?from=1&to=2").content.decode()
    assert "<del>" in page
    assert "Belly" in page
    assert "say the same" in client.get(f"{address}?from=2&to=3").content.decode()
    assert "say the same" in client.get(f"{address}?from=live&to=working").content.decode()
    for wrong in ("", "?from=1", "?from=1&to=99", "?from=%00&to=1", "?from=1&to=-1"):
        assert client.get(address + wrong).status_code == 400


def test_pages_of_the_history_ask_for_the_rights_of_the_topic_itself(client, english):
    """Numbers are counted a language, so those of another topic are never reached from here."""
    spanish = TopicLanguage.objects.get(topic=english.topic_id, language="es")
    ends = (
        "editions",
        "editions/1",
        "editions/compare?from=1&to=1",
        "editions/on-date?on=2026-05-05",
    )
    ends += ("editions/1/restore", "preview", "preview/page", "publish/waiting", "publish")
    for rights, statuses in ((("view_healthtopic",), {403}), ((), {403})):
        client.force_login(person("".join(rights) or "Nobody", *rights))
        for end in ends:
            path, _mark, query = end.partition("?")
            assert client.get(f"{url_of(english, path)}?{query}").status_code in statuses, end
    client.force_login(person("Viewer", "view_topiclanguage"))
    assert client.get(url_of(english, "editions/1/restore")).status_code == 403
    assert client.post(url_of(english, "editions/1/restore"), {"version": 1}).status_code == 403
    assert client.get(url_of(english, "editions/3")).status_code == 200
    # Spanish has one edition only; English's third is not to be had at its address.
    assert client.get(url_of(spanish, "editions/3")).status_code == 404
    assert client.get(url_of(spanish, "editions/compare") + "?from=1&to=3").status_code == 400
    client.logout()
    for end in ends:
        assert client.get(url_of(english, end.partition("?")[0])).status_code == 302


# --- Restoring --------------------------------------------------------------------------------------


def restore(client, version, number, **data):
    address = url_of(version, f"editions/{number}/restore")
    return client.post(address, fields(client.get(address)) | data, follow=True)


def now_says(version):
    fresh = TopicLanguage.objects.get(pk=version.pk)
    return assemble([fresh])[fresh.pk]


def test_an_edition_is_restored_whole_as_an_edit_that_nobody_in_public_sees(client, ana, english):
    spanish = TopicLanguage.objects.get(topic=english.topic_id, language="es")
    first = TopicDocument.from_json(english.editions.get(number=1).document)
    other = replace(
        SPANISH,
        language="en",
        slug="bellypain",
        title="Rewritten",
        number=3061,
        url=ENGLISH.url,
        date_created=ENGLISH.date_created,
        links=ENGLISH.links[1:],
    )
    store([(TopicLanguage.objects.get(pk=english.pk), other)])
    before, public = working_copy(spanish), client.get("/abdominalpain.html").content
    drafts = Draft.objects.count()
    version = TopicLanguage.objects.get(pk=english.pk).version
    page = restore(client, english, 1).content.decode()
    assert "Edition 1 is in the working copy" in page
    assert changed_fields(now_says(english), first) == []
    after = TopicLanguage.objects.get(pk=english.pk)
    assert (after.version, after.changed_by, after.has_changes) == (version + 1, ana, True)
    # The save, and what stood there before it: no save and no edition held that.
    assert Draft.objects.count() == drafts + 2
    assert client.get("/abdominalpain.html").content == public
    assert working_copy(spanish) == before
    publish(english.pk, by=ana)
    assert Edition.objects.get(topic_language=english, number=4).digest == first.content_digest()


def test_an_edition_that_the_working_copy_says_already_is_not_restored(client, ana, english):
    page = client.get(url_of(english, "editions/3/restore")).content.decode()
    assert "says the same already" in page
    assert "desk-form" not in page
    drafts = Draft.objects.count()
    client.post(url_of(english, "editions/3/restore"), {"version": english.version})
    assert Draft.objects.count() == drafts


def test_a_restore_never_overwrites_what_was_saved_meanwhile(client, ana, english):
    address = url_of(english, "editions/1/restore")
    posted = fields(client.get(address))
    retitle(english, "Saved meanwhile")
    TopicLanguage.objects.filter(pk=english.pk).update(
        version=english.version + 1, changed_at="2026-05-05T10:00Z"
    )
    response = client.post(address, posted)
    assert response.status_code == 409
    assert "after you opened it" in response.content.decode()
    assert now_says(english).title == "Saved meanwhile"
    assert client.post(address, {}).status_code == 409


def test_what_is_shared_stays_as_it_is_today_and_the_editor_is_told(client, ana, english):
    first, second = Resource.objects.filter(placements__topic_language=english).order_by("pk")
    Resource.objects.filter(pk=first.pk).update(title_en="Today's title")
    Placement.objects.filter(topic_language=english).delete()
    Placement.objects.filter(resource=second).delete()
    Resource.objects.filter(pk=second.pk).delete()
    TopicLanguage.objects.filter(pk=english.pk).update(slug="elsewhere")
    with on((5, 5)):
        publish(english.pk, by=ana)
    TopicLanguage.objects.filter(pk=english.pk).update(slug="bellypain")
    pair_of = TopicLanguage.objects.exclude(pk=english.pk).get(topic=english.topic_id)
    TopicLanguage.objects.create(
        topic=HealthTopic.objects.create(), language="en", slug="abdominalpain"
    )
    page = restore(client, english, 1).content.decode()
    assert "changed for all pages since, and stays as it is today: Belly pain" in page
    assert "not here any more, and is left out: No organization" in page
    assert "“abdominalpain” is in use by something else" in page
    document = now_says(english)
    assert [link.title for link in document.links] == ["Today's title"]
    assert document.slug == "bellypain"
    assert pair_of.language == "es"


def test_what_an_old_edition_says_passes_the_allow_list_of_today(client, ana, english):
    old = english.editions.get(number=1)
    document = TopicDocument.from_json(old.document)
    bad = replace(
        document,
        summary=(replace(document.summary[0], body="<p>Safe</p><script>alert(1)</script>"),),
    )
    wrong = Edition.objects.filter(pk=old.pk).values().get() | {
        "id": None,
        "number": 9,
        "document": bad.to_json(),
    }
    Edition.objects.create(**wrong)
    page = restore(client, english, 9)
    assert [section.body for section in now_says(english).summary] == ["<p>Safe</p>"]
    assert page.status_code == 200
    assert Membership.objects.filter(topic_language=english).count() == len(document.groups)
