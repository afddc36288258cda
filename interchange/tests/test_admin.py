"""What the admin shows of imports."""

import pytest
from django.contrib.auth.models import Permission

from editorial.models import Act
from interchange.models import ImportRun, UpstreamRecord

from .importing import edit, statements, take_in, working
from .records import file_of, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def conflict():
    take_in(file_of(topic(7)))
    edit(7, also_called=("Tired blood",))
    take_in(file_of(topic(7, inner="<also-called>Pale blood</also-called>"), topic("x")))
    return UpstreamRecord.objects.get()


def test_runs_are_listed_and_shown_but_not_changed(admin_client, conflict):
    run = ImportRun.objects.first()
    listed = admin_client.get("/admin/interchange/importrun/").content.decode()
    assert "test.xml" in listed and "1 created" in listed
    page = admin_client.get(f"/admin/interchange/importrun/{run.pk}/change/")
    assert "It has no id" not in page.content.decode()
    # What the importer says is English, whoever reads it.
    assert page.content.decode().count('<ul lang="en"><li>') == 1
    assert "is not a number" in page.content.decode()
    assert admin_client.post(f"/admin/interchange/importrun/{run.pk}/change/").status_code == 403
    assert admin_client.get("/admin/interchange/importrun/add/").status_code == 403
    assert admin_client.post(f"/admin/interchange/importrun/{run.pk}/delete/").status_code == 403


def test_an_import_is_an_act(conflict):
    first, second = Act.objects.filter(what="imported")
    assert first.detail == "import: test.xml"


def test_conflicts_can_be_found_and_the_newer_record_read(admin_client, conflict):
    listed = admin_client.get("/admin/interchange/upstreamrecord/?conflict=yes&q=anem")
    assert "Anemia" in listed.content.decode()
    page = admin_client.get(f"/admin/interchange/upstreamrecord/{conflict.pk}/change/")
    assert "&lt;also-called&gt;Pale blood" in page.content.decode()


ACTION = {"action": "keep_what_is_here"}
LIST = "/admin/interchange/upstreamrecord/"


def test_a_conflict_is_settled_by_keeping_what_is_here(admin_client, conflict):
    page = admin_client.post(LIST, ACTION | {"_selected_action": conflict.pk}, follow=True)
    assert "1 conflict was settled" in page.content.decode()
    settled = Act.objects.latest("pk")
    assert (settled.what, settled.topic) == ("conflict settled", "Anemia")
    assert settled.person.username == "admin"
    newer = file_of(topic(7, inner="<also-called>Pale blood</also-called>"))
    with statements() as written:
        report = take_in(newer)
    assert (report.unchanged, report.conflicts, written) == (1, [], [])
    assert working(7).also_called == ("Tired blood",)
    # The edit is one of the newer record now: the next change conflicts with it, not before.
    assert len(take_in(file_of(topic(7, inner="<also-called>Blood</also-called>"))).conflicts) == 1
    assert working(7).also_called == ("Tired blood",)


def test_settling_needs_the_right_to_publish(client, conflict, django_user_model):
    user = django_user_model.objects.create_user("alice", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_upstreamrecord"))
    client.force_login(user)
    assert "keep_what_is_here" not in client.get(LIST).content.decode()
    client.post(LIST, ACTION | {"_selected_action": conflict.pk})
    conflict.refresh_from_db()
    assert conflict.pending_record
    user.user_permissions.add(Permission.objects.get(codename="publish_topiclanguage"))
    client.post(LIST, ACTION | {"_selected_action": conflict.pk})
    conflict.refresh_from_db()
    assert "Pale blood" in conflict.record and not conflict.pending_record


def test_the_list_of_records_costs_the_same_for_any_number(
    admin_client, django_assert_max_num_queries
):
    take_in(file_of(*(topic(number, f"Topic {number}") for number in range(1, 60))))
    with django_assert_max_num_queries(8):
        admin_client.get("/admin/interchange/upstreamrecord/")
