"""The demonstration: topics of our own words that show what the site can do, and their removal."""

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone, translation
from lxml import etree

from resources.models import Language, Organization, Resource, ResourceOrganization
from topics.models import (
    Address,
    Edition,
    HealthTopic,
    Installation,
    Origin,
    Placement,
    PublicationEvent,
    RelatedTopic,
    Review,
    ScheduledEdition,
    TopicLanguage,
    TopicSection,
)
from topics.pictures.renditions import discard
from topics.publishing import tell_listeners
from topics.site import bump_generation, rewrite_frame
from topics.working_copy.sections import FIELDS, write_side

from .demo_picture import give_picture
from .loading.report import Report
from .loading.spool import Spool
from .models import UpstreamRecord
from .sync import import_spool
from .xml_prolog import ROOT
from .xml_reader import HARDENED, TOPIC
from .xml_writer import written_time

FOLDER = Path(__file__).parent / "demo"
INSTALLATION = {
    "name_en": "Demonstration Health Topics",
    "name_es": "Temas de salud de demostración",
    "tagline_en": "Plain health information in English and Spanish",
    "tagline_es": "Información de salud clara en inglés y español",
    "publisher": "Demonstration Health Department",
    "place": "Springfield",
    "disclaimer_en": (
        "This is a demonstration. Its texts show what the site can do and are no medical advice. "
        "Always ask a health care provider about a medical problem."
    ),
    "disclaimer_es": (
        "Esto es una demostración. Sus textos muestran lo que el sitio puede hacer y no son consejo "
        "médico. Consulte siempre a un profesional de la salud sobre un problema médico."
    ),
    "source_credit_en": "MedlinePlus.gov, National Library of Medicine",
    "source_credit_es": "MedlinePlus.gov, Biblioteca Nacional de Medicina",
    "contact": "https://example.org/contact",
    "emergency_number": "911",
}
# What a real site may well say in the same words.
COMMON_WORDS = {"source_credit_en", "source_credit_es", "emergency_number"}


def load(folder: Path = FOLDER) -> Report:
    """Load every file of the folder as one, so that their topics find each other.

    Topics that are here for real, or that somebody edited, are left alone. Fills in who runs the
    site where nobody has, if there is anything to demonstrate. A second call changes nothing.
    """
    with tempfile.TemporaryFile() as file:
        report = import_spool(
            Spool(file, "demonstration", _join(folder, file)), origin=Origin.DEMONSTRATION
        )
    if report.created:
        _fill_installation()
    give_picture()
    return report


def _join(folder: Path, out: BinaryIO) -> str:
    """Write all topics of the files in the folder as one file; its SHA-256."""
    parser = etree.XMLParser(**HARDENED)
    topics = [
        topic
        for path in sorted(folder.glob("*.xml"))
        for topic in etree.parse(path, parser).getroot().iterfind(TOPIC)
    ]
    root = etree.Element(
        ROOT, {"total": str(len(topics)), "date-generated": written_time(datetime(2026, 11, 22))}
    )
    root.extend(topics)
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    out.write(content)
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def _fill_installation() -> None:
    installation = Installation.objects.filter(pk=1).first() or Installation(pk=1)
    if any(getattr(installation, name) for name in INSTALLATION):
        return
    for name, value in INSTALLATION.items():
        setattr(installation, name, value)
    installation.save()
    rewrite_frame()


def _clear_installation() -> bool:
    """Take back the words that nobody changed; whether some were left because of what was kept.

    While texts of the demonstration are here, readers have to be told so. What a real site may say
    in the same words stays where it is all that is left, or where a topic is live.
    """
    installation = Installation.objects.filter(pk=1).first()
    left = {
        name for name, value in INSTALLATION.items() if getattr(installation, name, "") == value
    }
    if left <= COMMON_WORDS:
        return False
    if UpstreamRecord.objects.filter(origin=Origin.DEMONSTRATION).exists():
        return True
    if TopicLanguage.objects.filter(live_edition__isnull=False).exists():
        left -= COMMON_WORDS
    for name in left:
        setattr(installation, name, Installation._meta.get_field(name).get_default())
    installation.save()
    rewrite_frame()
    return False


@transaction.atomic
def remove() -> tuple[int, list[str]]:
    """Remove the demonstration topics that nobody edited here, with all that only they used.

    Of a topic whose other language was imported for real, the demonstration's language goes. The
    words of the site go too where they are still the demonstration's. Returns how many topics were
    removed whole, and a sentence for each language that went alone and for whatever was kept.
    """
    loaded = HealthTopic.objects.filter(languages__upstream__origin=Origin.DEMONSTRATION).distinct()
    rows, said = [], []
    topics = []
    with translation.override("en"):
        for topic in loaded.prefetch_related("languages__upstream").order_by("pk"):
            ours = [row for row in topic.languages.all() if _is_ours(row)]
            reason = _reason_to_keep(topic, ours)
            if reason:
                said.append(f"“{topic}” was kept: {reason}")
                continue
            rows += ours
            if len(ours) == len(topic.languages.all()):
                topics.append(topic)
            else:
                said += [f"“{row}” was removed; the rest of the topic stays." for row in ours]
        if rows:
            _delete(rows, topics)
            bump_generation()
        if _clear_installation() and said:
            said.append("The site keeps the demonstration's words, because of what was kept.")
    return len(topics), said


def _is_ours(row: TopicLanguage) -> bool:
    record = getattr(row, "upstream", None)
    return record is not None and record.origin == Origin.DEMONSTRATION


def _reason_to_keep(topic: HealthTopic, ours: Sequence[TopicLanguage]) -> str | None:
    """Why the languages of a topic that came with the demonstration are not removed, if they are not."""
    beside = [row for row in topic.languages.all() if row not in ours]
    if any(getattr(row, "upstream", None) is None for row in beside):
        return "a language of it was added here."
    # What both languages share, such as the picture, was saved here.
    if (topic.version > 1 and not beside) or any(row.changed_by_id for row in ours):
        return "somebody edited it here."
    editions = Edition.objects.filter(topic_language__in=ours)
    if editions.exclude(origin=Origin.DEMONSTRATION).exists():
        return "it was published from here."
    if Edition.objects.filter(made_from__in=editions).exclude(topic_language__in=ours).exists():
        return "its translation was imported for real. Import its original too."
    if Review.objects.filter(topic_language__in=ours).exists():
        return "it was reviewed here."
    if ScheduledEdition.objects.filter(topic_language__in=ours).exists():
        return "a date for its publication was set here."
    return None


def _delete(rows: Sequence[TopicLanguage], topics: Sequence[HealthTopic]) -> None:
    """Delete languages of topics, and the topics that have no other."""
    keys = [row.pk for row in rows]
    resources = set(
        Placement.objects.filter(topic_language__in=keys).values_list("resource", flat=True)
    )
    here = TopicLanguage.objects.filter(pk__in=keys)
    here.update(live_edition=None, withdrawn_at=timezone.now())
    tell_listeners(keys)
    # A pointer made here knows its target by row only, so it goes with the target.
    RelatedTopic.objects.filter(target__in=keys, number__isnull=True).delete()
    PublicationEvent.objects.filter(topic_language__in=keys).delete()
    editions = Edition.objects.filter(topic_language__in=keys)
    # Translations hold on to the editions they were made from.
    editions.filter(made_from__isnull=False).delete()
    editions.all().delete()
    Address.objects.filter(redirect_to__topic_language__in=keys).delete()
    Address.objects.filter(topic_language__in=keys).delete()
    here.delete()
    whole = {topic.pk for topic in topics}
    for row in rows:
        if row.topic_id not in whole:
            _empty_side(row)
    HealthTopic.objects.filter(pk__in=whole).delete()
    _delete_unused(resources)
    pictures = {(topic.image, topic.image_width) for topic in topics if topic.image}
    transaction.on_commit(lambda: [discard(*picture) for picture in pictures])


def _empty_side(row: TopicLanguage) -> None:
    """Take what a topic holds for a language that it has no more."""
    sides = [f"{name}_{row.language}" for name in ("title", "meta_description", "attribution")]
    HealthTopic.objects.filter(pk=row.topic_id).update(**dict.fromkeys(sides))
    sections = list(TopicSection.objects.filter(topic=row.topic_id))
    for section in sections:
        write_side(section, row.language, None, None)
    TopicSection.objects.bulk_update(sections, FIELDS, batch_size=50)
    unused = {f"position_{language}__isnull": True for language in Language.values}
    TopicSection.objects.filter(topic=row.topic_id, **unused).delete()


def _delete_unused(resources: set[int]) -> None:
    """Delete those of the links that no page shows any more, and the organisations left without one."""
    unused = Resource.objects.filter(pk__in=resources, placements__isnull=True)
    organizations = set(
        ResourceOrganization.objects.filter(resource__in=unused).values_list(
            "organization", flat=True
        )
    )
    unused.delete()
    Organization.objects.filter(pk__in=organizations, resourceorganization__isnull=True).delete()
