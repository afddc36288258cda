"""The groups of topics as the home page and their own list show them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from topics.live import path_of
from topics.live.groups import ListedGroup
from topics.models import TopicGroup

from .numbers import number


def by_family(
    language: str, groups: list[ListedGroup]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Heading and groups (name, path, how many topics) of every family that has some."""
    headings = [*TopicGroup.Family.choices, ("", _("Other groups"))]
    families = []
    for family, heading in headings:
        members = [
            (
                group.name,
                path_of(language, group.slug),
                ngettext("%(count)s topic", "%(count)s topics", group.topics)
                % {"count": number(group.topics)},
            )
            for group in groups
            if group.family == family
        ]
        if members:
            families.append((heading, members))
    return families
