"""What the tests of the desk share: a topic in both languages, people, and a browser's way to post."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import transaction
from lxml import html

from topics.models import HealthTopic, Origin, TopicLanguage
from topics.publishing import Publication, append_editions
from topics.tests.documents import ENGLISH, SPANISH, saved
from topics.working_copy import store

EDITOR_RIGHTS = (
    *("view_healthtopic", "change_healthtopic", "add_healthtopic"),
    *("view_topiclanguage", "change_topiclanguage", "add_topiclanguage"),
    *("view_resource", "add_resource", "change_resource"),
    *("view_organization", "add_organization", "change_organization"),
    *("view_informationcategory", "change_informationcategory"),
    *("view_topicgroup", "change_topicgroup", "view_page", "change_page"),
    *("view_installation", "change_installation"),
)


def person(name: str, *rights: str, **options: Any) -> User:
    """Somebody of the staff with these rights; “Ana” logs in as “ana”."""
    user = User.objects.create_user(
        name.lower(), password="a long enough password", is_staff=True, first_name=name, **options
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


@transaction.atomic
def pair(*, live: bool = True, nth: int = 0) -> tuple[TopicLanguage, TopicLanguage]:
    """A topic in English and in Spanish, both live unless told otherwise; `nth` tells two apart."""
    topic = HealthTopic.objects.create()
    for document in (ENGLISH, SPANISH):
        if nth:
            number, slug = document.number + 10 * nth, f"{document.slug}{nth}"
            document = replace(document, number=number, slug=slug)
        version = saved(document, topic)
        bound = store([(version, document)])[0]
        if live:
            append_editions([Publication(version, bound)], by=None, origin=Origin.IMPORT)
    return tuple(topic.languages.select_related("topic").order_by("language"))


def fields(response: Any, form: str = "desk-form") -> dict[str, Any]:
    """What a browser would post of a form on the page if nobody touched it."""
    tree = html.fromstring(response.content.decode())
    found = tree.xpath(f"//form[@id='{form}']")[0]
    posted: dict[str, Any] = {}
    for field in found.xpath(".//*[@name][not(ancestor::template)]"):
        name, kind = field.get("name"), field.get("type")
        if field.tag == "button" or kind in ("submit", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if field.get("checked") is not None:
                posted.setdefault(name, []).append(field.get("value") or "on")
        elif field.tag == "select" and field.get("multiple") is not None:
            posted[name] = field.xpath(".//option[@selected]/@value")
        elif field.tag == "select":
            posted[name] = field.xpath("string(.//option[@selected]/@value)")
        elif field.tag == "textarea":
            # A browser drops the first line feed and posts line ends of its own.
            text = field.text or ""
            posted[name] = text.removeprefix("\n").replace("\n", "\r\n")
        else:
            posted[name] = field.get("value") or ""
    return posted


def edit(client: Any, version: TopicLanguage, end: str = "change", **changes: Any) -> Any:
    """Open a page of the desk, change some of its fields and post it."""
    posted = fields(client.get(url_of(version, end))) | changes
    return client.post(url_of(version, end), posted)


def to_withdraw(client: Any, version: TopicLanguage) -> dict[str, Any]:
    """What the page for withdrawing a live language posts of the state that it shows."""
    form = client.get(url_of(version, "withdraw")).context["form"]
    return {name: form[name].value() for name in ("version", "live")}


def url_of(version: TopicLanguage, end: str = "change") -> str:
    """The address of a page of the desk about one language."""
    return f"/admin/topics/topiclanguage/{version.pk}/{end}/"


def working_copy(version: TopicLanguage) -> dict[str, Any]:
    """Everything that belongs to one language, as plain values, to see that nothing changed."""
    topic = HealthTopic.objects.get(pk=version.topic_id)
    language = version.language
    names = (
        *("title", "meta_description", "attribution"),
        *("image_alt", "image_credit", "image_license"),
    )
    sides = ("position", "level", "heading", "body")
    sections = topic.sections.filter(**{f"position_{language}__isnull": False})
    return {
        **{name: getattr(topic, f"{name}_{language}") for name in names},
        "row": TopicLanguage.objects.filter(pk=version.pk).values().get(),
        "sections": [
            tuple(getattr(row, f"{side}_{language}") for side in sides)
            for row in sections.order_by(f"position_{language}")
        ],
        "names": list(version.names.values_list("kind", "name")),
        "groups": list(version.memberships.values_list("group", "position")),
        "related": list(version.related.values_list("number", "target", "position")),
        "placements": list(version.placements.values()),
        "others": list(version.other_languages.values_list("name", "url")),
    }
