"""The start page of the desk: what waits for me and not for others, and how the site stands."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.models import ProblemReport
from topics.editions.scheduling import schedule
from topics.editions.writers import note_writers
from topics.models import HealthTopic, TopicLanguage, UnsavedText
from topics.publishing import publish

from .desk import EDITOR_RIGHTS, pair, person
from .test_topic_list import YESTERDAY, broken, change

pytestmark = pytest.mark.django_db


def waiting(client):
    """The kinds of things that wait for whoever is signed in, with what is shown of each."""
    response = client.get("/admin/")
    return {
        kind.title: [entry.words for entry in kind.entries] for kind in response.context["waiting"]
    }


def everything(ana):
    """Something of every kind that waits for Ana."""
    english, spanish = pair()
    broken("https://example.org/belly")
    now = timezone.now()
    change(english, review_owner=ana, next_review=YESTERDAY)
    change(spanish, review_owner=ana, changed_by=ana, changed_at=now, has_changes=True)
    note_writers([spanish.pk], [ana.pk])
    UnsavedText.objects.create(
        topic_language=english, page="text", person=ana, opening="1", posted="x=1", kept_at=now
    )
    ProblemReport.objects.create(
        language="en",
        path="/abdominalpain.html",
        topic_language=english,
        kind="wrong",
        words="No!",
        sent_at=now,
        form="1",
    )
    HealthTopic.objects.filter(pk=english.topic_id).update(
        title_en="New words", title_es="Otras palabras"
    )
    publish(english.pk, by=ana)
    HealthTopic.objects.filter(pk=english.topic_id).update(title_en="Newer words")
    schedule(english.pk, due_at=now + timedelta(days=1), by=ana)
    return english


def test_everything_that_waits_for_me_is_there_and_nothing_waits_for_others(client, ana):
    everything(ana)
    found = waiting(client)
    assert set(found) == {
        "Texts that you have not saved yet",
        "Your overdue reviews",
        "Your translations that are outdated",
        "What you saved and nobody published yet",
        "Your editions that wait to go live",
        "New problem reports on your pages, or on pages without an owner",
        "Broken links on your topics",
    }
    assert found["Your overdue reviews"] == ["Newer words"]
    assert found["Broken links on your topics"] == ["https://example.org/belly"]
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    assert waiting(client) == {}
    client.force_login(person("Zoe"))
    page = client.get("/admin/")
    assert page.status_code == 200 and "waiting" not in page.context


def test_the_site_at_a_glance_adds_up(client, ana):
    everything(ana)
    HealthTopic.objects.create(title_en="Lonely")
    bars = {bar.title: bar for bar in client.get("/admin/").context["bars"]}
    english, spanish = bars["English"], bars["Spanish"]
    assert {part.label: part.count for part in spanish.parts} == {"Outdated": 1, "Missing": 1}
    assert {part.label: part.count for part in english.parts} == {
        "Live and up to date": 1,
        "Missing": 1,
    }
    assert {part.label: part.count for part in bars["Links"].parts} == {"Broken": 1}
    for bar in bars.values():
        assert sum(part.width for part in bar.parts) == 1000
        for part in bar.parts:
            assert client.get(part.address).context["cl"].result_count == part.count


def test_live_pages_with_unpublished_changes_are_a_part_of_their_own(client, ana):
    english, spanish = pair()
    publish(spanish.pk, by=ana, compared_with=1)
    other, outdated = pair(nth=1)
    change(english, has_changes=True)
    change(outdated, has_changes=True)
    HealthTopic.objects.filter(pk=other.topic_id).update(title_en="New words")
    publish(other.pk, by=ana)
    bars = {bar.title: bar for bar in client.get("/admin/").context["bars"]}
    found = {
        name: {part.label: part.count for part in bars[name].parts}
        for name in ("English", "Spanish")
    }
    assert found == {
        "English": {"Live and up to date": 1, "With unpublished changes": 1},
        "Spanish": {"Live and up to date": 1, "Outdated": 1},
    }
    for bar in (bars["English"], bars["Spanish"]):
        assert len({part.kind for part in bar.parts}) == len(bar.parts)
        for part in bar.parts:
            shown = client.get(part.address).context["cl"]
            assert shown.result_count == part.count
            if part.label == "With unpublished changes":
                assert list(shown.result_list) == [english.topic]


def test_the_start_page_costs_no_more_with_many_topics(client, ana):
    everything(ana)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        return len(queries)

    before = cost()
    topics = HealthTopic.objects.bulk_create(HealthTopic(title_en=f"T{n}") for n in range(300))
    versions = TopicLanguage.objects.bulk_create(
        TopicLanguage(
            topic=topic,
            language="en",
            slug=f"t{topic.pk}",
            review_owner=ana,
            changed_by=ana,
            changed_at=timezone.now(),
            next_review=date(2020, 1, 1),
        )
        for topic in topics
    )
    note_writers([version.pk for version in versions], [ana.pk])
    # One more: drafts are counted once there are more of them than are shown.
    assert cost() <= before + 1 <= 30
