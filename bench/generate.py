"""A topic file of any size, the same for the same seed: `python -m bench.generate 2000 FILE`.

Like the real file: English and Spanish pairs, 45 links a record of which most stand on several
topics too, summaries of the real lengths with links between topics, names, groups, MeSH headings.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import BinaryIO

from interchange.xml_writer import write
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

LINKS = 45
# Above all that the demonstration and real files have, so that no topic of theirs is taken over.
FIRST_NUMBER = 700_000_000
GROUPS = 44
# Every link stands on about three topics.
USES_OF_A_LINK = 3
SITE = "https://medlineplus.gov/"
PREFIX = {"en": "", "es": "spanish/"}

WORDS = {
    "en": "the blood of many people may change with age and care doctors often find that treatment "
    "helps your heart bones or skin to heal after some weeks without pain and fever while tests show "
    "what causes a disease and how medicine rest food exercise keep it away from children".split(),
    "es": "la sangre de muchas personas puede cambiar con la edad y el cuidado los médicos suelen ver "
    "que el tratamiento ayuda a su corazón huesos o piel después de semanas sin dolor ni fiebre y las "
    "pruebas muestran qué causa una enfermedad y cómo reposo comida ejercicio protegen a niños".split(),
}
QUESTIONS = {
    "en": (
        "What is {}?",
        "What causes {}?",
        "Who is more likely to develop {}?",
        "How is {} diagnosed?",
    ),
    "es": (
        "¿Qué es {}?",
        "¿Qué causa {}?",
        "¿Quién tiene más riesgo de {}?",
        "¿Cómo se diagnostica {}?",
    ),
}
CATEGORIES = {
    "en": [
        "Start Here",
        "Learn More",
        "Patient Handouts",
        "Encyclopedia",
        "Diagnosis and Tests",
        "Children",
    ],
    "es": [
        "Comience aquí",
        "Más información",
        "NON-DISPLAY (Patient Handout)",
        "Diagnóstico y exámenes",
    ],
}
DESCRIPTIONS = {
    "en": ["NIH", "PDF", "Video", "Easy-to-Read"],
    "es": ["PDF", "Video", "Fácil de leer"],
}


def sentence(chance: random.Random, language: str, words: int) -> str:
    return " ".join(chance.choices(WORDS[language], k=words)).capitalize() + "."


def topic_url(language: str, topic: int) -> str:
    return f"{SITE}{PREFIX[language]}condition{topic}.html"


def title(language: str, topic: int) -> str:
    kind = {"en": "Condition", "es": "Afección"}[language]
    return f"{kind} {topic} {WORDS[language][topic % len(WORDS[language])]}"


def number(language: str, topic: int) -> int:
    return FIRST_NUMBER + 2 * topic + (1 if language == "en" else 2)


def summary(chance: random.Random, language: str, topic: int, topics: int) -> tuple[Section, ...]:
    """Questions with answers for a third of the topics, a short text for the others."""
    if topic % 3:
        return (Section(None, None, paragraphs(chance, language, topics, 3)),)
    return tuple(
        Section(3, question.format(title(language, topic)), paragraphs(chance, language, topics, 3))
        for question in QUESTIONS[language]
    )


def paragraphs(chance: random.Random, language: str, topics: int, count: int) -> str:
    parts = []
    for _ in range(count):
        other = chance.randrange(topics)
        link = f'<a href="{topic_url(language, other)}">{title(language, other)}</a>'
        parts.append(
            f"<p>{sentence(chance, language, 30)} {link} {sentence(chance, language, 12)}</p>"
        )
    items = "".join(f"<li>{sentence(chance, language, 8)}</li>\n" for _ in range(4))
    return "\n".join([*parts, f"<ul>\n{items}</ul>"])


def link(language: str, key: int) -> Link:
    """One of the links that topics share; three in four exist in both languages."""
    chance = random.Random(f"link {key}")
    both = chance.random() < 0.75
    paths = {"en": f"articles/page-{key}", "es": f"es/articulos/pagina-{key}"}
    other = "es" if language == "en" else "en"
    sponsor = chance.randrange(200)
    names = {"en": f"Institute of Subject {sponsor}", "es": f"Instituto de la Materia {sponsor}"}
    return Link(
        title=f"{title(language, key)}: {sentence(chance, language, 4)}",
        url=f"https://www.example{sponsor}.org/{paths[language]}.html",
        mapped_url=f"https://www.example{sponsor}.org/{paths[other]}.html" if both else None,
        categories=tuple(chance.sample(CATEGORIES[language], 1 + key % 2)),
        organizations=(names[language],) if key % 5 else (),
        descriptions=tuple(chance.sample(DESCRIPTIONS[language], key % 3)),
    )


def english_only(topic: int) -> dict[str, tuple]:
    """What Spanish records do not have."""
    return {
        "mesh_headings": (MeshHeading(MeshTerm(f"D{topic:06}", f"Condition {topic}")),),
        "other_languages": (
            OtherLanguageLink("Somali", "Af-Soomaali", f"{SITE}languages/c{topic}.html"),
        ),
    }


def document(
    seed: int, language: str, topic: int, topics: int, *, links: int = LINKS
) -> TopicDocument:
    """The record of one topic in one language, with that many links."""
    chance = random.Random(f"{seed} {language} {topic}")
    pool = max(links, topics * links // USES_OF_A_LINK)
    # Both languages of a topic show mostly the same links.
    keys = random.Random(f"{seed} links {topic}").sample(range(pool), links)
    other = "es" if language == "en" else "en"
    related = chance.sample(range(topics), min(5, topics))
    groups = sorted(chance.sample(range(1, GROUPS + 1), 2))
    return TopicDocument(
        language=language,
        number=number(language, topic),
        slug=f"condition{topic}",
        url=topic_url(language, topic),
        date_created=date(1999, 1, 4) + timedelta(days=topic % 9000),
        title=title(language, topic),
        meta_description=sentence(chance, language, 20),
        also_called=tuple(f"{title(language, topic)} {letter}" for letter in "ab"),
        see_references=(f"{topic} {title(language, topic)}",),
        summary=summary(chance, language, topic, topics),
        attribution="NIH: National Institute of Subjects" if language == "en" else None,
        groups=tuple(
            GroupReference(
                1000 + group,
                f"Group {group} {language}",
                f"{SITE}{PREFIX[language]}group{group}.html",
            )
            for group in groups
        ),
        mapped=Reference(number(other, topic), title(other, topic), topic_url(other, topic), other),
        **(english_only(topic) if language == "en" else {}),
        institute=Institute("National Institute of Subjects", "https://www.nih.example.org"),
        related=tuple(
            Reference(number(language, one), title(language, one), topic_url(language, one))
            for one in related
        ),
        links=tuple(link(language, key) for key in sorted(keys)),
    )


def documents(records: int, *, seed: int = 1, links: int = LINKS) -> Iterator[TopicDocument]:
    """`records` documents: all English ones, then all Spanish ones, the hardest order for pairs."""
    topics = records // 2
    for language in ("en", "es"):
        for topic in range(topics):
            yield document(seed, language, topic, topics, links=links)


def generate(out: BinaryIO, records: int, *, seed: int = 1, links: int = LINKS) -> None:
    """Write a file of that many records, an even number."""
    write(
        out,
        ((one, None) for one in documents(records, seed=seed, links=links)),
        total=records // 2 * 2,
        generated=datetime(2026, 10, 2, 2, 30, 33),
    )


if __name__ == "__main__":
    with open(sys.argv[2], "wb") as file:
        generate(file, int(sys.argv[1]))
