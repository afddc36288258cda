"""The roles as groups of the database, so that people can be put into them."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from .table import ROLES, rights_of


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one role: made anew or not, and how many rights it was given and lost."""

    name: str
    is_new: bool
    given: int
    taken: int


class RightMissing(Exception):
    """A role names rights that the database does not know; migrations have not run."""


@transaction.atomic
def make_roles() -> list[Made]:
    """Make each role a group with exactly its rights; who is in it stays in it.

    A second run changes nothing. Rights that somebody gave to one of these groups are taken back:
    what a role may do is decided in one place. Raises RightMissing.
    """
    known = {
        f"{right.content_type.app_label}.{right.codename}": right.pk
        for right in Permission.objects.select_related("content_type")
    }
    return [_make(role, known) for role in ROLES]


def _make(role: str, known: dict[str, int]) -> Made:
    names = set(rights_of(role))
    missing = sorted(names - known.keys())
    if missing:
        raise RightMissing(", ".join(missing))
    wanted = {known[name] for name in names}
    group, is_new = Group.objects.get_or_create(name=role)
    before = set(group.permissions.values_list("pk", flat=True))
    if before != wanted:
        group.permissions.set(wanted)
    return Made(role, is_new, len(wanted - before), len(before - wanted))
