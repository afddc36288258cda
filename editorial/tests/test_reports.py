"""Reporting a problem: what a reader can send, what is kept of it, and what keeps programs out."""

import re
import time

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from editorial.models import ProblemReport
from editorial.reports import form, limits
from editorial.reports.form import Ticket
from topics.models import Address, TopicLanguage
from topics.publishing import withdraw
from topics.tests.public import LEUCEMIA, LEUKEMIA, name_the_site, plain, publish

from .desk import fields, person

pytestmark = pytest.mark.django_db

LIST = "/admin/editorial/problemreport/"


@pytest.fixture(autouse=True)
def site():
    name_the_site(name_en="Our Library", name_es="Nuestra biblioteca", emergency_number="911")
    publish(LEUKEMIA, LEUCEMIA)


def ticket(seconds=10):
    """A ticket of a form that was shown so many seconds ago."""
    return Ticket(Ticket.new().number, time.time() - seconds).signed()


def answers(**changes):
    posted = {
        "page": "acuteleukemia",
        "kind": "wrong",
        "words": "The dose is wrong.",
        "website": "",
    }
    return {"ticket": ticket(), **posted, **changes}


def send(client, path="/report/", headers=None, **changes):
    return client.post(path, answers(**changes), headers=headers)


def text(response):
    return response.content.decode()


# --- A reader reports -------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), [("/", "en"), ("/spanish/", "es")])
def test_a_reader_reports_a_problem_from_the_page_itself(prefix, language):
    client = Client(enforce_csrf_checks=True)
    page = text(client.get(f"{prefix}acuteleukemia.html"))
    (link,) = re.findall(rf'href="({prefix}report/[^"]+)"', page)
    response = client.get(link)
    shown = fields_of(response)
    shown |= {"kind": "link", "words": "The second link\r\nis dead.", "ticket": ticket()}
    response = client.post(f"{prefix}report/", shown)
    assert response["Location"] == f"{prefix}report/thanks/?page=acuteleukemia"
    thanks = client.get(response["Location"])
    assert f'<a href="{prefix}acuteleukemia.html">' in text(thanks)
    report = ProblemReport.objects.get()
    assert (report.language, report.path) == (language, f"{prefix}acuteleukemia.html")
    assert report.topic_language == TopicLanguage.objects.get(language=language)
    assert (report.kind, report.words) == ("link", "The second link\nis dead.")
    assert (report.state, report.settled_at) == ("new", None)
    assert not client.cookies


@pytest.mark.parametrize("name", ["report/", "report/thanks/"])
def test_the_other_language_reports_the_same_page_where_its_address_differs(client, name):
    publish(plain("Fever", 30), plain("Fiebre", 31, "es"))
    publish(plain("Alone", 40))
    publish(plain("Other", 50), plain("Alone", 51, "es", slug="alone"))

    def ways(path):
        return re.findall(r'<a href="([^"]+)" lang="e[ns]" hreflang', text(client.get(path)))

    assert ways(f"/{name}?page=fever") == [f"/spanish/{name}?page=fiebre"]
    assert ways(f"/spanish/{name}?page=fiebre") == [f"/{name}?page=fever"]
    # What has this address in the other language is another page.
    assert ways(f"/{name}?page=alone") == [f"/spanish/{name}"]
    assert ways(f"/{name}") == [f"/spanish/{name}"]


def fields_of(response):
    page = text(response).replace('<form class="report"', '<form id="desk-form"')
    response.content = page.encode()
    return fields(response)


@pytest.mark.parametrize(
    "path", ["/report/", "/report/thanks/", "/spanish/report/?page=acuteleukemia"]
)
def test_no_cache_may_keep_the_form_and_no_engine_offers_it(client, path):
    response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in text(response)
    assert "Set-Cookie" not in response.headers


def test_the_form_leads_to_itself_in_the_other_language(client):
    page = text(client.get("/report/?page=acuteleukemia"))
    assert 'href="/spanish/report/?page=acuteleukemia"' in page
    assert '<a href="/acuteleukemia.html">Acute Leukemia</a>' in page


@pytest.mark.parametrize("page", ["", "nothing", "../admin", "a\0b", "<script>", "x" * 5000])
def test_a_report_may_be_about_the_whole_site(client, page):
    response = client.get("/report/", {"page": page})
    assert "With this site as a whole" in text(response)
    assert "<script>" not in text(response)
    assert send(client, page=page)["Location"] == "/report/thanks/"
    report = ProblemReport.objects.get()
    assert (report.path, report.topic_language) == ("", None)


def test_the_form_names_nothing_that_is_not_live(client):
    key = Address.objects.get(language="en", slug="acuteleukemia").topic_language_id
    withdraw(key, by=None, reason="Old")
    assert "Acute Leukemia" not in text(client.get("/report/?page=acuteleukemia"))
    assert send(client).status_code == 302
    assert ProblemReport.objects.get().topic_language is None


# --- What is not taken ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choose what the problem is."),
        ({"kind": "made-up"}, "Choose what the problem is."),
        ({"words": " \n \0 "}, "Describe the problem in a few words."),
        ({"words": "x" * 2001}, "The description is 1 character too long. Shorten it."),
        ({"website": "http://spam.example.org"}, "Leave the field “Web site” empty."),
        ({"ticket": ""}, "The form was open for too long. Please send it again."),
        ({"ticket": "forged"}, "The form was open for too long. Please send it again."),
        ({"ticket": ticket(-3600)}, "That was very quick."),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_text_kept(client, changes, sentence):
    words = changes.get("words", "Please <read> me")
    response = send(client, **{"words": words, **changes})
    assert response.status_code == 400
    assert sentence in text(response)
    assert response["Cache-Control"] == "no-store"
    kept = fields_of(response)
    assert kept["words"] == words.replace("\0", "").strip()
    assert kept["page"] == "acuteleukemia"
    assert not ProblemReport.objects.exists()


def test_a_ticket_is_good_for_a_day_and_an_old_form_goes_through_the_second_time(
    client, monkeypatch
):
    monkeypatch.setattr(form, "SECONDS_AT_MOST", -1)
    response = send(client)
    assert "open for too long" in text(response)
    monkeypatch.undo()
    assert Ticket.read(fields_of(response)["ticket"]).is_hasty


def test_a_form_sent_twice_is_one_report(client):
    posted = answers()
    first, second = (client.post("/report/", posted) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert ProblemReport.objects.count() == 1


def test_another_site_cannot_make_a_browser_send_one(client):
    response = send(client, headers={"Origin": "https://evil.example.org"})
    assert response.status_code == 403
    assert "only from the form on this site" in text(response)
    for origin in ("null", "http://[", ""):
        assert send(client, headers={"Origin": origin}).status_code == 403
    assert not ProblemReport.objects.exists()
    assert send(client, headers={"Origin": "http://testserver"}).status_code == 302


def test_one_place_sends_five_an_hour_and_another_still_can(client):
    for _ in range(5):
        assert send(client).status_code == 302
    response = send(client, words="One more")
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Please try again in an hour." in text(response)
    assert "One more" in text(response)
    assert client.post("/report/", answers(), REMOTE_ADDR="192.0.2.7").status_code == 302
    assert ProblemReport.objects.count() == 6


def test_the_world_sends_only_so_many_an_hour(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST_AN_HOUR", 2)
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]


def test_of_the_place_a_hash_is_kept_and_no_longer_than_an_hour(rf, settings):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    place = limits.place_of(request)
    assert "192.0.2.7" not in place
    kept = {}

    class Watched:
        def add(self, key, value, seconds):
            kept[key] = seconds

        def incr(self, key):
            return 1

    limits_cache = limits.cache
    limits.cache = Watched()
    try:
        assert not limits.too_many(request)
    finally:
        limits.cache = limits_cache
    assert kept == {f"problem-reports-{place}": 3600}
    settings.SECRET_KEY = "another"
    assert limits.place_of(request) != place


def test_behind_a_proxy_the_place_is_the_one_that_the_proxy_saw(rf, settings):
    def place(**meta):
        return limits.place_of(rf.get("/", **meta))

    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 192.0.2.7"}
    assert place(**forged) == place(REMOTE_ADDR="10.0.0.1")
    settings.BEHIND_PROXY = True
    assert place(**forged) == place(REMOTE_ADDR="192.0.2.7")
    for said in ("192.0.2.7:5678", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:5678"):
        assert place(HTTP_X_FORWARDED_FOR=said) == place(REMOTE_ADDR="192.0.2.7")
    assert place(REMOTE_ADDR="::ffff:192.0.2.7") != place(REMOTE_ADDR="::ffff:192.0.2.8")
    assert place(HTTP_X_FORWARDED_FOR="[2001:db8::1]:99") == place(REMOTE_ADDR="2001:db8::1")
    assert place(REMOTE_ADDR="2001:db8::1") == place(REMOTE_ADDR="2001:db8::2:1")
    assert place(REMOTE_ADDR="2001:db8::1") != place(REMOTE_ADDR="2001:db8:0:1::1")


def test_a_report_arrives_while_the_cache_is_away(client, monkeypatch):
    def away(*arguments, **options):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections[cache._alias]), "add", away)
    assert send(client).status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_can_be_done_there(client, method):
    refused = getattr(client, method)("/report/")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert client.post("/report/thanks/").status_code == 405
    assert client.head("/report/").status_code == 200


# --- Editors ----------------------------------------------------------------------------------------


@pytest.fixture
def report(client):
    send(client, words="<b>The</b> dose")
    return ProblemReport.objects.get()


def test_an_editor_settles_a_report_and_says_what_was_done(client, report):
    editor = person("Eva", "view_problemreport", "change_problemreport")
    client.force_login(editor)
    listed = text(client.get(LIST))
    assert '<a href="/acuteleukemia.html">/acuteleukemia.html</a>' in listed
    assert "&lt;b&gt;The&lt;/b&gt; dose" in listed
    address = f"{LIST}{report.pk}/change/"
    posted = fields(client.get(address), "problemreport_form")
    client.post(address, posted | {"state": "handled", "note": "Corrected.", "words": "forged"})
    report.refresh_from_db()
    assert (report.state, report.note, report.settled_by) == ("handled", "Corrected.", editor)
    assert report.settled_at
    assert report.words == "<b>The</b> dose"


@pytest.mark.parametrize(
    ("action", "state"), [("mark_as_handled", "handled"), ("mark_as_spam", "spam")]
)
def test_several_are_marked_at_once_and_back(client, report, action, state):
    editor = person("Eva", "view_problemreport", "change_problemreport")
    client.force_login(editor)
    client.post(LIST, {"action": action, "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert (report.state, report.settled_by) == (state, editor)
    client.post(LIST, {"action": "mark_as_new", "_selected_action": [report.pk]})
    report.refresh_from_db()
    assert (report.state, report.settled_by, report.settled_at) == ("new", None, None)


def test_who_may_only_look_changes_nothing_and_others_do_not_even_look(client, report):
    client.force_login(person("Luis", "view_problemreport"))
    assert client.get(f"{LIST}{report.pk}/change/").status_code == 200
    client.post(f"{LIST}{report.pk}/change/", {"state": "spam", "note": ""})
    client.post(LIST, {"action": "mark_as_spam", "_selected_action": [report.pk]})
    assert client.get(f"{LIST}add/").status_code == 403
    report.refresh_from_db()
    assert report.state == "new"
    client.force_login(person("Nadia", "change_topiclanguage"))
    assert client.get(LIST).status_code == 403


def test_a_settled_report_says_by_whom(report):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemReport.objects.update(state="handled")
