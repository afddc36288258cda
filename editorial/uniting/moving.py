"""A whole language of a topic, which the topic that stays lacks, becomes a language of that topic.

The row moves with all that hangs on it: address, editions, reviews, links, names and drafts stay
what they are, and so does what readers see. Only what topics hold for their languages is written.
"""

from django.db.models import F

from editorial.saving import note_changes
from resources.models import other_language
from topics.models import HealthTopic, TopicLanguage, TopicSection
from topics.site import bump_generation
from topics.working_copy.sections import FIELDS, section_of, write_side

TEXTS = ("title", "meta_description", "attribution")
PICTURE = (
    *("image", "image_width", "image_height", "image_decorative"),
    *("image_alt_en", "image_alt_es", "image_credit_en", "image_credit_es"),
    *("image_license_en", "image_license_es"),
)


def move(moving: TopicLanguage, *, to: int, with_picture: bool) -> None:
    """Make `moving` a language of the topic `to`, which has none of it; both topics are locked.

    A form that was opened before notices by the version, and finds its text in the new place. Who
    saved the language last, and whether it is published, stays: moving is no edit.
    """
    left = moving.topic_id
    _move_texts(moving, to, with_picture)
    _move_sections(moving, to)
    TopicLanguage.objects.filter(pk=moving.pk).update(topic=to, version=F("version") + 1)
    moving.refresh_from_db(fields=["topic", "version"])
    if not TopicLanguage.objects.filter(topic=left).exists():
        # Its history went along, so nothing is left to be kept.
        HealthTopic.objects.filter(pk=left).delete()
    note_changes([moving])
    # Each page of a topic leads to its other languages.
    bump_generation()


def _move_texts(moving: TopicLanguage, to: int, with_picture: bool) -> None:
    columns = [f"{name}_{moving.language}" for name in TEXTS]
    left = HealthTopic.objects.filter(pk=moving.topic_id)
    HealthTopic.objects.filter(pk=to).update(
        **left.values(*columns, *(PICTURE if with_picture else ())).get()
    )
    left.update(**dict.fromkeys(columns))


def _move_sections(moving: TopicLanguage, to: int) -> None:
    """The rows go along; what the other language has in them stays behind in rows of its own.

    In this way a form that was opened before still finds its sections.
    """
    language, other = moving.language, other_language(moving.language)
    rows = TopicSection.objects.filter(
        topic=moving.topic_id, **{f"position_{language}__isnull": False}
    )
    behind, along = [], []
    for row in rows:
        position = getattr(row, f"position_{other}")
        if position is not None:
            kept = TopicSection(topic_id=row.topic_id)
            write_side(kept, language, None, None)
            write_side(kept, other, position, section_of(row, other))
            behind.append(kept)
            write_side(row, other, None, None)
        row.topic_id = to
        along.append(row)
    TopicSection.objects.bulk_create(behind)
    TopicSection.objects.bulk_update(along, ["topic", *FIELDS], batch_size=50)
