"""A small public site for the tests of its pages."""

from dataclasses import replace

from topics.document import (
    GroupReference,
    Institute,
    Link,
    OtherLanguageLink,
    Reference,
    Section,
    TopicDocument,
)
from topics.models import HealthTopic, Installation, Origin, TopicLanguage
from topics.publishing import Publication, append_editions
from topics.site import rewrite_frame
from topics.working_copy import store

from .documents import saved

SOURCE = "https://medlineplus.gov/"
CANCERS = GroupReference(1, "Cancers", f"{SOURCE}cancers.html")
PUBMED = "https://pubmed.ncbi.nlm.nih.gov/?term=%22Leukemia%22%5Bmajr%5D"


def plain(title: str, number: int, language: str = "en", **fields: object) -> TopicDocument:
    """A short topic, as an import would bring it."""
    slug = title.lower().replace(" ", "")
    prefix = {"en": "", "es": "spanish/"}[language]
    words = {
        "language": language,
        "number": number,
        "slug": slug,
        "url": f"{SOURCE}{prefix}{slug}.html",
        "date_created": None,
        "title": title,
        "summary": (Section(3, f"What is {title}?", "<p>A few words.</p>"),),
        "groups": (CANCERS,),
    }
    return TopicDocument(**(words | fields))


LEUKEMIA = plain(
    "Acute Leukemia",
    10,
    meta_description="About a kind of leukemia.",
    also_called=("ALL", "Acute lymphoblastic leukemia"),
    see_references=("Leukemia, Acute",),
    summary=(
        Section(None, None, "<p>An opening.</p>"),
        Section(
            3,
            "What is <em>leukemia</em>?",
            f'<p>See <a href="{SOURCE}anemia.html">anemia</a>, '
            f'<a href="{SOURCE}fever.html">fever</a> and '
            f'<a href="{SOURCE}lab-tests/cbc/">a test</a>.</p>',
        ),
        Section(4, "A finer point", "<p>Fine.</p>"),
        Section(3, "What is <em>leukemia</em>?", "<p>Asked again.</p>"),
    ),
    attribution="NIH: National Cancer Institute",
    mapped=Reference(11, "Leucemia aguda", f"{SOURCE}spanish/acuteleukemia.html", "es"),
    other_languages=(
        OtherLanguageLink("Arabic", "العربية", "https://example.org/ar"),
        OtherLanguageLink("Klingon", None, "https://example.org/tlh"),
    ),
    institute=Institute("National Cancer Institute", "https://www.cancer.gov"),
    related=(
        Reference(20, "Anaemia (old title)", f"{SOURCE}anemia.html"),
        Reference(30, "Fever", f"{SOURCE}fever.html"),
        Reference(99, "Not here", f"{SOURCE}nothere.html"),
    ),
    links=(
        Link(
            "About it",
            "https://example.org/about it",
            "https://example.org/es",
            ("Start Here",),
            ("First Body", "Second Body"),
            ("NIH", "PDF"),
        ),
        Link(
            "Anemia: MedlinePlus Health Topic",
            f"{SOURCE}anemia.html",
            f"{SOURCE}spanish/anemia.html",
            ("Children",),
            ("National Library of Medicine",),
        ),
        Link(
            "Leukemia article",
            f"{SOURCE}ency/article/1.htm",
            f"{SOURCE}spanish/ency/article/1.htm",
            ("Patient Handouts", "Encyclopedia"),
        ),
        Link("Acute Leukemia", PUBMED, None, ("Journal Articles",)),
        Link(
            "Article: A study", "https://www.ncbi.nlm.nih.gov/pubmed/1", None, ("Journal Articles",)
        ),
        Link(
            "Example Society",
            "https://example.org/",
            None,
            ("Find an Expert",),
            ("Example Society",),
        ),
    ),
)

LEUCEMIA = plain(
    "Leucemia aguda",
    11,
    "es",
    slug="acuteleukemia",
    url=f"{SOURCE}spanish/acuteleukemia.html",
    also_called=("LLA",),
    summary=(Section(3, "¿Qué es la leucemia?", "<p>Un cáncer de la sangre.</p>"),),
    groups=(GroupReference(1, "Cánceres", f"{SOURCE}spanish/cancers.html"),),
    links=(
        Link(
            "Sobre la leucemia",
            "https://example.org/es",
            "https://example.org/en",
            ("Comience aquí", "Spanish/Español"),
            ("Un organismo",),
        ),
        Link(
            "Solo para imprimir",
            "https://example.org/hidden",
            None,
            ("NON-DISPLAY (Patient Handout)", "Spanish/Español"),
        ),
    ),
)

ANEMIA = plain("Anemia", 20)
ANEMIA_ES = replace(plain("Anemia", 21, "es"), title="Anemia (español)")


def publish(*documents: TopicDocument, origin: Origin = Origin.IMPORT) -> list[TopicLanguage]:
    """Make one topic of the documents, a language each, and let it go live."""
    topic = HealthTopic.objects.create()
    items = [(saved(document, topic), document) for document in documents]
    bound = store(items)
    publications = [
        Publication(topic_language, document)
        for (topic_language, _document), document in zip(items, bound, strict=True)
    ]
    append_editions(publications, by=None, origin=origin)
    return [topic_language for topic_language, _document in items]


def name_the_site(**words: str) -> None:
    """Give the installation its words, as the admin would."""
    Installation.objects.update_or_create(pk=1, defaults=words)
    rewrite_frame()
