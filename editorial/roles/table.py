"""The roles of the desk, and the rights that each of them has."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop

from resources.models import Language

# What a role may do with each kind of row: v(iew), a(dd), c(hange), d(elete).
VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}

_READING = {"topics.healthtopic": "v", "topics.topiclanguage": "v"}
_TRANSLATING = {
    **_READING,
    "resources.resource": "v",
    "resources.organization": "v",
    "topics.topicgroup": "v",
}
_KEEPING_LINKS = {
    **_READING,
    "resources.resource": "vac",
    "resources.organization": "vac",
    "resources.linkcheck": "vc",
    "topics.refreshjob": "v",
}
_EDITING = {
    **_KEEPING_LINKS,
    "topics.healthtopic": "vac",
    "topics.topiclanguage": "vac",
    "topics.topictag": "vac",
    "topics.topicgroup": "v",
    "topics.page": "vc",
    "topics.schedulededition": "v",
    "resources.informationcategory": "v",
    "editorial.problemreport": "vc",
    "interchange.upstreamrecord": "v",
    "interchange.importrun": "v",
}
_PUBLISHING = {
    **_EDITING,
    "topics.topictag": "vacd",
    "topics.topicgroup": "vac",
    "topics.page": "vac",
    "resources.informationcategory": "vac",
}
_ADMINISTERING = {
    **_PUBLISHING,
    "topics.installation": "vac",
    "editorial.problemreport": "vcd",
    "editorial.act": "v",
    "auth.user": "vac",
    "auth.group": "v",
}

# Role -> what it may do with rows, and the rights that stand for an act.
ROLES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    gettext_noop("Administrator"): (
        _ADMINISTERING,
        (
            "topics.publish_topiclanguage",
            "topics.change_shown_things",
            "topics.limit_healthtopic",
            "topics.add_review",
        ),
    ),
    gettext_noop("Publisher"): (
        _PUBLISHING,
        ("topics.publish_topiclanguage", "topics.change_shown_things"),
    ),
    gettext_noop("Editor"): (_EDITING, ()),
    gettext_noop("Translator into English"): (_TRANSLATING, ("topics.translate_en",)),
    gettext_noop("Translator into Spanish"): (_TRANSLATING, ("topics.translate_es",)),
    gettext_noop("Reviewer"): (_READING, ("topics.add_review",)),
    gettext_noop("Link keeper"): (_KEEPING_LINKS, ("topics.change_shown_things",)),
}


def rights_of(role: str) -> Iterator[str]:
    """The rights of a role, as “app.codename”."""
    rows, acts = ROLES[role]
    for model, letters in rows.items():
        app, name = model.split(".")
        for letter in letters:
            yield f"{app}.{VERBS[letter]}_{name}"
    yield from acts


def translate_right(language: str) -> str:
    """The right to write topics in one language, and in no other."""
    return f"topics.translate_{Language(language).value}"
