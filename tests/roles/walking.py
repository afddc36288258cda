"""A walk along every address of the administration, as people in each of the roles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from io import StringIO
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core import management
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from editorial.audit import note_act
from editorial.listing.pages import WORK
from editorial.models import Act, ProblemReport
from editorial.tests.desk import pair
from interchange.models import ImportRun, UpstreamRecord
from resources.models import InformationCategory, LinkCheck, LinkHost, Organization, Resource
from topics.models import (
    Draft,
    DraftLink,
    HealthTopic,
    Installation,
    Page,
    RefreshJob,
    ScheduledEdition,
    TopicGroup,
    TopicLanguage,
    TopicTag,
)

from .table import LETTERS


@dataclass(frozen=True)
class Address:
    """One address of the administration: its name in the table, and where it is."""

    name: str
    path: str


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern below a resolver, with its whole route."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def admin_patterns() -> list[tuple[str, str]]:
    """Route and name of every address below /admin/."""
    return [
        (route, pattern.name or route.removeprefix("admin/"))
        for route, pattern in patterns(get_resolver())
        # The old form of a row's address leads on to the page of the row, whoever asks.
        if route.startswith("admin/") and (pattern.name or "<path:object_id>" not in route)
    ]


class Site:
    """A site with a row of everything, people in every role, and a topic limited to its owner."""

    def __init__(self):
        management.call_command("create_roles", stdout=StringIO())
        self.people = {letter: _person(letter, role) for letter, role in LETTERS.items()}
        self.english, self.spanish = pair()
        self.owner = User.objects.create_user("owner", is_staff=True)
        self.limited = _limited(self.owner)
        self.rows = _rows(self.english, self.owner)

    def client(self, letter: str) -> Client:
        """The browser of somebody in a role; of nobody where there is no letter."""
        client = Client()
        if letter:
            client.force_login(self.people[letter])
        return client

    @cached_property
    def addresses(self) -> list[Address]:
        """Every address, filled in; what concerns one language three times over."""
        found: dict[str, Address] = {}
        for route, name in admin_patterns():
            for label, values in self._fillings(route, name):
                path = route
                for part, value in values.items():
                    path = path.replace(part, str(value))
                assert not set("<>^$(") & set(path), f"{route}: say what stands in it"
                # Of two patterns with one address, the first one answers.
                found.setdefault("/" + path, Address(name + label, "/" + path))
        return list(found.values())

    def _fillings(self, route: str, name: str) -> list[tuple[str, dict[str, Any]]]:
        if "topiclanguage/<int:pk>" in route:
            versions = {"en": self.english, "es": self.spanish, "limited": self.limited}
            return [(f" ({label})", _of(version)) for label, version in versions.items()]
        if name == "topics_healthtopic_start":
            begun = {"<int:pk>": self.rows["begun"].pk}
            limited = {"<int:pk>": self.limited.topic_id, "<str:language>": "es"}
            return [
                (" (en)", {**begun, "<str:language>": "en"}),
                (" (es)", {**begun, "<str:language>": "es"}),
                (" (limited)", limited),
            ]
        if name == "topics_healthtopic_work":
            return [(f" ({key})", {"<slug:key>": key}) for key in WORK]
        if name == "topics_healthtopic_change":
            topics = {"": self.english.topic_id, " (limited)": self.limited.topic_id}
            return [(label, {"<path:object_id>": key}) for label, key in topics.items()]
        row = self.rows.get("/".join(route.split("/")[1:3]))
        key = row.pk if row else 1
        kind = ContentType.objects.get_for_model(HealthTopic).pk
        apps = {part: "topics/" for part in [route.removeprefix("admin/")] if "app_label" in part}
        return [
            (
                "",
                {
                    "<path:content_type_id>": kind,
                    **dict.fromkeys(("<path:object_id>", "<int:pk>", "<id>"), key),
                    "(?P<url>.*)$": "nothing-here/",
                    **apps,
                },
            )
        ]


def _of(version: TopicLanguage) -> dict[str, Any]:
    """What stands in an address about one language."""
    return {
        "<int:pk>": version.pk,
        "<slug:page>": "text",
        "<int:number>": 1,
        "saves/<int:key>": f"saves/{version.drafts.get().pk}",
        "share/<int:key>": f"share/{version.draft_links.get().pk}",
    }


def _person(letter: str, role: str) -> User:
    somebody = User.objects.create_user(f"role {letter}", is_staff=True)
    if role:
        somebody.groups.add(Group.objects.get(name=role))
    return somebody


def _limited(owner: User) -> TopicLanguage:
    topic = HealthTopic.objects.create(title_en="Limited")
    topic.owners.add(owner)
    return TopicLanguage.objects.create(topic=topic, language="en", slug="limited")


def _act(english: TopicLanguage, owner: User) -> Act:
    with transaction.atomic():
        return note_act("published", english, by=owner)


def _rows(english: TopicLanguage, owner: User) -> dict[str, Any]:
    """A row of every kind, by “app/model”."""
    now = timezone.now()
    document = english.live_edition.document
    for version in TopicLanguage.objects.all():
        said = version.live_edition.document if version.live_edition else document
        Draft.objects.create(topic_language=version, document=said, created_at=now)
        DraftLink.objects.create(
            topic_language=version,
            digest=f"{version.pk:064}",
            created_at=now,
            created_by=owner,
            expires_at=now + timedelta(days=1),
        )
    link = Resource.objects.first()
    host, _new = LinkHost.objects.get_or_create(name="example.org")
    return {
        "begun": HealthTopic.objects.create(title_en="Begun"),
        "auth/user": owner,
        "auth/group": Group.objects.first(),
        "topics/healthtopic": english.topic,
        "topics/topicgroup": TopicGroup.objects.create(name_en="Shelf", slug="shelf"),
        "topics/topictag": TopicTag.objects.create(name="word", slug="word"),
        "topics/page": Page.objects.first(),
        "topics/installation": Installation.objects.first(),
        "topics/refreshjob": RefreshJob.objects.create(
            kind=RefreshJob.Kind.RESOURCE, object_id=link.pk, created_at=now
        ),
        "topics/schedulededition": ScheduledEdition.objects.create(
            topic_language=english,
            document=document,
            digest="0" * 64,
            due_at=now + timedelta(days=1),
            created_at=now,
        ),
        "resources/resource": link,
        "resources/organization": Organization.objects.first(),
        "resources/informationcategory": InformationCategory.objects.first(),
        "resources/linkcheck": LinkCheck.objects.create(
            digest="0" * 64, address="https://example.org/", host=host
        ),
        "editorial/act": _act(english, owner),
        "editorial/problemreport": ProblemReport.objects.create(
            language="en", kind="wrong", words="Wrong", sent_at=now, form="1"
        ),
        "interchange/importrun": ImportRun.objects.create(
            file_name="x", checksum="0" * 64, started_at=now, heartbeat_at=now
        ),
        "interchange/upstreamrecord": UpstreamRecord.objects.create(
            topic_language=english, record={}, imported_at=now
        ),
    }


def walk(site: Site, letter: str, methods: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The addresses, each with a method, at which somebody in a role is not turned away.

    Nothing that is posted stays, and a server error ends the walk.
    """
    client = site.client(letter)
    for address in site.addresses:
        for method in methods:
            with transaction.atomic():
                answer = client.generic(method, address.path)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (address, method)
            to_sign_in = answer.status_code == 302 and "/admin/login/" in answer["Location"]
            if answer.status_code not in (403, 405) and not to_sign_in:
                yield address.name, method
        if address.name == "logout":
            client = site.client(letter)
