"""Who wrote in a text since what is live now: with FOUR_EYES, none of them publishes it."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from topics.models import PageWriter, TopicWriter


def note_writers(keys: Collection[int], people: Collection[int]) -> None:
    """Let people, by their keys, count as who wrote in these TopicLanguages now.

    The rows are locked in the caller's transaction, so that no edition without the words goes live
    between the words and this.
    """
    now = timezone.now()
    TopicWriter.objects.bulk_create(
        [
            TopicWriter(topic_language_id=key, by_id=person, at=now)
            for key in keys
            for person in people
        ],
        update_conflicts=True,
        unique_fields=["topic_language", "by"],
        update_fields=["at"],
    )


def forget_writers(keys: Collection[int], *, until: datetime | None = None) -> None:
    """Let nobody count as a writer of texts that went live, but who wrote after `until` on."""
    gone = TopicWriter.objects.filter(topic_language__in=keys)
    (gone if until is None else gone.filter(at__lte=until)).delete()


def reasons_for_another_person(
    writers: QuerySet[TopicWriter] | QuerySet[PageWriter], by: AbstractBaseUser | None
) -> list[str]:
    """Why this person must not publish what these wrote: with FOUR_EYES, none of them does.

    A program is nobody's second pair of eyes. A text in which nobody wrote, such as an import, is free.
    """
    if not settings.FOUR_EYES:
        return []
    wrote = set(writers.values_list("by", flat=True))
    if not wrote or (by is not None and by.pk not in wrote):
        return []
    if by is None:
        return [_("A person who did not write in it has to publish it.")]
    return [_("You wrote in this text. Somebody else has to look at it and publish it.")]
