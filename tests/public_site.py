"""Every type of public page in both languages, for the tests that look at all of them."""

from dataclasses import replace
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Pillow

from topics.document import Image, OtherLanguageLink
from topics.pictures.receiving import receive
from topics.pictures.renditions import keep, widths_of
from topics.publishing import withdraw
from topics.tests.public import (
    ANEMIA,
    ANEMIA_ES,
    LEUCEMIA,
    LEUKEMIA,
    name_the_site,
    plain,
    publish,
)

# The path of each page below the prefix of its language, and the status it answers with.
PAGES = {
    "": 200,
    "healthtopics.html": 200,
    "healthtopics_a.html": 200,
    "all_healthtopics.html": 200,
    "acuteleukemia.html": 200,
    "anemia.html": 200,  # with a picture
    "cancers.html": 200,
    "languages/languages.html": 200,
    "languages/arabic.html": 200,
    "about/": 200,
    "about/disclaimer.html": 200,
    "about/citing.html": 200,
    "report/": 200,
    "report/?page=acuteleukemia": 200,
    "report/thanks/?page=acuteleukemia": 200,
    "search/": 200,
    "search/?q=anemia": 200,
    "search/?q=qqqqqq": 200,
    "anemai.html": 404,
    "alone.html": 404,
    "gone.html": 410,
}
PREFIXES = {"en": "", "es": "spanish/"}
ARABIC = OtherLanguageLink("Arabic", "العربية", "https://example.org/ar")


def build() -> None:
    """Fill the database so that all of PAGES answer."""
    name_the_site(
        name_en="Our Library",
        name_es="Nuestra biblioteca",
        tagline_en="Health information.",
        tagline_es="Información de salud.",
        source_credit_en="MedlinePlus.gov",
        source_credit_es="MedlinePlus.gov",
        contact="help@example.org",
        emergency_number="911",
    )
    publish(LEUKEMIA, replace(LEUCEMIA, other_languages=(ARABIC,)))
    picture = _picture()
    alternatives = {"en": "Red cells", "es": "Glóbulos rojos"}
    terms = {"en": "Public domain", "es": "Dominio público"}
    publish(
        *(
            replace(
                document,
                image=replace(
                    picture, alt=alternatives[document.language], license=terms[document.language]
                ),
            )
            for document in (ANEMIA, ANEMIA_ES)
        )
    )
    for language, other in (("en", "es"), ("es", "en")):
        number = {"en": 500, "es": 600}[language]
        # In the other language only, so that its page in this one is the honest one.
        publish(replace(plain("Alone", number, other), slug=f"alone{language}"))
        (gone,) = publish(plain("Gone", number + 1, language))
        withdraw(gone.pk, by=None, reason="It was out of date.")


def path(language: str, name: str) -> str:
    """The path of one of PAGES in a language."""
    return f"/{PREFIXES[language]}{name.replace('alone', f'alone{language}')}"


def _picture() -> Image:
    """A picture whose files are there."""
    content = BytesIO()
    Pillow.new("RGB", (700, 400), "firebrick").save(content, "PNG")
    received = receive(ContentFile(content.getvalue()))
    keep(received)
    return Image(received.name, 700, 400, "", widths_of(700), credit="A. Photographer")
