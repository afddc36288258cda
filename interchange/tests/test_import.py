"""What an import makes of a file: topics, pairs, links, and what it leaves alone."""

import json
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.timezone import localdate

from interchange.loading import apply as applying
from interchange.loading import going_live
from interchange.models import ImportRun, UpstreamRecord
from resources.models import Resource
from topics.models import (
    Address,
    Generation,
    HealthTopic,
    Origin,
    RelatedTopic,
    TopicGroup,
    TopicLanguage,
)
from topics.publishing import withdraw
from topics.working_copy.groups import give_addresses

from .importing import edit, live, row, statements, take_in, working
from .records import file_of, topic

pytestmark = pytest.mark.django_db

LINK = (
    '<site title="{0}" url="https://x.org/{0}">'
    "<information-category>Start Here</information-category></site>"
)
SUMMARY = "<full-summary>&lt;p>Iron.&lt;/p></full-summary>"


def english(number=1, title="Anemia", inner="", *, mapped=None, slug=None):
    return topic(number, title, mapping(mapped, "Spanish") + inner, slug=slug)


def spanish(number=2, title="La anemia", inner="", *, mapped=None, slug="anemia"):
    url = f"https://medlineplus.gov/spanish/{slug}.html"
    return topic(number, title, mapping(mapped, "English") + inner, url=url, language="Spanish")


def mapping(number, language):
    if number is None:
        return ""
    attributes = f'url="https://x.org/m.html" id="{number}" language="{language}"'
    return f"<language-mapped-topic {attributes}>M</language-mapped-topic>"


def topic_of(number):
    return row(number).topic_id


# --- New topics -------------------------------------------------------------------------------------


def test_new_records_are_published_in_both_languages():
    report = take_in(file_of(english(mapped=2), spanish(mapped=1)))
    assert report.counts() == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "conflicts": 0,
        "refused": 0,
    }
    assert report.exit_status == 0
    assert [live(1).title, live(2).title] == ["Anemia", "La anemia"]
    assert {edition.origin for edition in (row(1).live_edition, row(2).live_edition)} == {
        Origin.IMPORT
    }
    assert {str(address) for address in Address.objects.filter(topic_language__isnull=False)} == {
        "/anemia.html",
        "/spanish/anemia.html",
    }


@pytest.mark.parametrize(
    ("generated", "shown"),
    [("10/02/2026 02:30:33", date(2026, 10, 2)), ("soon", None), ("01/01/2999 00:00:00", None)],
)
def test_readers_are_told_the_day_on_which_the_source_made_its_file(generated, shown):
    take_in(file_of(english()).replace(b"10/02/2026 02:30:33", generated.encode()))
    assert localdate(row(1).live_edition.content_changed_at) == (shown or localdate())


def test_a_file_older_than_one_imported_before_is_remarked_on():
    take_in(file_of(english()))
    older = file_of(english(title="Old")).replace(b"10/02/2026", b"07/21/2012")
    assert (
        "made on 2012-07-21 02:30, and one of 2026-10-02 02:30"
        in take_in(older, dry_run=True).notes[0].text
    )
    assert "2012" in take_in(older).notes[0].text
    assert not take_in(file_of(english(title="New"))).notes


@pytest.mark.parametrize("language", ["en", "es", None])
def test_the_language_of_the_person_who_imports_plays_no_part(language):
    with translation.override(language) if language else translation.override(None):
        take_in(file_of(english(mapped=2), spanish(mapped=1)))
    found = HealthTopic.objects.get()
    assert (found.title_en, found.title_es) == ("Anemia", "La anemia")


@pytest.mark.parametrize(
    "records",
    [
        (english(mapped=2), spanish(mapped=1)),
        (spanish(mapped=1), english(mapped=2)),
        (english(mapped=2), spanish()),
        (english(), spanish(mapped=1)),
        (spanish(), english(mapped=2)),
    ],
)
def test_records_that_name_each_other_become_one_topic_whichever_comes_first(records):
    take_in(file_of(*records))
    assert topic_of(1) == topic_of(2)
    assert HealthTopic.objects.get().source_language == "en"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (english(mapped=2), spanish(mapped=1)),
        (english(mapped=2), spanish()),
        (english(), spanish(mapped=1)),
        (spanish(mapped=1), english()),
        (spanish(), english(mapped=2)),
    ],
)
def test_the_other_language_joins_when_it_comes_in_a_later_file(first, second):
    take_in(file_of(first))
    take_in(file_of(second))
    assert topic_of(1) == topic_of(2)
    assert HealthTopic.objects.get().source_language == "en"


def test_two_topics_become_one_when_a_later_file_says_so():
    take_in(file_of(english(inner=LINK.format("a")), spanish(inner=LINK.format("b"))))
    assert topic_of(1) != topic_of(2)
    edit(2, also_called=("Sangre cansada",))
    before = row(2)
    report = take_in(file_of(english(inner=LINK.format("a"), mapped=2)))
    assert report.updated == 1
    assert topic_of(1) == topic_of(2)
    assert (row(2).has_changes, row(2).changed_at) == (before.has_changes, before.changed_at)
    assert (row(1).has_changes, row(2).has_changes) == (False, True)
    assert HealthTopic.objects.count() == 1
    assert working(2).also_called == ("Sangre cansada",)
    assert working(2).title == "La anemia"
    assert [link.title for link in working(1).links + working(2).links] == ["a", "b"]


def test_two_topics_become_one_also_when_both_records_changed():
    take_in(file_of(english(), spanish()))
    link = LINK.format("b")
    report = take_in(file_of(english(mapped=2), spanish(mapped=1, inner=link)))
    assert report.updated == 2
    assert topic_of(1) == topic_of(2)
    assert [found.title for found in live(2).links] == ["b"]


@pytest.mark.parametrize(
    "give",
    [
        lambda topic: topic.tags.add("blood"),
        lambda topic: topic.owners.add(User.objects.create_user("ana")),
    ],
    ids=["tags", "owners"],
)
def test_topics_that_bear_tags_or_owners_of_their_own_are_left_apart_with_a_note(give):
    take_in(file_of(english(), spanish()))
    give(row(2).topic)
    report = take_in(file_of(english(mapped=2)))
    assert topic_of(1) != topic_of(2)
    assert any("left apart" in note.text for note in report.notes)


def test_records_that_contradict_each_other_stay_two_topics_with_a_note():
    report = take_in(
        file_of(english(1, mapped=2), spanish(2, mapped=3), english(3, "Asthma", mapped=2))
    )
    assert topic_of(1) != topic_of(2) == topic_of(3)
    assert any("names another one" in note.text for note in report.notes)


def test_records_of_one_language_that_name_each_other_stay_two_topics():
    # A file can say so only by mistake, because the name in it must claim another language.
    take_in(file_of(english(1, mapped=3), english(3, "Asthma")))
    assert topic_of(1) != topic_of(3)
    take_in(file_of(english(4, "Flu", mapped=1)))
    assert topic_of(4) != topic_of(1)


def test_one_language_alone_is_fine():
    take_in(file_of(spanish()))
    assert HealthTopic.objects.get().source_language == "es"
    assert live(2).title == "La anemia"


def test_without_publishing_there_are_drafts_only():
    take_in(file_of(english()), publish=False)
    assert row(1).live_edition is None
    assert working(1).title == "Anemia"
    assert not Address.objects.filter(topic_language__isnull=False).exists()


def test_a_group_never_seen_is_made_and_noted():
    inner = '<group url="https://x.org/newgroup.html" id="999">New group</group>'
    report = take_in(file_of(english(inner=inner)))
    group = TopicGroup.objects.get(number=999)
    assert (group.name_en, group.family, group.slug) == ("New group", "", "newgroup")
    assert any("“New group” was never seen before" in line for line in report.lines())


def test_a_section_of_links_never_seen_is_made_and_noted():
    site = '<site title="A" url="https://x.org/a"><information-category>Podcasts</information-category></site>'
    report = take_in(file_of(english(inner=site)))
    assert live(1).links[0].categories == ("Podcasts",)
    assert any("“Podcasts” was never seen before" in line for line in report.lines())
    (frame,) = Generation.objects.values_list("frame", flat=True)
    assert any(category["name_en"] == "Podcasts" for category in json.loads(frame)["categories"])


# --- Links between topics ---------------------------------------------------------------------------


def test_links_in_bodies_are_stored_by_topic_wherever_it_stands_in_the_file():
    body = '<full-summary>&lt;a href="https://medlineplus.gov/asthma.html">x&lt;/a></full-summary>'
    take_in(file_of(english(inner=body), english(3, "Asthma")))
    assert 'data-topic="3"' in live(1).summary[0].body


def test_links_in_bodies_to_topics_of_an_earlier_file_are_stored_by_topic():
    take_in(file_of(english(3, "Asthma")))
    body = '<full-summary>&lt;a href="https://medlineplus.gov/asthma.html">x&lt;/a></full-summary>'
    take_in(file_of(english(inner=body)))
    assert 'data-topic="3"' in live(1).summary[0].body


def test_a_related_topic_is_found_when_it_comes_later():
    related = (
        '<related-topic url="https://medlineplus.gov/asthma.html" id="3">Asthma</related-topic>'
    )
    take_in(file_of(english(inner=related)))
    assert RelatedTopic.objects.get().target is None
    take_in(file_of(english(3, "Asthma")))
    assert RelatedTopic.objects.get().target == row(3)
    assert working(1).related[0].title == "Asthma"


# --- Again ------------------------------------------------------------------------------------------


def test_a_second_run_of_the_same_file_writes_nothing():
    xml = file_of(
        english(mapped=2, inner=LINK.format("a")), spanish(mapped=1), english(3, "Asthma")
    )
    take_in(xml)
    with statements() as written:
        report = take_in(xml)
    assert written == []
    assert report.counts() == {
        "created": 0,
        "updated": 0,
        "unchanged": 3,
        "conflicts": 0,
        "refused": 0,
    }


def test_a_rehearsal_says_what_would_happen_and_writes_nothing():
    take_in(file_of(english(), english(3, "Asthma")))
    edit(3, also_called=("Wheezing",))
    xml = file_of(
        english(inner=LINK.format("a")),
        english(3, "Bronchial asthma"),
        english(4, "Flu"),
        topic("x"),
    )
    with statements() as written:
        report = take_in(xml, dry_run=True)
    assert written == []
    assert report.counts() == {
        "created": 1,
        "updated": 1,
        "unchanged": 0,
        "conflicts": 1,
        "refused": 1,
    }


def test_a_changed_record_updates_and_publishes():
    take_in(file_of(english(), english(3, "Asthma")))
    report = take_in(file_of(english(inner=LINK.format("a")), english(3, "Asthma")))
    assert (report.updated, report.unchanged) == (1, 1)
    assert [link.title for link in live(1).links] == ["a"]
    assert row(1).live_edition.number == 2
    assert row(3).live_edition.number == 1


def test_a_record_that_moved_leaves_a_redirect():
    take_in(file_of(english(slug="anaemia")))
    take_in(file_of(english(slug="anemia")))
    old = Address.objects.get(language="en", slug="anaemia")
    assert str(old.redirect_to) == "/anemia.html"
    assert live(1).slug == "anemia"


def test_blanks_that_mean_nothing_are_remembered_without_an_edition():
    take_in(file_of(english(inner="<also-called>A b</also-called>")))
    report = take_in(file_of(english(inner="<also-called>A\n b</also-called>")))
    assert (report.unchanged, row(1).live_edition.number) == (1, 1)
    with statements() as written:
        take_in(file_of(english(inner="<also-called>A\n b</also-called>")))
    assert written == []


def test_what_a_file_does_not_mention_stays():
    take_in(file_of(english(), english(3, "Asthma")))
    take_in(file_of(english(3, "Asthma", inner=LINK.format("a"))))
    assert live(1).title == "Anemia"


# --- Edits made here --------------------------------------------------------------------------------


def test_an_edit_here_survives_a_file_that_did_not_change():
    xml = file_of(english())
    take_in(xml)
    edit(1, also_called=("Tired blood",))
    assert take_in(xml).unchanged == 1
    assert working(1).also_called == ("Tired blood",)


@pytest.mark.parametrize("publish", [True, False])
def test_an_edit_here_and_one_at_the_source_are_a_conflict(publish):
    take_in(file_of(english(inner=SUMMARY)))
    edit(1, also_called=("Tired blood",), publish=publish)
    editions = row(1).live_edition.number
    report = take_in(file_of(english(inner=SUMMARY + LINK.format("a")), english(3, "Asthma")))
    assert [(one.number, one.title) for one in report.conflicts] == [(1, "Anemia")]
    assert report.created == 1
    assert working(1).also_called == ("Tired blood",) and working(1).links == ()
    assert row(1).live_edition.number == editions
    pending = UpstreamRecord.objects.get(topic_language__number=1)
    assert 'title="a"' in pending.pending_record and 'title="a"' not in pending.record


def test_an_open_conflict_is_reported_again_and_nothing_is_written():
    take_in(file_of(english()))
    edit(1, also_called=("Tired blood",))
    take_in(file_of(english(inner=LINK.format("a"))))
    with statements() as written:
        report = take_in(file_of(english(inner=LINK.format("a"))))
    assert written == []
    assert len(report.conflicts) == 1


def test_an_editor_who_takes_the_newer_text_over_ends_the_conflict():
    newer = file_of(english(inner="<also-called>Pale blood</also-called>"))
    take_in(file_of(english()))
    edit(1, also_called=("Tired blood",))
    take_in(newer)
    edit(1, also_called=("Pale blood",))
    report = take_in(newer)
    assert (report.conflicts, report.unchanged) == ([], 1)
    kept = UpstreamRecord.objects.get()
    assert "Pale blood" in kept.record
    assert (kept.pending_record, kept.pending_digest, kept.pending_document_digest) == ("", "", "")
    with statements() as written:
        take_in(newer)
    assert written == []


def test_an_editor_who_took_the_newer_text_over_follows_the_next_one_at_once():
    take_in(file_of(english(inner=SUMMARY)))
    edit(1, also_called=("Tired blood",))
    take_in(file_of(english(inner="<also-called>Pale blood</also-called>" + SUMMARY)))
    edit(1, also_called=("Pale blood",))
    report = take_in(file_of(english(inner="<also-called>New blood</also-called>" + SUMMARY)))
    assert (report.updated, report.conflicts) == (1, [])
    assert working(1).also_called == ("New blood",)


def test_a_source_that_goes_back_ends_the_conflict():
    take_in(file_of(english()))
    edit(1, also_called=("Tired blood",))
    take_in(file_of(english(inner=LINK.format("a"))))
    assert take_in(file_of(english())).counts()["unchanged"] == 1
    assert UpstreamRecord.objects.get().pending_record == ""
    assert working(1).also_called == ("Tired blood",)
    with statements() as written:
        take_in(file_of(english()))
    assert written == []


def test_an_edit_published_here_and_taken_back_unpublished_is_still_an_edit():
    take_in(file_of(english(inner=SUMMARY)))
    edit(1, also_called=("Tired blood",), publish=True)
    edit(1, also_called=())
    assert len(take_in(file_of(english(inner=SUMMARY + LINK.format("a")))).conflicts) == 1
    assert live(1).also_called == ("Tired blood",)


def test_the_same_edit_on_both_sides_is_no_conflict():
    take_in(file_of(english()))
    edit(1, also_called=("Tired blood",))
    xml = file_of(english(inner="<also-called>Tired blood</also-called>"))
    assert take_in(xml).counts()["unchanged"] == 1
    assert take_in(xml).counts()["unchanged"] == 1
    follow = take_in(file_of(english(inner="<also-called>Pale blood</also-called>")))
    assert follow.updated == 1


def test_a_draft_is_never_published_by_an_import():
    take_in(file_of(english()), publish=False)
    report = take_in(file_of(english(inner=LINK.format("a"))))
    assert report.updated == 1
    assert [link.title for link in working(1).links] == ["a"]
    assert row(1).live_edition is None


def test_a_withdrawn_topic_stays_withdrawn():
    take_in(file_of(english()))
    withdraw(row(1).pk, by=None, reason="Out of date")
    assert take_in(file_of(english(inner=LINK.format("a")))).updated == 1
    assert row(1).live_edition is None and row(1).withdrawn_at is not None


def test_a_shared_link_is_not_changed_by_a_record_that_disagrees():
    shared = LINK.format("shared")
    take_in(file_of(english(inner=shared), english(3, "Asthma", inner=shared)))
    before = Resource.objects.values().get()
    other = shared.replace('title="shared"', 'title="Another title"')
    take_in(
        file_of(
            english(inner=shared), english(3, "Asthma", inner=other), english(4, "Flu", inner=other)
        )
    )
    assert Resource.objects.values().get() == before
    assert [live(number).links[0].title for number in (1, 3, 4)] == [
        "shared",
        "Another title",
        "Another title",
    ]


# --- Addresses --------------------------------------------------------------------------------------


def local_topic(title="Home remedies", slug="homeremedies"):
    made = TopicLanguage(topic=HealthTopic.objects.create(title_en=title), language="en", slug=slug)
    made.save()
    return made


def test_a_slug_held_by_a_topic_made_here_is_refused_and_the_rest_goes_in():
    local_topic()
    report = take_in(file_of(english(1, "Home remedies"), english(3, "Asthma")))
    assert report.exit_status == 3
    (refusal,) = report.refusals
    assert refusal.number == "1" and refusal.line == 3
    assert "“Home remedies”, which was made here" in refusal.reason
    assert live(3).title == "Asthma"
    assert not TopicLanguage.objects.filter(number=1).exists()


def test_a_language_made_here_is_not_replaced_by_one_from_the_source():
    take_in(file_of(english()))
    TopicLanguage(topic=row(1).topic, language="es", slug="sangre").save()
    report = take_in(file_of(english(mapped=2), spanish(mapped=1)))
    assert "has a version in this language here already" in report.refusals[0].reason


def test_an_address_passes_from_one_topic_to_another_in_one_file():
    take_in(file_of(english(1, slug="a"), english(3, "Asthma", slug="b")))
    report = take_in(
        file_of(english(4, "Flu", slug="b"), english(3, "Asthma", slug="c"), english(1, slug="a"))
    )
    # The page answers there, so the redirect that the move left is not taken from it by a stranger.
    assert live(3).slug == "c"
    assert [refusal.number for refusal in report.refusals] == ["4"]
    assert "in use" in report.refusals[0].reason


def test_an_address_passes_on_while_nothing_was_public_there():
    take_in(file_of(english(1, slug="a"), english(3, "Asthma", slug="b")), publish=False)
    report = take_in(
        file_of(english(4, "Flu", slug="b"), english(3, "Asthma", slug="c")), publish=False
    )
    assert report.refusals == []
    assert (working(3).slug, working(4).slug) == ("c", "b")


def test_two_topics_that_swap_addresses_are_refused_with_a_reason():
    take_in(file_of(english(1, slug="a"), english(3, "Asthma", slug="b")), publish=False)
    report = take_in(file_of(english(1, slug="b"), english(3, "Asthma", slug="a")), publish=False)
    assert {refusal.number for refusal in report.refusals} == {"1", "3"}
    assert (working(1).slug, working(3).slug) == ("a", "b")


def group_at(slug, name):
    group = TopicGroup.objects.create(slug=slug, name_en=name)
    give_addresses([group])


def test_an_address_of_a_page_or_group_is_refused_with_a_reason():
    inner = '<group url="https://x.org/newgroup.html" id="999">New group</group>'
    take_in(file_of(english(inner=inner)))
    report = take_in(file_of(english(3, "New group"), english(4, "Flu")))
    (refusal,) = report.refusals
    assert (refusal.number, refusal.line) == ("3", 3)
    assert "“/newgroup.html” is in use here by the group “New group”" in refusal.reason
    assert live(4).title == "Flu"


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("newgroup", "by the group “New group”. Give that another address"),
        ("disclaimers", "by a redirect to “/about/disclaimer.html”"),
        ("left", "by a redirect to “/flu.html”"),
        ("b", "by the topic “Asthma”"),
        ("gone", "by the notice that a page is gone"),
        ("search", "this site itself answers"),
    ],
)
def test_a_rehearsal_refuses_the_addresses_that_a_run_refuses(slug, reason):
    group_at("newgroup", "New group")
    Address.objects.create(language="en", slug="gone", gone_reason="Out of date")
    take_in(file_of(english(3, "Asthma", slug="b"), english(5, "Flu", slug="left")))
    take_in(file_of(english(5, "Flu", slug="flu")))
    edit(3, slug="later")
    pair = (english(1, slug=slug, mapped=2), spanish(2, mapped=1))
    xml = file_of(*pair, english(7, "Cough"))
    reports = [take_in(xml, dry_run=True), take_in(xml)]
    for report in reports:
        assert [(refusal.number, refusal.line) for refusal in report.refusals] == [
            ("1", 3),
            ("2", 4),
        ]
        assert reason in report.refusals[0].reason
        assert "other language was refused" in report.refusals[1].reason
        assert report.created == 1
    assert not TopicLanguage.objects.filter(number__in=[1, 2]).exists()


@pytest.mark.parametrize("publish", [True, False])
def test_a_rehearsal_knows_which_addresses_the_run_would_have_freed_before(publish):
    xml = file_of(english(1, slug="a"), english(3, "Asthma", slug="b"), english(5, "Flu", slug="c"))
    take_in(xml, publish=publish)
    edit(5, title="Our flu")
    # Each wants the address of the next; of the last, which was changed here, it is not freed.
    chain = (
        english(7, "Cough", slug="a"),
        english(1, slug="b"),
        english(3, "Asthma", slug="d"),
        english(5, "Flu", slug="e"),
        english(8, "Fever", slug="c"),
    )
    rehearsed, run = (
        take_in(file_of(*chain), publish=publish, dry_run=dry) for dry in (True, False)
    )
    assert rehearsed.counts() == run.counts()
    assert rehearsed.refusals == run.refusals
    assert run.counts()["updated"] == (1 if publish else 2)


def test_drafts_may_wait_for_an_address():
    group_at("newgroup", "New group")
    report = take_in(file_of(english(3, "New group")), publish=False)
    assert (report.created, report.refusals) == (1, [])


def test_a_record_that_changes_its_language_is_refused():
    take_in(file_of(english(1)))
    report = take_in(file_of(spanish(1)))
    assert "in another language here" in report.refusals[0].reason


# --- When something goes wrong ----------------------------------------------------------------------


def test_a_pair_that_fails_is_rolled_back_alone(monkeypatch, caplog):
    whole = going_live.append_editions

    def failing(publications, **options):
        if any(publication.document.title == "Asma" for publication in publications):
            raise ValueError("no such thing")
        return whole(publications, **options)

    monkeypatch.setattr(going_live, "append_editions", failing)
    pair = (english(3, "Asthma", mapped=4), spanish(4, "Asma", mapped=3, slug="asthma"))
    report = take_in(file_of(english(1), *pair, english(5, "Flu")))
    assert report.counts()["created"] == 2
    assert {refusal.number for refusal in report.refusals} == {"3", "4"}
    assert "no such thing" in report.refusals[0].reason
    assert set(TopicLanguage.objects.values_list("number", flat=True)) == {1, 5}
    assert report.exit_status == 3


def test_a_database_that_does_not_answer_ends_the_run(monkeypatch):
    def locked(*args, **options):
        raise OperationalError("database is locked")

    monkeypatch.setattr(applying, "store", locked)
    with pytest.raises(OperationalError):
        take_in(file_of(english()))
    assert ImportRun.objects.get().state == "failed"
    assert not HealthTopic.objects.exists()


class Deadlock(Exception):
    sqlstate = "40P01"


def deadlock():
    error = OperationalError("deadlock detected")
    error.__cause__ = Deadlock()
    return error


def test_a_batch_that_gave_way_to_an_editor_is_tried_once_more(monkeypatch):
    whole, errors = applying.store, [deadlock()]

    def failing(*args, **options):
        if errors:
            raise errors.pop()
        return whole(*args, **options)

    monkeypatch.setattr(applying, "store", failing)
    report = take_in(file_of(english(inner="<new/>"), english(3, "Asthma")))
    assert report.counts()["created"] == 2
    assert len([note for note in report.notes if "<new>" in note.text]) == 1
    assert ImportRun.objects.get().state == "finished"


def test_a_batch_that_gives_way_again_ends_the_run(monkeypatch):
    def failing(*args, **options):
        raise deadlock()

    monkeypatch.setattr(applying, "store", failing)
    with pytest.raises(OperationalError):
        take_in(file_of(english()))


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="locks whole tables")
def test_a_topic_is_locked_before_its_languages():
    take_in(file_of(english()))
    with CaptureQueriesContext(connection) as queries:
        take_in(file_of(english(inner=LINK.format("a"))))
    locks = [q["sql"] for q in queries if "FOR UPDATE" in q["sql"]]
    assert 'FROM "topics_healthtopic"' in locks[0]
    assert 'FROM "topics_topiclanguage"' in locks[1]


def test_a_database_that_stops_answering_while_topics_are_tried_alone_ends_the_run(monkeypatch):
    errors = iter([ValueError("odd"), OperationalError("database is locked")])

    def failing(*args, **options):
        raise next(errors)

    monkeypatch.setattr(applying, "store", failing)
    with pytest.raises(OperationalError):
        take_in(file_of(english()))


def test_what_waits_for_an_address_is_reported_once():
    take_in(file_of(english(1, slug="a"), english(3, "Asthma", slug="b")), publish=False)
    swap = file_of(english(1, slug="b", inner="<new/>"), english(3, "Asthma", slug="a"))
    report = take_in(swap, publish=False)
    assert len(report.refusals) == 2
    assert [note.text for note in report.notes if "<new>" in note.text] == [report.notes[0].text]


def test_a_run_is_recorded_with_what_it_did():
    take_in(file_of(english(), topic("x"), english(3, "Asthma", inner="<new/>")))
    run = ImportRun.objects.get()
    assert (run.state, run.file_name, run.date_generated) == (
        "finished",
        "test.xml",
        "10/02/2026 02:30:33",
    )
    assert run.counts["created"] == 2
    assert run.refusals[0]["line"] == 4
    assert "<new>" in run.notes[0]
    assert run.finished_at >= run.heartbeat_at >= run.started_at
    assert UpstreamRecord.objects.filter(run=run).count() == 2
    assert str(run).startswith("test.xml, ")
    assert str(UpstreamRecord.objects.first()) == "Anemia (English)"


def test_a_run_that_breaks_off_is_recorded_as_such(monkeypatch):
    monkeypatch.setattr("interchange.loading.apply.Matching", None)
    monkeypatch.setattr("interchange.sync.apply", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_in(file_of(english()))
    assert ImportRun.objects.get().state == "failed"


def test_what_stands_between_the_topics_is_reported():
    assert any("<extra>" in note.text for note in take_in(file_of("<extra/>", english())).notes)


def test_a_wrong_total_is_noted():
    xml = file_of(english()).replace(b'total="1"', b'total="3"')
    assert any("says that it holds 3" in note.text for note in take_in(xml).notes)


def test_a_record_that_names_a_group_of_live_topics_lets_no_page_be_kept_as_it_was():
    blood = '<group url="https://medlineplus.gov/zzblood.html" id="4242">%s</group>'
    take_in(file_of(topic(1, "Anemia", blood % "Blood")))
    before = Generation.objects.get().number
    take_in(file_of(spanish(inner=blood % "Sangre")), publish=False)
    assert TopicGroup.objects.get(number=4242).name_es == "Sangre"
    assert Generation.objects.get().number != before
