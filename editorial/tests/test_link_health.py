"""The queue of links, one link's page, and the address replaced everywhere by one click."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.link_health import deeds
from editorial.link_health.replacing import Taken, replace_everywhere
from editorial.models import Act
from editorial.readiness import readiness_of
from resources.linkcheck.ledger import survey
from resources.models import LinkCheck, LinkHost, Outcome, Resource
from topics.models import AddressChange, OtherLanguage, Placement, RefreshJob, TopicLanguage
from topics.refresh import run_pending
from topics.working_copy import assemble
from topics.working_copy.places import topics_showing

from .desk import EDITOR_RIGHTS, fields, pair, person, url_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/resources/linkcheck/"
OLD, NEW = "https://example.org/belly", "https://example.org/new-place"
State = LinkCheck.State
STATES = {
    State.OK: {"outcome": Outcome.OK},
    State.MOVED: {"outcome": Outcome.MOVED, "final_address": NEW},
    State.WALLED: {"outcome": Outcome.REFUSED, "status": 403},
    State.SUSPECT: {"outcome": Outcome.GONE, "failures": 1, "status": 404},
    State.BROKEN: {"outcome": Outcome.GONE, "failures": 3, "status": 404},
    State.CERTIFICATE: {"outcome": Outcome.CERTIFICATE, "failures": 1},
}


def known(address: str, state: str) -> LinkCheck:
    """What the link check knows of an address that is in use."""
    survey()
    values = {"state": state, "looked_at": timezone.now(), **STATES[state]}
    if values.get("failures"):
        values["failing_since"] = timezone.now() - timedelta(days=9)
    LinkCheck.objects.filter(address=address).update(**values)
    return LinkCheck.objects.get(address=address)


def page_of(link: LinkCheck) -> str:
    return f"{QUEUE}{link.pk}/change/"


def html(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def replace(client, link: LinkCheck, new: str):
    return client.post(page_of(link), {"replace": "1", "new": new})


@pytest.fixture
def topic():
    """English and Spanish, live."""
    return pair()


def test_the_queue_shows_what_needs_somebody_and_the_rest_when_asked(client, ana, topic):
    for state in STATES:
        known(OLD, state)
        needs = state in (State.BROKEN, State.MOVED, State.CERTIFICATE)
        assert (OLD in html(client, QUEUE)) == needs, state
        assert OLD in html(client, f"{QUEUE}?state={state}")
        assert OLD in html(client, f"{QUEUE}?state=all")


def test_the_queue_is_narrowed_down_by_owner_group_and_language(client, ana, topic):
    english, _spanish = topic
    known(OLD, State.BROKEN)
    group = english.groups.first()
    assert OLD not in html(client, f"{QUEUE}?owner=me")
    assert OLD in html(client, f"{QUEUE}?owner=none")
    TopicLanguage.objects.filter(pk=english.pk).update(review_owner=ana)
    eva = person("Eva")
    assert OLD in html(client, f"{QUEUE}?owner=me")
    assert OLD not in html(client, f"{QUEUE}?owner={eva.pk}")
    assert OLD in html(client, f"{QUEUE}?group={group.pk}")
    assert OLD not in html(client, f"{QUEUE}?group={group.pk + 999}")
    assert OLD in html(client, f"{QUEUE}?language=en")
    assert OLD not in html(client, f"{QUEUE}?language=es")
    assert OLD in html(client, f"{QUEUE}?q=belly")
    assert OLD not in html(client, f"{QUEUE}?q=elbow")
    for nonsense in ("owner=x", "group=x", "language=xx", "state=x", "q=%00", "p=99999"):
        assert client.get(f"{QUEUE}?{nonsense}").status_code in (200, 302)


def test_the_queue_names_topics_and_owners(client, ana, topic):
    TopicLanguage.objects.update(review_owner=person("Eva"))
    known(OLD, State.BROKEN)
    page = html(client, QUEUE)
    assert "Abdominal Pain" in page
    assert "Eva" in page


def test_the_queue_costs_the_same_for_many_links(client, ana, topic, django_assert_max_num_queries):
    english, _spanish = topic
    for n in range(40):
        link = Resource.objects.create(title_en=str(n), url_en=f"https://example.org/{n}")
        Placement.objects.create(topic_language=english, resource=link)
    survey()
    LinkCheck.objects.update(looked_at=timezone.now(), state=State.MOVED, final_address=NEW)
    with django_assert_max_num_queries(20):
        assert "https://example.org/39" in html(client, QUEUE)


def test_a_wish_is_written_down_and_nobody_is_asked(client, ana, topic):
    link = known(OLD, State.BROKEN)
    client.post(page_of(link), {"look": "1"})
    link.refresh_from_db()
    assert link.wanted_at
    LinkCheck.objects.update(wanted_at=None)
    client.post(QUEUE, {"action": "look_again", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert link.wanted_at


@pytest.mark.parametrize("state", [State.WALLED, State.BROKEN])
def test_a_person_vouches_only_where_no_program_can_look(client, ana, topic, state):
    link = known(OLD, state)
    for data in ({"fine": "1"}, {"action": "mark_fine", "_selected_action": [link.pk]}):
        client.post(page_of(link) if "fine" in data else QUEUE, data)
        link.refresh_from_db()
        assert bool(link.fine_until) == (state == State.WALLED)
    assert link.fine_by == (ana if link.fine_until else None)


@pytest.mark.parametrize("many", [False, True])
def test_who_vouched_for_a_link_or_asked_for_a_look_is_kept(client, ana, topic, many):
    link = known(OLD, State.WALLED)
    for action, button in (("mark_fine", "fine"), ("look_again", "look")):
        if many:
            client.post(f"{QUEUE}?state=all", {"action": action, "_selected_action": [link.pk]})
        else:
            client.post(page_of(link), {button: "1"})
    acts = Act.objects.order_by("pk").values_list("what", "person", "detail")
    assert list(acts) == [("link vouched for", ana.pk, OLD), ("look asked", ana.pk, OLD)]


def test_a_word_that_does_not_count_is_no_act(client, ana, topic):
    client.post(page_of(known(OLD, State.BROKEN)), {"fine": "1"})
    assert not Act.objects.exists()


def test_one_click_replaces_an_address_everywhere(
    client, ana, topic, django_capture_on_commit_callbacks
):
    english, spanish = topic
    Placement.objects.filter(topic_language=spanish).update(own_mapped_url=OLD)
    OtherLanguage.objects.create(topic_language=english, name="Somali", url=OLD)
    TopicLanguage.objects.filter(pk=english.pk).update(institute_url=OLD)
    other = Resource.objects.create(title_en="Elsewhere", url_en="https://example.org/else")
    Placement.objects.create(topic_language=english, resource=other, own_url=OLD)
    link = known(OLD, State.BROKEN)
    assert "Shown on 2 live pages" in html(client, page_of(link))
    with django_capture_on_commit_callbacks(execute=True):
        response = replace(client, link, NEW)
    assert response.status_code == 302
    assert OLD not in html(client, "/abdominalpain.html")
    assert NEW in html(client, "/abdominalpain.html")
    for version in topic:
        document = assemble([TopicLanguage.objects.get(pk=version.pk)])[version.pk]
        assert OLD not in document.to_json()
        assert NEW in document.to_json()
    assert not LinkCheck.objects.filter(address=OLD).exists()
    assert AddressChange.objects.get().by == ana
    assert NEW in html(client, url_of(english, "links"))


def test_unpublished_changes_stay_unpublished(
    client, ana, topic, django_capture_on_commit_callbacks
):
    english, _spanish = topic
    english.topic.title_en = "Not yet"
    english.topic.save(update_fields=["title_en"])
    TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True)
    with django_capture_on_commit_callbacks(execute=True):
        replace(client, known(OLD, State.BROKEN), NEW)
    page = html(client, "/abdominalpain.html")
    assert NEW in page
    assert "Not yet" not in page


def test_many_live_pages_are_left_to_the_command(client, ana, topic, monkeypatch):
    monkeypatch.setattr("editorial.link_health.repair.DONE_AT_ONCE", 0)
    replace(client, known(OLD, State.BROKEN), NEW)
    assert OLD in html(client, "/abdominalpain.html")
    assert run_pending()[0] == 1
    assert OLD not in html(client, "/abdominalpain.html")
    assert run_pending() == (0, 0)


def test_a_form_loaded_before_does_not_put_the_old_address_back(client, ana, topic):
    english, _spanish = topic
    Placement.objects.filter(topic_language=english, position=0).update(own_url=OLD)
    before = fields(client.get(url_of(english, "links")))
    replace_everywhere(OLD, NEW, by=ana, at_once=False)
    response = client.post(url_of(english, "links"), before | {"links-0-own_title": "Mine"})
    assert not Placement.objects.filter(own_url=OLD).exists()
    assert response.status_code in (302, 409)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("", "This field is required"),
        ("javascript:x()", "is not a web address"),
        (OLD, "has already"),
        ("https://example.org/taken", "Another link has this address already"),
        ("https://example.org/" + "a" * 3000, "at most 2048"),
    ],
)
def test_what_cannot_take_its_place_is_refused_in_a_sentence(client, ana, topic, new, sentence):
    Resource.objects.create(title_en="<b>Taken</b>", url_en="https://example.org/taken")
    response = replace(client, known(OLD, State.BROKEN), new)
    page = response.content.decode()
    assert sentence in page
    assert "<b>Taken" not in page
    assert not RefreshJob.objects.exists()
    assert Resource.objects.filter(url_en=OLD).exists()


def test_a_replacement_that_is_refused_changes_nothing(ana, topic):
    Resource.objects.create(title_es="Otro", url_es=NEW)
    Resource.objects.filter(url_en=OLD).update(url_es=None, url_digest_es=None)
    both = Resource.objects.create(title_es="Los dos", url_es=OLD)
    with pytest.raises(Taken):
        replace_everywhere(OLD, NEW, by=ana, at_once=False)
    both.refresh_from_db()
    assert both.url_es == OLD
    assert Resource.objects.filter(url_en=OLD).exists()


def test_the_new_addresses_of_moved_links_are_taken_for_many_at_once(client, ana, topic):
    moved = known(OLD, State.MOVED)
    client.post(QUEUE, {"action": "take_new_address", "_selected_action": [moved.pk]})
    assert Resource.objects.filter(url_en=NEW).exists()


def test_a_link_that_leads_to_a_front_page_now_offers_no_address(client, ana, topic):
    link = known(OLD, State.MOVED)
    assert f'value="{NEW}"' in html(client, page_of(link))
    LinkCheck.objects.update(outcome=Outcome.FRONT_PAGE)
    assert f'value="{NEW}"' not in html(client, page_of(link))
    client.post(QUEUE, {"action": "take_new_address", "_selected_action": [link.pk]})
    assert Resource.objects.filter(url_en=OLD).exists()


def test_who_may_not_publish_replaces_nothing_that_is_live(client, topic):
    link = known(OLD, State.MOVED)
    client.force_login(person("Eva", *EDITOR_RIGHTS, "view_linkcheck", "change_linkcheck"))
    assert "for publishers and link keepers" in html(client, page_of(link))
    assert replace(client, link, NEW).status_code == 403
    chosen = {"action": "take_new_address", "_selected_action": [link.pk]}
    assert (
        "for publishers and link keepers"
        in client.post(QUEUE, chosen, follow=True).content.decode()
    )
    assert Resource.objects.filter(url_en=OLD).exists()
    client.force_login(person("Ida"))
    for address in (QUEUE, page_of(link)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"look": "1"}).status_code == 403
    client.force_login(person("Uma", "view_linkcheck"))
    assert client.get(page_of(link)).status_code == 200
    assert client.post(page_of(link), {"look": "1"}).status_code == 403
    assert client.post(page_of(link), {"fine": "1"}).status_code == 403


def test_the_links_page_of_a_topic_says_which_link_is_broken(
    client, ana, topic, django_assert_max_num_queries
):
    english, _spanish = topic
    link = known(OLD, State.BROKEN)
    page = html(client, url_of(english, "links"))
    assert f'href="{page_of(link)}"' in page
    assert "link-broken" in page


def test_publishing_is_advised_against_a_broken_link(ana, topic):
    english, _spanish = topic
    document = assemble([english])[english.pk]
    assert "dead-link" not in [reason.code for reason in readiness_of(english, document).advice]
    known(OLD, State.BROKEN)
    assert "dead-link" in [reason.code for reason in readiness_of(english, document).advice]


def test_a_link_stands_where_readers_are_led_to_it(topic):
    english, spanish = topic
    assert topics_showing([OLD, "https://nowhere.example/"]) == {OLD: {english.pk}}
    Placement.objects.filter(resource__url_en=OLD).update(own_url="https://example.org/own")
    found = topics_showing([OLD, "https://example.org/own"])
    assert OLD not in found
    assert english.pk in found["https://example.org/own"]


@pytest.mark.parametrize(
    ("action", "what"), [("look_again", "look asked"), ("mark_fine", "link vouched for")]
)
def test_a_whole_queue_is_noted_with_few_queries(client, ana, action, what):
    host = LinkHost.objects.create(name="example.org")

    def queries_for(count):
        LinkCheck.objects.all().delete()
        before = Act.objects.count()
        addresses = [f"https://example.org/{n}" for n in range(before, before + count)]
        values = {"host": host, "state": State.WALLED, "looked_at": timezone.now()}
        LinkCheck.objects.bulk_create(
            LinkCheck(digest=f"{n:064}", address=address, **values, **STATES[State.WALLED])
            for n, address in enumerate(addresses)
        )
        chosen = {"action": action, "_selected_action": ["1"], "select_across": "1"}
        with CaptureQueriesContext(connection) as asked:
            assert client.post(f"{QUEUE}?state=walled", chosen).status_code == 302
        done = Act.objects.filter(what=what, person=ana).order_by("pk")
        assert [act.detail for act in done][before:] == addresses
        return len(asked)

    assert queries_for(60) == queries_for(2)


@pytest.mark.django_db(transaction=True)
def test_a_queue_longer_than_one_go_is_noted_in_transactions_of_its_own(client, monkeypatch):
    client.force_login(User.objects.create_superuser("ana"))
    host = LinkHost.objects.create(name="example.org")
    values = {"host": host, "state": State.WALLED, "looked_at": timezone.now()}
    values |= STATES[State.WALLED]
    LinkCheck.objects.bulk_create(
        LinkCheck(digest=f"{n:064}", address=f"https://example.org/{n}", **values) for n in range(5)
    )
    part, around = deeds._some_noted, []

    def noted(*arguments):
        around.append(connection.in_atomic_block)
        return part(*arguments)

    monkeypatch.setattr(deeds, "_some_noted", noted)
    monkeypatch.setattr(deeds, "IN_ONE_GO", 2)
    chosen = {"action": "look_again", "_selected_action": ["1"], "select_across": "1"}
    assert client.post(f"{QUEUE}?state=walled", chosen).status_code == 302
    assert around == [False] * 3
    assert Act.objects.filter(what="look asked").count() == 5
