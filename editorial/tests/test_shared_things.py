"""A changed link, organisation or category reaches live pages through a refresh, by right only."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from resources.models import InformationCategory, Organization, Resource
from topics.models import HealthTopic, Origin, RefreshJob
from topics.publishing import Publication, append_editions, publish
from topics.tests.documents import ENGLISH, saved
from topics.tests.test_publishing import live_document
from topics.tests.test_races import while_another_waits
from topics.working_copy import assemble, store

from .desk import EDITOR_RIGHTS, fields, pair, person

pytestmark = pytest.mark.django_db


def address(row):
    return f"/admin/resources/{row._meta.model_name}/{row.pk}/change/"


def change(client, row, **changes):
    form = f"{row._meta.model_name}_form"
    return client.post(address(row), fields(client.get(address(row)), form) | changes)


def belly():
    return Resource.objects.get(title_en="Belly pain")


def second_topic(link):
    """Another live topic that shows the link."""
    other = saved(
        type(ENGLISH)("en", 9, "other", "", None, "Other", links=ENGLISH.links[:1]),
        HealthTopic.objects.create(),
    )
    document = assemble([other])[other.pk]
    document = store([(other, type(document)(**{**_parts(document), "links": ENGLISH.links[:1]}))])[
        0
    ]
    append_editions([Publication(other, document)], by=None, origin=Origin.IMPORT)
    assert other.placements.get().resource_id == link.pk


def _parts(document):
    return {name: getattr(document, name) for name in document.__dataclass_fields__} | {
        "title": "Other"
    }


def test_a_changed_link_is_refreshed_on_every_live_page(
    client, ana, django_capture_on_commit_callbacks
):
    pair()
    second_topic(belly())
    page = client.get(address(belly())).content.decode()
    assert "Shown on 3 live pages" in page
    with django_capture_on_commit_callbacks(execute=True):
        response = change(client, belly(), title_en="Belly ache", url_en="https://example.org/new")
    assert response.status_code == 302
    for path in ("/abdominalpain.html", "/other.html"):
        assert "Belly ache" in client.get(path).content.decode()
    assert "https://example.org/new" in client.get("/spanish/abdominalpain.html").content.decode()
    assert RefreshJob.objects.get().finished_at


def test_many_live_pages_are_left_to_the_command(
    client, ana, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("editorial.admins.shared.DONE_AT_ONCE", 0)
    pair()
    with django_capture_on_commit_callbacks(execute=True):
        change(client, belly(), title_en="Belly ache")
    assert "Belly ache" not in client.get("/abdominalpain.html").content.decode()
    printed = io.StringIO()
    call_command("refresh", stdout=printed)
    assert printed.getvalue() == "1 job done, 1 page changed.\n"
    assert "Belly ache" in client.get("/abdominalpain.html").content.decode()


def test_saving_without_a_change_asks_for_no_refresh(client, ana):
    pair()
    assert change(client, belly()).status_code == 302
    assert not RefreshJob.objects.exists()


def test_a_link_shown_nowhere_is_simply_saved(client, ana, django_capture_on_commit_callbacks):
    link = Resource.objects.create(title_en="Alone", url_en="https://example.org/alone")
    with django_capture_on_commit_callbacks(execute=True):
        change(client, link, title_en="Alone still", descriptions_en="NIH\r\nPDF")
    link.refresh_from_db()
    assert (link.title_en, link.descriptions_en) == ("Alone still", ["NIH", "PDF"])
    assert not RefreshJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_link_changed_while_its_first_page_is_published_is_refreshed_there(client, ana):
    english, _spanish = pair(live=False)
    link = belly()

    def publish_it():
        publish(english.pk, by=None)
        return lambda: None

    while_another_waits(publish_it, lambda: change(client, link, title_en="Belly ache"))
    link.refresh_from_db()
    assert link.title_en == "Belly ache"
    assert link.title_en in [shown.title for shown in live_document(english).links]


def test_organizations_and_categories_are_refreshed_too(
    client, ana, django_capture_on_commit_callbacks
):
    pair()
    with django_capture_on_commit_callbacks(execute=True):
        change(client, Organization.objects.get(name_en="Example Foundation"), name_en="The Trust")
        change(client, InformationCategory.objects.get(key="start-here"), name_en="Begin Here")
    page = client.get("/abdominalpain.html").content.decode()
    assert "The Trust" in page
    assert "Begin Here" in page


def test_an_editor_without_the_right_changes_no_link_that_is_live(client):
    pair()
    client.force_login(person("Eva", *EDITOR_RIGHTS))
    for row, text in (
        (belly(), {"title_en": "Forged"}),
        (Organization.objects.get(name_en="Example Foundation"), {"name_en": "Forged"}),
        (InformationCategory.objects.get(key="start-here"), {"name_en": "Forged"}),
    ):
        assert client.get(address(row)).status_code == 200
        assert client.post(address(row), text).status_code == 403
    link = Resource.objects.create(title_en="Mine", url_en="https://example.org/mine")
    assert change(client, link, title_en="Mine still").status_code == 302
    posted = {
        "title_en": "New",
        "url_en": "https://example.org/n",
        "resourceorganization_set-TOTAL_FORMS": "0",
        "resourceorganization_set-INITIAL_FORMS": "0",
    }
    assert client.post("/admin/resources/resource/add/", posted).status_code == 302
    assert Resource.objects.filter(title_en="New").exists()


def test_two_editors_of_one_link_do_not_overwrite_each_other(client, ana):
    link = Resource.objects.create(title_en="One", url_en="https://example.org/one")
    mine = fields(client.get(address(link)), "resource_form")
    change(client, link, title_en="Theirs")
    response = client.post(address(link), mine | {"title_es": "Mío"})
    assert "Somebody else saved this" in response.content.decode()
    assert "Mío" in response.content.decode()
    link.refresh_from_db()
    assert (link.title_en, link.title_es) == ("Theirs", None)


def test_a_stale_form_keeps_the_organizations_that_a_colleague_chose(client, ana):
    pair()
    mine = fields(client.get(address(belly())), "resource_form")
    trust = Organization.objects.create(name_en="The Trust")
    row = belly().resourceorganization_set.filter(language="en").first()
    change(client, belly(), **{"resourceorganization_set-0-organization": trust.pk})
    row.refresh_from_db()
    assert row.organization == trust
    response = client.post(address(belly()), mine | {"title_en": "Mine"})
    assert "Somebody else saved this" in response.content.decode()
    row.refresh_from_db()
    assert row.organization == trust


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url_en": ""}, "at least one language"),
        ({"url_en": "javascript:x()"}, "is not a web address"),
        ({"url_en": "https://example.org/belly"}, "Another link has this address"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_a_sentence(client, ana, changes, sentence):
    pair()
    link = Resource.objects.create(title_en="One", url_en="https://example.org/one")
    assert sentence in change(client, link, **changes).content.decode()


def test_the_list_of_refreshes_names_what_was_changed_at_a_fixed_cost(
    admin_client, django_assert_max_num_queries
):
    now = timezone.now()
    links = [Resource.objects.create(title_en=f"Link {number}") for number in range(9)]
    for link in links:
        RefreshJob.objects.create(kind=RefreshJob.Kind.RESOURCE, object_id=link.pk, created_at=now)
    gone = RefreshJob.objects.create(
        kind=RefreshJob.Kind.ORGANIZATION, object_id=987654, created_at=now
    )
    with django_assert_max_num_queries(12):
        listed = admin_client.get("/admin/topics/refreshjob/").content.decode()
    assert all(f"Link {number}" in listed for number in range(9))
    assert "987654" in listed
    assert (
        "987654" in admin_client.get(f"/admin/topics/refreshjob/{gone.pk}/change/").content.decode()
    )
