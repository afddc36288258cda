"""The picture of the demonstration: given to its main topic when that is new, and taken away with it."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from topics.models import HealthTopic, Origin, TopicLanguage
from topics.pictures.receiving import receive
from topics.pictures.renditions import keep
from topics.publishing import Publication, append_editions
from topics.working_copy import assemble

FILE = Path(__file__).parent / "demo" / "pictures" / "blood-cells.png"
# The English number of acute lymphocytic leukemia.
TOPIC = 1437
WORDS = {
    "image_alt_en": (
        "Drawing of blood under a microscope: many round red cells, a few small platelets, and two "
        "large white cells that are almost filled by their dark centers."
    ),
    "image_alt_es": (
        "Dibujo de la sangre vista al microscopio: muchos glóbulos rojos redondos, algunas plaquetas "
        "pequeñas y dos glóbulos blancos grandes, casi llenos por su núcleo oscuro."
    ),
    **dict.fromkeys(("image_credit_en", "image_credit_es"), "medline"),
    "image_license_en": "BSD 3-Clause",
    "image_license_es": "Licencia BSD de 3 cláusulas",
}


@transaction.atomic
def give_picture() -> None:
    """Publish the topic with the picture, in each of its languages, if nothing happened to it yet.

    An exchanged file holds no pictures, so it goes live without one first.
    """
    rows = list(
        TopicLanguage.objects.filter(topic__languages__number=TOPIC)
        .select_related("live_edition__made_from")
        .order_by("language")
    )
    if not rows or not all(map(_is_new, rows)):
        return
    received = receive(ContentFile(FILE.read_bytes()))
    keep(received)
    width, height = received.pixels.size
    size = {"image": received.name, "image_width": width, "image_height": height}
    HealthTopic.objects.filter(pk=rows[0].topic_id).update(**size, **WORDS)
    documents = assemble(rows)
    append_editions(
        [Publication(row, documents[row.pk], "", row.live_edition.made_from) for row in rows],
        by=None,
        origin=Origin.DEMONSTRATION,
        as_of=rows[0].live_edition.content_changed_at,
    )


def _is_new(row: TopicLanguage) -> bool:
    live = row.live_edition
    return bool(live and live.origin == Origin.DEMONSTRATION and live.number == 1)
