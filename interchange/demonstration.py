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

from resources.models import Organization, Resource, ResourceOrganization
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
)
from topics.pictures.renditions import discard
from topics.publishing import tell_listeners
from topics.site import bump_generation, rewrite_frame

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


def _clear_installation() -> None:
    """Take back the words that nobody changed, unless only such are left as a real site may say."""
    installation = Installation.objects.filter(pk=1).first()
    left = {
        name for name, value in INSTALLATION.items() if getattr(installation, name, "") == value
    }
    if left <= COMMON_WORDS:
        return
    for name in left:
        setattr(installation, name, Installation._meta.get_field(name).get_default())
    installation.save()
    rewrite_frame()


@transaction.atomic
def remove() -> tuple[int, list[str]]:
    """Remove the demonstration topics that nobody edited here, with all that only they used.

    The words of the site go too where they are still the demonstration's. Returns how many topics
    were removed and a sentence for each that was kept.
    """
    loaded = HealthTopic.objects.filter(languages__upstream__origin=Origin.DEMONSTRATION).distinct()
    topics, kept = [], []
    with translation.override("en"):
        for topic in loaded.prefetch_related("languages").order_by("pk"):
            reason = _reason_to_keep(topic)
            if reason:
                kept.append(f"“{topic}” was kept: {reason}")
            else:
                topics.append(topic)
    if topics:
        _delete(topics)
        bump_generation()
    _clear_installation()
    return len(topics), kept


def _reason_to_keep(topic: HealthTopic) -> str | None:
    rows = list(topic.languages.all())
    demonstration = UpstreamRecord.objects.filter(
        topic_language__in=rows, origin=Origin.DEMONSTRATION
    )
    if demonstration.count() < len(rows):
        return "a language of it was added here or imported for real."
    # What both languages share, such as the picture, was saved here.
    if topic.version > 1 or any(row.changed_by_id for row in rows):
        return "somebody edited it here."
    if (
        Edition.objects.filter(topic_language__in=rows)
        .exclude(origin=Origin.DEMONSTRATION)
        .exists()
    ):
        return "it was published from here."
    if Review.objects.filter(topic_language__in=rows).exists():
        return "it was reviewed here."
    if ScheduledEdition.objects.filter(topic_language__in=rows).exists():
        return "a date for its publication was set here."
    return None


def _delete(topics: Sequence[HealthTopic]) -> None:
    rows = TopicLanguage.objects.filter(topic__in=topics)
    keys = list(rows.values_list("pk", flat=True))
    resources = set(
        Placement.objects.filter(topic_language__in=keys).values_list("resource", flat=True)
    )
    rows.update(live_edition=None, withdrawn_at=timezone.now())
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
    HealthTopic.objects.filter(pk__in=[topic.pk for topic in topics]).delete()
    _delete_unused(resources)
    pictures = {(topic.image, topic.image_width) for topic in topics if topic.image}
    transaction.on_commit(lambda: [discard(*picture) for picture in pictures])


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
