"""What a role may do, in words."""

from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

VERBS = {
    "view": gettext_noop("see"),
    "add": gettext_noop("add"),
    "change": gettext_noop("change"),
    "delete": gettext_noop("delete"),
}
# The rights that stand for an act of their own.
ACTS = {
    "publish_topiclanguage": gettext_noop("publish, schedule and withdraw"),
    "change_shown_things": gettext_noop("change links and organizations that live pages show"),
    "translate_en": gettext_noop("write in English"),
    "translate_es": gettext_noop("write in Spanish"),
    "limit_healthtopic": gettext_noop("limit topics to owners, and change limited ones"),
}


def told(role: Group) -> Iterator[tuple[str, str]]:
    """For each kind of row what a role may do with it, in the active language, in its order."""
    kinds: dict[str, list[str]] = {}
    for right in role.permissions.select_related("content_type"):
        if right.content_type.model_class() is None:
            # Of an app that is not installed any more.
            continue
        kind, words = in_words(right)
        kinds.setdefault(kind, []).append(words)
    for kind in sorted(kinds):
        yield kind, ", ".join(kinds[kind])


def in_words(right: Permission) -> tuple[str, str]:
    """The kind of row that a right is about, and what it lets do, in the active language."""
    model = right.content_type.model_class()
    if model is None:
        return right.content_type.model, right.name
    verb = VERBS.get(right.codename.removesuffix(f"_{model._meta.model_name}"))
    words = verb or ACTS.get(right.codename)
    return capfirst(str(model._meta.verbose_name_plural)), gettext(words) if words else right.name
