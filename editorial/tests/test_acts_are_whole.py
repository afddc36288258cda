"""There is no act without its record, and no record without its act."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from lxml import html

from editorial.audit import note_act
from editorial.models import Act, ProblemReport
from editorial.preview.sharing import make_link
from resources.models import LinkCheck, Organization, Resource
from topics.editions.scheduling import schedule
from topics.models import (
    HealthTopic,
    Installation,
    Page,
    ScheduledEdition,
    TopicGroup,
    TopicLanguage,
    TopicTag,
)

from .desk import edit, fields, pair, to_withdraw, url_of
from .test_link_health import NEW, OLD, known, page_of
from .test_merging_topics import belly
from .test_publication import shown
from .test_reviewing import record as review
from .test_topic_list import choose

pytestmark = pytest.mark.django_db
TOPICS = "/admin/topics/healthtopic/"
TOMORROW = timedelta(days=1)


class Desk:
    """A topic in both languages, somebody at the desk, and everything that she can do there.

    Each deed prepares what it needs and gives what she then sends.
    """

    def __init__(self, client: Any, person: User):
        self.client, self.person = client, person
        self.english, self.spanish = pair()
        self.topic = self.english.topic

    def send(self, address: str, **posted: Any) -> Any:
        return lambda: self.client.post(address, posted)

    def form(self, row: Any, name: str | None = None, **changes: Any) -> Any:
        """Django's own form for a row, with some of its fields changed."""
        of = row._meta
        address = f"/admin/{of.app_label}/{of.model_name}/{row.pk}/change/"
        page = self.client.get(address)
        return self.send(address, **fields(page, name or f"{of.model_name}_form") | changes)

    def action(self, row: Any, name: str, **more: Any) -> Any:
        of = row._meta
        address = f"/admin/{of.app_label}/{of.model_name}/"
        return self.send(address, action=name, _selected_action=[row.pk], **more)

    def changed(self) -> None:
        edit(self.client, self.english, title="Belly Pain")

    def save_text(self):
        return lambda: edit(self.client, self.english, title="Tummy pain")

    def save_links(self):
        return lambda: edit(self.client, self.english, "links", **{"links-0-own_title": "Mine"})

    def publish(self):
        self.changed()
        return self.send(url_of(self.english, "publish"), **shown(self.client, self.english))

    def schedule(self):
        self.changed()
        posted = shown(self.client, self.english)
        due = (timezone.localtime() + TOMORROW).strftime("%Y-%m-%dT%H:%M")
        return self.send(url_of(self.english, "publish"), **posted, when="later", due_at=due)

    def call_off(self):
        self.changed()
        row = schedule(self.english.pk, due_at=timezone.now() + TOMORROW, by=None)
        return self.send(url_of(self.english, "publish/call-off"), waiting=row.pk)

    def go_live(self):
        self.changed()
        row = schedule(self.english.pk, due_at=timezone.now() + TOMORROW, by=self.person)
        ScheduledEdition.objects.filter(pk=row.pk).update(due_at=timezone.now())
        return lambda: call_command("publish_scheduled")

    def withdraw(self):
        posted = to_withdraw(self.client, self.english)
        return self.send(url_of(self.english, "withdraw"), **posted, note="Old")

    def restore(self):
        self.changed()
        self.english.refresh_from_db()
        address = url_of(self.english, "editions/1/restore")
        return self.send(address, version=self.english.version)

    def restore_save(self):
        self.changed()
        first = self.english.drafts.latest("pk").pk
        edit(self.client, self.english, title="Tummy pain")
        self.english.refresh_from_db()
        address = url_of(self.english, f"saves/{first}")
        return self.send(address, version=self.english.version)

    def review(self):
        return lambda: review(self.client, self.english)

    def share(self):
        return self.send(url_of(self.english, "preview/share"), whom="Dr. Who", days="7")

    def revoke(self):
        make_link(self.english, by=self.person, whom="", days=1)
        link = self.english.draft_links.get()
        return self.send(url_of(self.english, f"preview/share/{link.pk}/revoke"))

    def begin(self):
        return self.send(f"{TOPICS}add/", language="es", first_title="Tos", slug="")

    def start(self):
        lonely = HealthTopic.objects.create(title_en="Lonely")
        TopicLanguage.objects.create(topic=lonely, language="en", slug="lonely")
        return self.send(f"{TOPICS}{lonely.pk}/start/es/", copy="1")

    def share_fields(self):
        return self.form(self.topic, tags="stomach")

    def limit(self):
        return self.form(self.topic, owners=[self.person.pk])

    def merge(self):
        address = f"{TOPICS}{belly().pk}/merge/"
        page = self.client.get(address, {"into": "Abdominal Pain"}).content.decode()
        return self.send(
            address, **dict(html.fromstring(page).get_element_by_id("merge-form").fields)
        )

    def publish_many(self):
        self.changed()
        return lambda: choose(self.client, "publish", self.topic, languages=["en"], note="")

    def withdraw_many(self):
        return lambda: choose(self.client, "withdraw", self.topic, languages=["en"], note="Old")

    def own_many(self):
        who = self.person.pk
        return lambda: choose(self.client, "owner", self.topic, languages=["en"], owner=who)

    def tag_many(self):
        return lambda: choose(self.client, "tag", self.topic, tag="stomach")

    def replace_address(self):
        link = known(OLD, LinkCheck.State.BROKEN)
        return self.send(page_of(link), replace="1", new=NEW)

    def replace_addresses(self):
        return self.action(known(OLD, LinkCheck.State.MOVED), "take_new_address")

    def change_link(self):
        return self.form(Resource.objects.get(url_en=OLD), title_en="Belly aches")

    def change_organization(self):
        return self.form(Organization.objects.first(), name_es="Otra")

    def change_group(self):
        return self.form(TopicGroup.objects.first(), name_en="Other")

    def change_site(self):
        return self.form(Installation.objects.get(), name_en="Other")

    def publish_page(self):
        return self.form(Page.objects.first(), title_en="Other", _publish_en="1")

    def delete_tag(self):
        tag = TopicTag.objects.create(name="word", slug="word")
        return self.send(f"/admin/topics/topictag/{tag.pk}/delete/", post="yes")

    def delete_tags(self):
        tag = TopicTag.objects.create(name="word", slug="word")
        return self.action(tag, "delete_selected", post="yes")

    def settle_report(self):
        values = {"language": "en", "kind": "wrong", "words": "x", "form": "1"}
        row = ProblemReport.objects.create(sent_at=timezone.now(), **values)
        return self.action(row, "mark_as_handled")

    def change_role(self):
        eva = User.objects.create_user("eva")
        role = Group.objects.create(name="Publisher")
        return self.form(eva, groups=[role.pk])

    def change_password(self):
        eva = User.objects.create_user("eva", password="another long word")
        word = "a very long word indeed"
        address = f"/admin/auth/user/{eva.pk}/password/"
        return self.send(address, password1=word, password2=word, usable_password="true")


DEEDS = {
    Desk.save_text: ["text"],
    Desk.save_links: ["links"],
    Desk.publish: ["published"],
    Desk.schedule: ["scheduled"],
    Desk.call_off: ["schedule cancelled"],
    Desk.go_live: ["went live"],
    Desk.withdraw: ["withdrawn"],
    Desk.restore: ["restored"],
    Desk.restore_save: ["restored"],
    Desk.review: ["reviewed"],
    Desk.share: ["private link made"],
    Desk.revoke: ["private link revoked"],
    Desk.begin: ["added"],
    Desk.start: ["started"],
    Desk.share_fields: ["changed"],
    Desk.limit: ["changed", "topic owners set"],
    Desk.merge: ["merged", "merged", "merged away", "merged away"],
    Desk.publish_many: ["published"],
    Desk.withdraw_many: ["withdrawn"],
    Desk.own_many: ["owner set"],
    Desk.tag_many: ["tag added"],
    # The address, and the two languages whose links it changes.
    Desk.replace_address: ["address replaced"] * 3,
    Desk.replace_addresses: ["address replaced"] * 3,
    Desk.change_link: ["changed"],
    Desk.change_organization: ["changed"],
    Desk.change_group: ["changed"],
    Desk.change_site: ["changed"],
    Desk.publish_page: ["changed", "published"],
    Desk.delete_tag: ["deleted"],
    Desk.delete_tags: ["deleted"],
    Desk.settle_report: ["changed"],
    Desk.change_role: ["changed"],
    Desk.change_password: ["changed"],
}


def everything() -> dict[str, Any]:
    """All rows but those of sessions, which hold what a person is told."""
    models = [model for model in apps.get_models() if model is not Session]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models
    }


class Broken(Exception):
    """What goes wrong at the end of an act."""


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_an_act_and_its_record_are_both_there_or_neither(client, ana, monkeypatch, deed):
    do = deed(Desk(client, ana))
    before = everything()
    write = Act.objects.create

    def write_and_break(**values: Any) -> None:
        write(**values)
        raise Broken

    monkeypatch.setattr(Act.objects, "create", write_and_break)
    # The command goes on with what else is due, and says at its end that something failed.
    with pytest.raises(CommandError if deed is Desk.go_live else Broken):
        do()
    monkeypatch.undo()
    ScheduledEdition.objects.exclude(trouble="").update(trouble="")
    assert everything() == before
    do()
    done = Act.objects.exclude(pk__in=[row["id"] for row in before["editorial.Act"]])
    assert sorted(done.values_list("what", flat=True)) == DEEDS[deed]
    assert set(done.values_list("person", flat=True)) == {ana.pk}


def test_an_act_is_recorded_in_a_transaction_only(ana):
    outside = mock.patch("editorial.audit.connection", in_atomic_block=False)
    with outside, pytest.raises(TransactionManagementError):
        note_act("text", by=ana)
