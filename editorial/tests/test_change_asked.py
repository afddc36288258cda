"""A review that says “It has to be changed” reaches who can change the page, until that is settled."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.timezone import localdate

from editorial.admins.details import told
from editorial.models import Act
from resources.models import Resource
from topics.editions.reviewing import record_review
from topics.models import HealthTopic, RefreshJob
from topics.publishing import publish, withdraw
from topics.refresh import request_refresh, run_refresh

from .desk import EDITOR_RIGHTS, pair, person, url_of
from .test_start import waiting
from .test_topic_list import change, listed

pytestmark = pytest.mark.django_db

KIND = "Has to be changed, as a reviewer found"
MARK = "Review: has to be changed"
NOTE = "The dose is old"
TODAY = localdate()


@pytest.fixture
def rita(client):
    return person("Rita", "view_topiclanguage", "add_review")


def review(version, by, result="change", day=TODAY, note=NOTE):
    version.refresh_from_db()
    return record_review(
        version.pk,
        by=by,
        edition=version.live_edition.number,
        day=day,
        role="Pharmacist",
        checked=["numbers"],
        result=result,
        note=note,
    )


def is_asked(client, version):
    """Whether the desk says that the topic has to be changed; it says so everywhere or nowhere."""
    said = [
        bool(listed(client, review="change")),
        MARK in client.get("/admin/topics/healthtopic/").content.decode(),
        NOTE in client.get(url_of(version)).content.decode(),
        NOTE in client.get(url_of(version, "publish")).content.decode(),
        KIND in waiting(client),
    ]
    assert len(set(said)) == 1, said
    return said[0]


def rewrite(version, by):
    HealthTopic.objects.filter(pk=version.topic_id).update(title_en="Belly Pain")
    return publish(version.pk, by=by)


def test_the_note_of_the_review_stands_on_the_pages_on_which_the_text_is_changed(client, ana, rita):
    english, spanish = pair()
    assert not is_asked(client, english)
    review(english, rita)
    assert is_asked(client, english)
    for end in ("change", "publish", "before"):
        page = client.get(url_of(english, end)).content.decode()
        assert "Rita (Pharmacist) reviewed edition 1 on" in page
        assert NOTE in page and MARK in page
    assert NOTE not in client.get(url_of(spanish)).content.decode()
    assert listed(client, review="change", owner="me") == []
    cards = client.get(f"/admin/topics/healthtopic/{english.topic_id}/change/").content.decode()
    assert cards.count(MARK) == 1
    change(english, next_review=TODAY)
    change(spanish, next_review=TODAY)
    due = client.get("/admin/topics/topiclanguage/reviews/").content.decode()
    assert due.count(MARK) == 1


@pytest.mark.parametrize(
    ("settle", "still"),
    [
        (lambda english, ana, rita: review(english, rita, result="keep"), False),
        (
            lambda english, ana, rita: review(
                english, rita, result="keep", day=TODAY - timedelta(days=9)
            ),
            True,
        ),
        (lambda english, ana, rita: rewrite(english, ana), False),
        (lambda english, ana, rita: publish(english.pk, by=ana), True),
        (lambda english, ana, rita: refresh(english, ana), True),
        (lambda english, ana, rita: withdraw(english.pk, by=ana, reason="Wrong"), False),
    ],
    ids=["newer review", "older review", "new text", "the same again", "refresh", "withdrawn"],
)
def test_it_stands_until_new_words_are_live_or_a_newer_review_settles_it(
    client, ana, rita, settle, still
):
    english, _spanish = pair()
    review(english, rita)
    settle(english, ana, rita)
    assert is_asked(client, english) is still


def refresh(version, by):
    """Bring the live page up to date after a shared link was renamed."""
    link = version.placements.exclude(resource=None).first().resource
    Resource.objects.filter(pk=link.pk).update(title_en="Another title")
    assert run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, link.pk, by=by)) > 0


def test_a_request_that_is_made_again_of_the_new_text_stands_again(client, ana, rita):
    english, _spanish = pair()
    review(english, rita)
    rewrite(english, ana)
    review(english, rita)
    assert is_asked(client, english)


def test_it_waits_for_the_owner_of_the_review_and_where_there_is_none_for_who_writes(
    client, ana, rita
):
    english, spanish = pair()
    review(english, rita, note="x" * 500)
    eva = person("Eva", *EDITOR_RIGHTS)
    translator = person("Tom", "view_topiclanguage", "translate_es")
    told_of_it = {}

    def look():
        for somebody in (eva, translator, rita):
            client.force_login(somebody)
            told_of_it[somebody.first_name] = waiting(client).get(KIND, [])
        return told_of_it

    assert look() == {"Eva": ["Abdominal Pain"], "Tom": [], "Rita": []}
    change(english, review_owner=rita)
    assert look() == {"Eva": [], "Tom": [], "Rita": ["Abdominal Pain"]}
    (kind,) = [kind for kind in client.get("/admin/").context["waiting"] if kind.title == KIND]
    (entry,) = kind.entries
    assert entry.address == url_of(english, "review"), "she may not open the text"
    assert entry.remark.startswith("English, Rita, ") and len(entry.remark) < 200
    change(english, review_owner=None)
    english.topic.owners.set([ana])
    assert look() == {"Eva": [], "Tom": [], "Rita": []}, "the topic is limited to its owner"
    english.topic.owners.clear()
    review(spanish, rita)
    assert look()["Tom"] == ["Dolor abdominal"]


def test_who_did_what_tells_the_result_of_a_review(client, ana):
    english, _spanish = pair()
    posted = {
        "edition": 1,
        "result": "change",
        "checked": ["facts"],
        "role": "Editor",
        "day": TODAY.isoformat(),
    }
    assert client.post(url_of(english, "review"), posted).status_code == 302
    act = Act.objects.get(what=Act.What.REVIEWED)
    assert told(act) == "edition 1: It has to be changed"
    with translation.override("es"):
        assert told(act) == "edición 1: Hay que cambiarla"
    assert told(Act(what=Act.What.REVIEWED, detail="edition 7")) == "edition 7", "an older row"


def test_many_requests_cost_the_start_page_and_the_list_no_more(client, ana, rita):
    english, _spanish = pair()
    review(english, rita)

    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = ("/admin/", "/admin/topics/healthtopic/?review=change")
    before = [cost(address) for address in addresses]
    for number in range(7):
        review(pair(nth=number + 1)[0], rita)
    # One more: what waits is counted once there is more than is shown.
    allowed = [before[0] + 1, before[1]]
    assert all(now <= most for now, most in zip(map(cost, addresses), allowed, strict=True))
    assert len(listed(client, review="change")) == 8
