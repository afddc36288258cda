"""One save of a topic's working copy: guarded by its version, kept as a draft, never public.

Every page that changes a topic in one language does so inside `one_save`.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from topics.document import TopicDocument
from topics.editions.writers import note_writers
from topics.models import Draft, HealthTopic, TopicLanguage
from topics.working_copy import assemble
from topics.working_copy.texts import note_texts

DRAFTS_KEPT = 50


class Stale(Exception):
    """Somebody saved since the form was loaded; `saved` is the row as it is now."""

    def __init__(self, saved: TopicLanguage):
        super().__init__(str(saved))
        self.saved = saved


class Unchanged(Exception):
    """The form says what is stored already; raised inside `one_save`, so that nothing is written."""


@contextmanager
def one_save(
    topic_language: TopicLanguage,
    *,
    version: int,
    by: AbstractBaseUser | None,
    writes: bool = True,
    **columns: Any,
) -> Iterator[None]:
    """A transaction in which one language changes. Raises Stale, having written nothing.

    `columns` are the language's own columns to write. With `writes`, `by` counts as one who wrote in
    the text, and with FOUR_EYES somebody else publishes it. The row is claimed by compare-and-swap
    before anything else is written, so of two saves one waits and is then refused. Locks are taken
    in the order of the whole project: the topic before its languages.
    """
    with transaction.atomic():
        hold_topics([topic_language.topic_id])
        _keep_what_was_there(topic_language, version)
        claimed = TopicLanguage.objects.filter(pk=topic_language.pk, version=version).update(
            version=F("version") + 1, changed_at=timezone.now(), changed_by=by, **columns
        )
        if not claimed:
            raise Stale(
                TopicLanguage.objects.select_related("topic", "changed_by").get(
                    pk=topic_language.pk
                )
            )
        if writes and by is not None:
            note_writers([topic_language.pk], [by.pk])
        yield
        _keep_draft(topic_language, by)


def hold_topics(keys: Collection[int]) -> None:
    """Lock topics to the end of the transaction, before any of their languages is locked."""
    rows = HealthTopic.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values("pk"))


def note_changes(topic_languages: Sequence[TopicLanguage]) -> dict[int, TopicDocument]:
    """Find out which working copies differ from what is live, and return their documents.

    Runs in a transaction that holds their topics.
    """
    keys = [topic_language.pk for topic_language in topic_languages]
    fresh = TopicLanguage.objects.filter(pk__in=keys).select_related("live_edition")
    documents = assemble(list(fresh))
    for topic_language in fresh:
        live = topic_language.live_edition
        changed = live is None or live.digest != documents[topic_language.pk].content_digest()
        if changed != topic_language.has_changes:
            TopicLanguage.objects.filter(pk=topic_language.pk).update(has_changes=changed)
    return documents


def _keep_what_was_there(topic_language: TopicLanguage, version: int) -> None:
    """Keep a state that neither an edition nor a save holds, such as an import, before it goes."""
    now = TopicLanguage.objects.filter(pk=topic_language.pk, version=version, has_changes=True)
    before = now.first()
    if before is None or before.changed_at is None:
        return
    drafts = Draft.objects.filter(topic_language=before)
    if drafts.filter(created_at__gte=before.changed_at).exists():
        return
    Draft.objects.create(
        topic_language=before,
        document=assemble([before])[before.pk].to_json(),
        created_at=before.changed_at,
        created_by_id=before.changed_by_id,
    )


def _keep_draft(topic_language: TopicLanguage, by: AbstractBaseUser | None) -> None:
    """Keep the working copy as it is after the save, and let the oldest snapshots go."""
    document = note_changes([topic_language])[topic_language.pk]
    note_texts({topic_language.pk: document})
    drafts = Draft.objects.filter(topic_language=topic_language)
    Draft.objects.create(
        topic_language=topic_language,
        document=document.to_json(),
        created_at=timezone.now(),
        created_by=by,
    )
    kept = drafts.order_by("-created_at", "-pk").values_list("pk", flat=True)[:DRAFTS_KEPT]
    drafts.exclude(pk__in=list(kept)).delete()
