"""The picture of a topic, as HTML."""

from html import escape

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from topics.document import Image
from topics.pictures.renditions import FORMATS, file_name

# As wide as the reading column of site.css, or as the screen.
SIZES = "(min-width: 42rem) 38rem, 100vw"

_SOURCE = '<source type="%s" srcset="%s" sizes="%s">'
_IMG = (
    '<img src="%s" srcset="%s" sizes="%s" width="%d" height="%d" alt="%s" decoding="async" '
    'fetchpriority="high">'
)


def figure(image: Image | None) -> SafeString:
    """The picture in all its formats and widths, with its credit; nothing without a picture.

    It stands at the head of the page, where waiting to load it would only move it in later.
    """
    if image is None:
        return SafeString("")
    media = settings.MEDIA_URL
    sources = "".join(
        _SOURCE % (mime, _srcset(media, image, form), SIZES)
        for form, (mime, _options) in FORMATS.items()
        if form != "jpg"
    )
    shown = _path(media, image, min(image.widths, key=lambda width: abs(width - 640)), "jpg")
    fallback = _IMG % (
        *(shown, _srcset(media, image, "jpg"), SIZES, image.width, image.height),
        "" if image.decorative else escape(image.alt),
    )
    credit = " · ".join(filter(None, (_credit(image), escape(image.license))))
    caption = f"<figcaption>{credit}</figcaption>" if credit else ""
    return SafeString(
        f'<figure class="picture"><picture>{sources}{fallback}</picture>{caption}</figure>'
    )


def preview_tags(image: Image | None) -> SafeString:
    """The picture in the words of Open Graph, for those who show a link to the page."""
    if image is None:
        return SafeString("")
    alternative = "" if image.decorative else image.alt
    tags = {"og:image": address(image), "og:image:alt": alternative}
    return SafeString(
        "\n".join(
            f'<meta property="{name}" content="{escape(value)}">'
            for name, value in tags.items()
            if value
        )
    )


def address(image: Image) -> str:
    """The whole address of the widest file that everybody can read."""
    return settings.SITE_URL + _path(settings.MEDIA_URL, image, image.widths[-1], "jpg")


def _credit(image: Image) -> str:
    return escape(_("Picture: %(credit)s") % {"credit": image.credit}) if image.credit else ""


def _srcset(media: str, image: Image, form: str) -> str:
    return ", ".join([f"{_path(media, image, width, form)} {width}w" for width in image.widths])


def _path(media: str, image: Image, width: int, form: str) -> str:
    return media + file_name(image.name, width, form)
