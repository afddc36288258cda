"""The start page collects what a publisher can publish, tells what is overdue, and whose links wait."""

from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from editorial.listing.ready import ready_for
from editorial.start import waiting as start_page
from editorial.states import minute
from resources.models import InformationCategory, LinkCheck, Resource
from topics.editions.scheduling import schedule
from topics.editions.writers import forget_writers, note_writers
from topics.models import HealthTopic, ScheduledEdition, TopicLanguage, TopicSection
from topics.publishing import reasons_not_to_publish, withdraw
from topics.working_copy import assemble

from .desk import edit, pair, url_of
from .test_roles import create_roles, in_role
from .test_start import waiting
from .test_topic_list import broken

pytestmark = pytest.mark.django_db

READY = "Saved by others and ready to publish"
OVERDUE = "Overdue: should have gone live by itself"
LIST = "/admin/topics/healthtopic/?publish=ready"


@pytest.fixture
def pat(client):
    """A publisher, signed in."""
    create_roles()
    somebody = in_role("Publisher", "Pat")
    client.force_login(somebody)
    return somebody


@pytest.fixture
def english(pat):
    """A live topic that Eva, an editor, saved anew."""
    return saved_by_eva(pair()[0])


def saved_by_eva(version):
    eva = User.objects.filter(username="eva").first() or in_role("Editor", "Eva")
    row = TopicLanguage.objects.filter(pk=version.pk)
    row.update(changed_by=eva, changed_at=timezone.now(), has_changes=True)
    note_writers([version.pk], [eva.pk])
    return TopicLanguage.objects.select_related("topic").get(pk=version.pk)


def test_what_others_saved_is_collected_for_the_publisher(client, english):
    assert waiting(client)[READY] == ["Abdominal Pain"]
    assert client.get(LIST).context["cl"].result_count == 1
    client.force_login(User.objects.get(username="eva"))
    assert READY not in waiting(client)


def test_everybody_is_named_who_wrote_and_nobody_who_only_saved(client, pat, english):
    mia = in_role("Editor", "Mia")
    note_writers([english.pk], [mia.pk])
    row = TopicLanguage.objects.filter(pk=english.pk)
    row.update(changed_by=pat, changed_at=timezone.now() + timedelta(days=900))
    (kind,) = [kind for kind in client.get("/admin/").context["waiting"] if kind.title == READY]
    wrote = english.writers.get(by=mia)
    assert kind.entries[0].remark == f"English, Mia, Eva, {minute(wrote.at)}"


def test_more_than_are_shown_are_counted_by_the_database(client, pat):
    for version in pair():
        saved_by_eva(version)
    with mock.patch.object(start_page, "SHOWN", 1), CaptureQueriesContext(connection) as asked:
        (ready,) = [kind for kind in start_page.waiting_for(pat) if kind.title == READY]
    assert (ready.count, len(ready.entries)) == (2, 1)
    (looked_up,) = [query["sql"] for query in asked if "topics_topicsection" in query["sql"]]
    assert "COUNT" in looked_up and "LIMIT 1" in looked_up


@pytest.mark.parametrize("why", ["mine", "unchanged", "imported", "withdrawn", "waits", "limited"])
def test_what_is_not_to_be_published_now_is_not_collected(client, pat, english, why):
    row = TopicLanguage.objects.filter(pk=english.pk)
    if why == "mine":
        note_writers([english.pk], [pat.pk])
    elif why == "unchanged":
        row.update(has_changes=False)
    elif why == "imported":
        forget_writers([english.pk])
    elif why == "withdrawn":
        withdraw(english.pk, by=pat, reason="Wrong")
    elif why == "waits":
        HealthTopic.objects.filter(pk=english.topic_id).update(title_en="Belly Pain")
        schedule(english.pk, due_at=timezone.now() + timedelta(days=1), by=pat)
    else:
        english.topic.owners.add(User.objects.get(username="eva"))
    assert READY not in waiting(client)


def no_title(version):
    HealthTopic.objects.filter(pk=version.topic_id).update(title_en="", title_es="")


def no_heading(version):
    TopicSection.objects.filter(topic=version.topic_id).update(heading_en="", heading_es="")


def nothing(version):
    TopicLanguage.objects.filter(pk=version.pk).update(has_summary=False)
    version.placements.all().delete()


def links_only(version):
    TopicLanguage.objects.filter(pk=version.pk).update(has_summary=False)


def text_only(version):
    version.placements.all().delete()


def link_without_address(version):
    Resource.objects.update(url_en=None, url_es=None)


def own_address(version):
    link_without_address(version)
    version.placements.update(own_url="https://example.org/own")


def link_without_title(version):
    version.placements.update(own_title="")


def section_without_name(version):
    """In one language; its key begins like that of another section."""
    InformationCategory.objects.create(key="start-here-too", name_en="Too")
    placement = version.placements.first()
    placement.categories = [*placement.categories, "start-here-too"]
    placement.save()


def nameless_section_elsewhere(version):
    InformationCategory.objects.create(key="here", name_en="Here")


def as_it_is(version):
    pass


@pytest.mark.parametrize(
    "change",
    [
        *(as_it_is, no_title, no_heading, nothing, links_only, text_only),
        *(link_without_address, own_address, link_without_title),
        *(section_without_name, nameless_section_elsewhere),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_database_and_the_readiness_agree_on_what_blocks(pat, change, language):
    versions = pair()
    version = saved_by_eva(next(one for one in versions if one.language == language))
    change(version)
    version = TopicLanguage.objects.select_related("topic").get(pk=version.pk)
    blocked = reasons_not_to_publish(assemble([version])[version.pk])
    found = TopicLanguage.objects.filter(ready_for(pat), pk=version.pk)
    assert found.exists() == (not blocked)


def test_what_should_have_gone_live_is_marked_as_overdue(client, pat, english):
    edit(client, english, title="Belly Pain")
    schedule(english.pk, due_at=timezone.now() + timedelta(days=1), by=pat)
    assert waiting(client)["Your editions that wait to go live"] == ["Belly Pain"]
    ScheduledEdition.objects.update(due_at=timezone.now() - timedelta(hours=1))
    found = waiting(client)
    assert found[OVERDUE] == ["Belly Pain"] and "Your editions that wait to go live" not in found
    assert "“publish_scheduled” is not running" in client.get("/admin/").content.decode()
    publish_page = client.get(url_of(english, "publish")).content.decode()
    assert "Overdue: a text should have gone live" in publish_page
    assert "“publish_scheduled” is not running" in publish_page
    assert "Overdue: should have gone live on" in client.get(url_of(english)).content.decode()
    listed = client.get("/admin/topics/schedulededition/").content.decode()
    assert '<span class="state overdue">Overdue</span>' in listed
    ScheduledEdition.objects.update(trouble="The address is taken.")
    page = client.get("/admin/").content.decode()
    assert "The address is taken." in page and "is not running" not in page


def test_links_wait_for_the_link_keeper(client):
    create_roles()
    pair()
    broken("https://example.org/belly")
    client.force_login(in_role("Link keeper", "Lee"))
    assert waiting(client) == {"Links to be repaired": ["https://example.org/belly"]}
    LinkCheck.objects.all().delete()
    assert "Nothing. Well done." in client.get("/admin/").content.decode()
