"""What a topic page says to machines in the words of schema.org: a MedicalWebPage as JSON-LD.

A `<script type="application/ld+json">` is data, which the Content-Security-Policy does not concern.
"""

from collections.abc import Set
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from topics import live

from .link_lists import Links, displayed
from .picture import address
from .shown import ShownDocument
from .surroundings import Surroundings
from .topic import TopicPage

START_HERE = "start-here"
MOST_SIGNIFICANT_LINKS = 5

# The sections of links that are about an aspect of health that schema.org has a word for.
_ASPECTS = {
    START_HERE: "Overview",
    "overviews": "Overview",
    "symptoms": "Symptoms",
    "diagnosis-symptoms": "Symptoms",
    "prevention-and-risk-factors": "Prevention",
    "prevention-screening": "Prevention",
    "treatments-and-therapies": "Treatments",
    "treatment": "Treatments",
    "living-with": "LivingWith",
    "coping": "LivingWith",
    "related-issues": "RelatedTopics",
    "specifics": "Types",
    "specific-conditions": "Types",
}
# Only of an illness does one list symptoms or treatments; of fitness or a test one does not.
_OF_A_CONDITION = {
    *("symptoms", "diagnosis-symptoms", "treatments-and-therapies", "treatment"),
}


def structured_data(
    document: ShownDocument,
    links: Links,
    found: live.Found,
    around: Surroundings,
    page: TopicPage,
) -> SafeString:
    """The page as JSON-LD, safe inside a script element; no query."""
    frame, canonical = (
        around.frame,
        settings.SITE_URL + live.path_of(document.language, document.slug),
    )
    publisher = _publisher(frame, document.language)
    sections = {section.key: section for _category, section in displayed(links, frame.categories)}
    start_here = sections.get(START_HERE)
    data = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": canonical,
        "name": document.title,
        "description": page.description,
        "inLanguage": document.language,
        "datePublished": document.date_created,
        "dateModified": found.content_changed_at,
        "lastReviewed": found.last_reviewed,
        "reviewedBy": found.last_reviewed and {"@id": publisher["@id"]},
        "publisher": publisher,
        "audience": {"@type": "Patient"},
        "about": _about(document, links.sections.keys()),
        "hasPart": _aspects(canonical, sections.keys()),
        "image": document.image and address(document.image),
        "significantLink": start_here
        and [line.address for line in start_here.lines[:MOST_SIGNIFICANT_LINKS]],
        "isBasedOn": page.source_url,
        "creditText": page.source_url
        and frame.installation.get(f"source_credit_{document.language}"),
        "breadcrumb": _breadcrumb(around, document),
    }
    return _script({name: value for name, value in data.items() if value})


def _aspects(canonical: str, sections: Set[str]) -> list[dict[str, str]]:
    """The sections of links that are about an aspect of health."""
    return [
        {
            "@type": "HealthTopicContent",
            "url": f"{canonical}#cat-{key}",
            "hasHealthAspect": f"https://schema.org/{_ASPECTS[key]}HealthAspect",
        }
        for key in sections
        if key in _ASPECTS
    ]


def _about(document: ShownDocument, sections: Set[str]) -> dict[str, Any]:
    """What the topic is, with its other names and its descriptors in the Medical Subject Headings."""
    about: dict[str, Any] = {
        "@type": "MedicalEntity" if _OF_A_CONDITION.isdisjoint(sections) else "MedicalCondition",
        "name": document.title,
    }
    if document.also_called:
        about["alternateName"] = document.also_called
    codes = [heading.descriptor.id for heading in document.mesh_headings if heading.descriptor.id]
    if codes:
        about["code"] = [
            {"@type": "MedicalCode", "codeValue": code, "codingSystem": "MeSH"}
            for code in dict.fromkeys(codes)
        ]
    return about


def _publisher(frame: live.Frame, language: str) -> dict[str, str]:
    return {
        "@type": "Organization",
        "@id": f"{settings.SITE_URL}/#publisher",
        "name": frame.installation.get("publisher") or frame.site_name(language),
        "url": f"{settings.SITE_URL}/",
    }


def _breadcrumb(around: Surroundings, document: ShownDocument) -> dict[str, Any]:
    here = {"@type": "ListItem", "position": 3, "name": document.title}
    way = _way(settings.SITE_URL + around.root, document.language)
    return {"@type": "BreadcrumbList", "itemListElement": [*way, here]}


@lru_cache(maxsize=8)
def _way(root: str, language: str) -> list[dict[str, Any]]:
    """The breadcrumb before the topic itself."""
    with translation.override(language):
        steps = ((_("Home"), root), (_("Health Topics"), f"{root}healthtopics.html"))
    return [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(steps, start=1)
    ]


def _script(data: dict[str, Any]) -> SafeString:
    text = msgspec.json.encode(data).decode()
    # Inside a script nothing is unescaped, so whatever could end it is written as JSON allows.
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return SafeString(f'<script type="application/ld+json">{text}</script>')
