"""Documents for tests: one with every element, and a strategy that makes any."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from topics.document import (
    GroupReference,
    Institute,
    Link,
    MeshHeading,
    MeshTerm,
    OtherLanguageLink,
    Reference,
    Section,
    TopicDocument,
)
from topics.models import HealthTopic, TopicLanguage

ENGLISH = TopicDocument(
    language="en",
    number=3061,
    slug="abdominalpain",
    url="https://medlineplus.gov/abdominalpain.html",
    date_created=date(2003, 1, 7),
    title="Abdominal Pain",
    meta_description="What belly pain can mean.",
    also_called=("Bellyache", "Tummy ache"),
    see_references=("Pain, Abdominal",),
    summary=(
        Section(None, None, "<p>Many things hurt in the belly.</p>"),
        Section(
            3,
            "When is it <em>serious</em>?",
            '<p>See <a href="https://medlineplus.gov/pain.html">Pain</a>.</p>',
        ),
    ),
    attribution="NIH: An Institute",
    groups=(
        GroupReference(2, "Digestive System", "https://medlineplus.gov/digestivesystem.html"),
        GroupReference(31, "Symptoms", "https://medlineplus.gov/symptoms.html"),
    ),
    mapped=Reference(
        3062, "Dolor abdominal", "https://medlineplus.gov/spanish/abdominalpain.html", "es"
    ),
    mesh_headings=(MeshHeading(MeshTerm("D015746", "Abdominal Pain"), (MeshTerm("Q1", "x"),)),),
    other_languages=(OtherLanguageLink("Somali", "Af-Soomaali", "https://example.org/so"),),
    institute=Institute("An Institute", "https://example.org/institute"),
    related=(Reference(351, "Pain", "https://medlineplus.gov/pain.html"),),
    links=(
        Link(
            "Belly pain",
            "https://example.org/belly",
            "https://example.org/es/panza",
            ("Start Here", "Patient Handouts"),
            ("Example Foundation", "Second Example"),
            ("NIH", "PDF"),
        ),
        Link("No organization", "https://example.org/lonely", None, ("Encyclopedia",)),
    ),
)

SPANISH = TopicDocument(
    language="es",
    number=3062,
    slug="abdominalpain",
    url="https://medlineplus.gov/spanish/abdominalpain.html",
    date_created=date(2003, 2, 7),
    title="Dolor abdominal",
    also_called=("Dolor de panza",),
    summary=(Section(3, "¿Cuándo es grave?", "<p>Lea sobre el dolor.</p>"),),
    groups=(
        GroupReference(
            2, "Sistema digestivo", "https://medlineplus.gov/spanish/digestivesystem.html"
        ),
    ),
    mapped=Reference(3061, "Abdominal Pain", "https://medlineplus.gov/abdominalpain.html", "en"),
    links=(
        Link(
            "Dolor de panza",
            "https://example.org/es/panza",
            "https://example.org/belly",
            ("Comience aquí", "Spanish/Español"),
            ("Fundación Ejemplo",),
        ),
    ),
)


def saved(document: TopicDocument, topic: HealthTopic | None = None) -> TopicLanguage:
    """A saved, still empty TopicLanguage for a document."""
    return TopicLanguage.objects.create(
        topic=topic or HealthTopic.objects.create(),
        language=document.language,
        slug=document.slug,
        number=document.number,
    )


# --- Any document -----------------------------------------------------------------------------------

# What XML can hold, without the carriage return that every XML parser turns into a line feed.
text = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=30,
).filter(lambda value: value.strip() == value)
addresses = st.builds(
    "https://{}.example.org/{}".format,
    st.sampled_from("abc"),
    st.text("abcdefghij-0123 áñ&'()%?=#", max_size=12).map(str.strip),
)
names = st.lists(text, max_size=4, unique=True).map(tuple)
bodies = st.lists(
    st.sampled_from(
        [
            "<p>Plain text.</p>",
            "<ul><li>One</li><li>Two<ul><li>inner</li></ul></li></ul>",
            '<p>A <a href="https://example.org/x?a=1&amp;b=2">link</a> &amp; more.</p>',
            "<p><strong>Strong</strong> and <em>soft</em><br>line</p>",
            "Text outside of any block",
            "<p>ñandú, corazón, 漢字, 🩺</p>",
        ]
    ),
    max_size=3,
).map("\n".join)
sections = st.builds(
    lambda lead, rest: ((Section(None, None, lead),) if lead else ()) + rest,
    bodies,
    st.lists(
        st.builds(
            Section,
            st.sampled_from([2, 3, 4]),
            st.sampled_from(["What is it?", "¿Qué <em>es</em>?"]),
            bodies,
        ),
        max_size=4,
    ).map(tuple),
)
categories = {
    "en": ["Start Here", "Encyclopedia", "Patient Handouts", "Something New"],
    "es": ["Comience aquí", "Spanish/Español", "NON-DISPLAY (Patient Handout)", "Algo nuevo"],
}


def _links(language: str) -> st.SearchStrategy[tuple[Link, ...]]:
    links = st.builds(
        Link,
        title=text,
        url=addresses,
        mapped_url=st.none() | addresses,
        categories=st.lists(
            st.sampled_from(categories[language]), min_size=1, max_size=3, unique=True
        ).map(tuple),
        organizations=st.lists(st.sampled_from(["Body A", "Body B", "Órgano C"]), max_size=2).map(
            tuple
        ),
        descriptions=st.lists(st.sampled_from(["NIH", "PDF", "Video"]), max_size=2).map(tuple),
    )
    return st.lists(links, max_size=6).map(tuple)


def references(language: str) -> st.SearchStrategy[Reference]:
    """Pointers to topics that are not here."""
    return st.builds(
        Reference,
        number=st.integers(100_000, 100_009),
        title=text,
        url=addresses,
        language=st.just(language) if language else st.none(),
    )


def documents(language: str, number: int) -> st.SearchStrategy[TopicDocument]:
    """Any combination of the optional elements, under a given number."""
    prefix = {"en": "", "es": "spanish/"}[language]
    other = {"en": "es", "es": "en"}[language]
    return st.builds(
        TopicDocument,
        language=st.just(language),
        number=st.just(number),
        slug=st.just(f"topic{number}"),
        url=st.just(f"https://medlineplus.gov/{prefix}topic{number}.html"),
        date_created=st.none() | st.dates(date(1998, 1, 1), date(2026, 12, 31)),
        title=text,
        meta_description=st.none() | text,
        also_called=names,
        see_references=names,
        summary=st.none() | sections,
        attribution=st.none(),
        groups=st.lists(
            st.sampled_from(
                [
                    GroupReference(1, "Cancers", "https://medlineplus.gov/cancers.html"),
                    GroupReference(2, "Otro nombre", "https://example.org/otherwise.html"),
                    GroupReference(None, "No number", None),
                    GroupReference(99, "Never seen", "https://medlineplus.gov/neverseen.html"),
                ]
            ),
            max_size=4,
            unique=True,
        ).map(tuple),
        mapped=st.none() | references(other),
        mesh_headings=st.lists(
            st.builds(
                MeshHeading,
                st.builds(MeshTerm, st.sampled_from(["D1", "D2"]), text),
                st.lists(st.builds(MeshTerm, st.just("Q1"), text), max_size=2).map(tuple),
            ),
            max_size=3,
        ).map(tuple),
        other_languages=st.lists(
            st.builds(OtherLanguageLink, text, st.none() | text, st.none() | addresses), max_size=3
        ).map(tuple),
        institute=st.none() | st.builds(Institute, text, st.none() | addresses),
        related=st.lists(references(""), max_size=3).map(tuple),
        links=_links(language),
    ).map(
        lambda document: (
            replace(document, attribution="NIH: An Institute") if document.summary else document
        )
    )
