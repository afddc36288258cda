"""The list of topics: filters that combine, the table for spreadsheets, and work on many at once."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.listing.table import harmless
from resources.models import LinkCheck, LinkHost, Outcome, Resource, address_digest
from topics.models import Edition, HealthTopic, ScheduledEdition, TopicLanguage

from .desk import EDITOR_RIGHTS, pair, person
from .test_merging_topics import belly

pytestmark = pytest.mark.django_db
LIST = "/admin/topics/healthtopic/"
YESTERDAY = date.today() - timedelta(days=1)


def listed(client, **query):
    response = client.get(LIST, query)
    return [str(topic) for topic in response.context["cl"].result_list]


def change(row, **columns):
    TopicLanguage.objects.filter(pk=row.pk).update(**columns)


def test_filters_about_one_language_mean_the_same_language(client, ana):
    english, spanish = pair()
    bob = person("Bob")
    change(english, review_owner=ana, next_review=date.today() + timedelta(days=400))
    change(spanish, review_owner=bob, next_review=YESTERDAY)
    assert listed(client, owner="me") == listed(client, review="overdue") == ["Abdominal Pain"]
    assert listed(client, owner="me", review="overdue") == []
    assert listed(client, owner=bob.pk, review="overdue") == ["Abdominal Pain"]
    assert listed(client, owner="none") == listed(client, review="undated") == []
    assert listed(client, owner="x", review="x", links="x") == ["Abdominal Pain"]
    change(spanish, live_edition=None)
    assert listed(client, review="overdue") == [], "readers see no page that is overdue"


def test_choices_of_a_filter_tell_how_many_topics_they_leave(client, ana):
    for version in pair():
        change(version, review_owner=ana, next_review=YESTERDAY)
    HealthTopic.objects.create(title_en="Without a language")
    page = client.get(LIST, {"owner": "me", "review": "overdue", "_facets": "True"})
    assert [str(topic) for topic in page.context["cl"].result_list] == ["Abdominal Pain"]
    words = page.content.decode()
    for choice in ("Me (1)", "Nobody (0)", "Overdue (1)", "Without a date (0)"):
        assert choice in words


def broken(address):
    return LinkCheck.objects.create(
        address=address,
        digest=address_digest(address),
        host=LinkHost.objects.get_or_create(name="example.org")[0],
        state=LinkCheck.State.BROKEN,
        outcome=Outcome.GONE,
        looked_at=timezone.now(),
        failures=5,
        failing_since=timezone.now(),
    )


@pytest.mark.parametrize("address", ["https://example.org/belly", "https://example.org/institute"])
def test_topics_with_broken_links_are_found_wherever_the_link_stands(client, ana, address):
    pair()
    assert listed(client, links="broken") == []
    broken(address)
    assert listed(client, links="broken") == ["Abdominal Pain"]
    assert listed(client, links="moved") == []
    assert b"link-broken" in client.get(LIST).content


def test_several_filters_look_for_links_once(client, ana):
    pair()

    def times(**query):
        with CaptureQueriesContext(connection) as queries:
            listed(client, links="broken", **query)
        counting = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
        return max(sql.count(f'"{LinkCheck._meta.db_table}"') for sql in counting)

    assert times(owner="me", review="overdue") == times() > 0


def test_the_list_and_the_table_cost_no_more_with_two_thousand_topics(client, ana):
    pair()
    change(TopicLanguage.objects.first(), review_owner=ana, next_review=YESTERDAY)
    broken("https://example.org/belly")
    wanted = {"review": "overdue", "links": "broken", "owner": "me", "state_es": "live"}

    def cost(address, query):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, query)
            b"".join(response.streaming_content if response.streaming else [response.content])
        return len(queries)

    addresses = [(LIST, {}), (LIST, wanted)]
    before = [cost(*one) for one in addresses]
    topics = HealthTopic.objects.bulk_create(
        HealthTopic(title_en=f"Topic {number}") for number in range(2000)
    )
    TopicLanguage.objects.bulk_create(
        TopicLanguage(topic=topic, language=language, slug=f"topic{topic.pk}", number=None)
        for topic in topics
        for language in ("en", "es")
    )
    assert [cost(*one) for one in addresses] == before
    assert max(before) <= 20
    assert cost(f"{LIST}export/", {}) <= 80, "a handful for every 200 topics"


def table(client, **query):
    response = client.get(f"{LIST}export/", query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_the_table_holds_what_the_filters_leave_and_no_formula(client, ana):
    pair()
    topic = HealthTopic.objects.create(title_en='=HYPERLINK("http://evil.example","x")')
    TopicLanguage.objects.create(topic=topic, language="en", slug="evil")
    topic.tags.add("@sum", "plain")
    assert len(table(client)) == 2
    (row,) = table(client, state_en="draft")
    assert row["title (English)"].startswith("'=HYPERLINK(")
    assert row["state (Spanish)"] == "Missing"
    assert row["tags"] == "'@sum; plain"
    assert row["address (English)"] == "/evil.html"
    client.cookies["django_language"] = "es"
    assert "título (Inglés)" in {name.replace("inglés", "Inglés") for name in table(client)[0]}
    client.force_login(person("Zoe"))
    assert client.get(f"{LIST}export/").status_code == 403


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝"])
def test_no_cell_begins_as_a_formula(begin):
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"
    assert harmless("1+1") == "1+1"


def choose(client, key, *topics, **values):
    """Select topics in the list, choose what to do, and answer the question how."""
    chosen = {"action": key, "_selected_action": [topic.pk for topic in topics]}
    asked = client.post(LIST, chosen)
    if asked.status_code == 302:
        return asked
    address = reverse("admin:topics_healthtopic_work", args=[key])
    return client.post(address, {"chosen": asked.context["form"]["chosen"].value(), **values})


def two_changed():
    """A topic that can be published in both languages, and one that cannot."""
    english, spanish = pair()
    for version in (english, spanish):
        title = {f"title_{version.language}": f"New {version.language}"}
        HealthTopic.objects.filter(pk=english.topic_id).update(**title)
        change(version, has_changes=True)
    empty = HealthTopic.objects.create(title_en="Empty")
    TopicLanguage.objects.create(topic=empty, language="en", slug="empty")
    return english, spanish, empty


def test_many_are_published_and_what_is_refused_says_why(client, ana):
    english, spanish, empty = two_changed()
    response = choose(client, "publish", english.topic, empty, languages=["en", "es"], note="all")
    assert response.context["report"].done == 2
    ((refused, reason),) = response.context["report"].refused
    assert refused.topic == empty and reason in response.content.decode().replace("&#x27;", "'")
    assert {e.title for e in Edition.objects.filter(number=2, note="all")} == {"New en", "New es"}
    again = choose(client, "publish", english.topic, languages=["en"], note="")
    assert again.context["report"].done == 0
    assert Edition.objects.filter(topic_language=english).count() == 2


def test_many_are_scheduled_withdrawn_and_given_an_owner_and_a_tag(client, ana):
    english, spanish, empty = two_changed()
    due = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    choose(client, "publish", english.topic, languages=["es"], due_at=due)
    assert ScheduledEdition.objects.get().topic_language == spanish
    response = choose(client, "withdraw", english.topic, empty, languages=["en"], note="Old")
    assert (response.context["report"].done, len(response.context["report"].refused)) == (1, 1)
    english.refresh_from_db()
    assert (english.live_edition, english.withdrawn_reason) == (None, "Old")
    choose(client, "owner", english.topic, languages=["en", "es"], owner=ana.pk)
    assert set(english.topic.languages.values_list("review_owner", flat=True)) == {ana.pk}
    response = choose(client, "tag", english.topic, empty, tag="stomach")
    assert response.context["report"].done == 2
    assert [tag.name for tag in empty.tags.all()] == ["stomach"]
    empty.refresh_from_db()
    assert empty.version == 2, "who has the form of the topic open is told"
    again = choose(client, "tag", english.topic, empty, tag="STOMACH").context["report"]
    assert (again.done, len(again.refused)) == (0, 2)


def test_what_was_saved_since_the_list_was_shown_is_left_alone(client, ana):
    english, _spanish, _empty = two_changed()
    stale = json.dumps({english.pk: [english.version, ""]})
    change(english, version=english.version + 1, changed_by=ana, changed_at=timezone.now())
    for key, more in (("publish", {}), ("withdraw", {"note": "x"}), ("owner", {"owner": ana.pk})):
        address = reverse("admin:topics_healthtopic_work", args=[key])
        response = client.post(address, {"chosen": stale, "languages": ["en"], **more})
        ((_thing, reason),) = response.context["report"].refused
        assert "saved this topic" in reason
    english.refresh_from_db()
    assert english.live_edition.number == 1 and english.review_owner is None


def test_what_a_topic_shares_and_was_changed_since_is_not_published_unseen(client, ana):
    english, spanish, _empty = two_changed()
    asked = client.post(LIST, {"action": "publish", "_selected_action": [english.topic_id]})
    posted = {"chosen": asked.context["form"]["chosen"].value(), "languages": ["en", "es"]}
    # Neither of these counts as a save of a language.
    HealthTopic.objects.filter(pk=english.topic_id).update(image_credit_en="Not looked at")
    picture = {"image": "a" * 32, "image_width": 800, "image_height": 600, "image_decorative": True}
    HealthTopic.objects.filter(pk=english.topic_id).update(**picture)
    Resource.objects.filter(pk=spanish.placements.first().resource_id).update(title_es="Otro")
    response = client.post(reverse("admin:topics_healthtopic_work", args=["publish"]), posted)
    reasons = [reason for _version, reason in response.context["report"].refused]
    assert len(reasons) == 2 and all("shares with others changed" in said for said in reasons)
    assert not Edition.objects.filter(number=2).exists()
    again = choose(client, "publish", english.topic, languages=["en", "es"])
    assert again.context["report"].done == 2


@pytest.mark.parametrize("key", ["publish", "withdraw"])
def test_asking_how_costs_the_same_for_any_number_of_topics(client, ana, key):
    topics = [belly(), two_changed()[0].topic]
    TopicLanguage.objects.update(has_changes=True)

    def queries(chosen):
        data = {"action": key, "_selected_action": [topic.pk for topic in chosen]}
        with CaptureQueriesContext(connection) as asked:
            assert client.post(LIST, data).status_code == 200
        return len(asked)

    assert queries(topics) == queries(topics[-1:])


@pytest.mark.parametrize(
    "chosen", ["", "x", "[]", "{}", '{"x": 1}', '{"1": null}', '{"1": 1}', "[" * 5000]
)
def test_a_form_that_did_not_arrive_whole_does_nothing(client, ana, chosen):
    address = reverse("admin:topics_healthtopic_work", args=["publish"])
    assert client.post(address, {"chosen": chosen, "languages": ["en"]}).status_code == 409


def test_work_takes_the_right_of_the_single_page(client):
    english, _spanish, _empty = two_changed()
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    page = client.get(LIST).content.decode()
    assert 'value="owner"' in page and 'value="publish"' not in page
    chosen = json.dumps({english.pk: [english.version, ""]})
    for key in ("publish", "withdraw"):
        address = reverse("admin:topics_healthtopic_work", args=[key])
        data = {"chosen": chosen, "languages": ["en"], "note": "x"}
        assert client.post(address, data).status_code == 403
    assert client.post(reverse("admin:topics_healthtopic_work", args=["dig"])).status_code == 404
    english.refresh_from_db()
    assert english.live_edition.number == 1


def test_more_than_a_hundred_at_once_are_refused_in_words(client, ana):
    HealthTopic.objects.bulk_create(HealthTopic(title_en=f"T{n}") for n in range(101))
    response = client.post(
        LIST, {"action": "tag", "_selected_action": ["1"], "select_across": "1"}, follow=True
    )
    assert "at most 100" in response.content.decode()


@pytest.mark.parametrize(
    "chosen", ["", "[]", "{}", '{"1": [Infinity, ""]}', '{"1": [NaN, ""]}', '{"x": 1}']
)
def test_what_was_chosen_is_refused_unless_it_arrived_whole(client, ana, chosen):
    pair()
    address = reverse("admin:topics_healthtopic_work", args=["withdraw"])
    posted = {"chosen": chosen, "languages": ["en"], "note": "Gone"}
    assert client.post(address, posted).status_code == 409
    assert TopicLanguage.objects.filter(live_edition__isnull=False).count() == 2
