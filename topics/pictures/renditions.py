"""The files of a picture: a few widths in three formats, under names that never change their content.

`pictures/<name>/<width>.<format>` in the media storage. They are never deleted, because editions are
evidence of what was shown.
"""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from .receiving import Received

WIDTHS = (320, 640, 960, 1280)
# The format that a browser likes best comes first; JPEG is for all others.
FORMATS = {
    "avif": ("image/avif", {"format": "AVIF", "quality": 60, "speed": 8}),
    "webp": ("image/webp", {"format": "WEBP", "quality": 78, "method": 4}),
    "jpg": ("image/jpeg", {"format": "JPEG", "quality": 80, "progressive": True}),
}


def widths_of(width: int) -> tuple[int, ...]:
    """The widths in which a picture is kept: never wider than it is."""
    return (*(one for one in WIDTHS if one < min(width, WIDTHS[-1])), min(width, WIDTHS[-1]))


def file_name(name: str, width: int, form: str) -> str:
    """Where a rendition is in the media storage."""
    return f"pictures/{name}/{width}.{form}"


def keep(received: Received) -> None:
    """Write the files of a picture that are not there yet."""
    pixels = received.pixels
    for width in widths_of(pixels.width):
        height = round(pixels.height * width / pixels.width) or 1
        scaled = None
        for form, (_type, options) in FORMATS.items():
            place = file_name(received.name, width, form)
            if default_storage.exists(place):
                continue
            if scaled is None:
                scaled = pixels.resize((width, height), Image.Resampling.LANCZOS)
            content = BytesIO()
            scaled.save(content, **options)
            _write(place, content.getvalue())


def _write(place: str, content: bytes) -> None:
    written = default_storage.save(place, ContentFile(content))
    if written != place:
        # Somebody uploaded the same picture at the same moment.
        default_storage.delete(written)
