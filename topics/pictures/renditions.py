"""The files of a picture: a few widths in three formats, under names that never change their content.

`pictures/<name>/<width>.<format>` in the media storage. They are kept as long as anything names the
picture, and that is for ever once it was published, because editions are evidence of what was shown.
"""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from PIL import Image

from topics.models import Draft, Edition, HealthTopic, ScheduledEdition

from .receiving import Received

WIDTHS = (320, 640, 960, 1280)
# The format that a browser likes best comes first; JPEG is for all others.
FORMATS = {
    "avif": ("image/avif", {"format": "AVIF", "quality": 60, "speed": 8}),
    "webp": ("image/webp", {"format": "WEBP", "quality": 78, "method": 4}),
    "jpg": ("image/jpeg", {"format": "JPEG", "quality": 80, "progressive": True}),
}

# Any number that no other advisory lock of the database has.
_PICTURES = 20_261_129


def widths_of(width: int) -> tuple[int, ...]:
    """The widths in which a picture is kept: never wider than it is."""
    return (*(one for one in WIDTHS if one < min(width, WIDTHS[-1])), min(width, WIDTHS[-1]))


def file_name(name: str, width: int, form: str) -> str:
    """Where a rendition is in the media storage."""
    return f"pictures/{name}/{width}.{form}"


def encode(received: Received) -> dict[str, bytes]:
    """The files of a picture by their places.

    Takes seconds for a large one, so whoever holds locks that others wait for has it done before.
    """
    files = {}
    pixels = received.pixels
    for width in widths_of(pixels.width):
        height = round(pixels.height * width / pixels.width) or 1
        scaled = pixels.resize((width, height), Image.Resampling.LANCZOS)
        for form, (_type, options) in FORMATS.items():
            content = BytesIO()
            scaled.save(content, **options)
            files[file_name(received.name, width, form)] = content.getvalue()
    return files


@transaction.atomic
def keep(received: Received, files: dict[str, bytes] | None = None) -> None:
    """Write the files of a picture, which `encode` made, that are not there yet.

    Runs in the transaction that names the picture. Should that fail, `discard` takes them away.
    """
    _hold(received.name)
    for place, content in (encode(received) if files is None else files).items():
        if not default_storage.exists(place):
            default_storage.save(place, ContentFile(content))


@transaction.atomic
def discard(name: str, width: int) -> None:
    """Delete the files of a picture of this width, unless anything names it."""
    _hold(name)
    if HealthTopic.objects.filter(image=name).exists() or any(
        model.objects.filter(document__contains=name).exists()
        for model in (Edition, ScheduledEdition, Draft)
    ):
        return
    for one in widths_of(width):
        for form in FORMATS:
            default_storage.delete(file_name(name, one, form))


def _hold(name: str) -> None:
    """Let one transaction at a time write, name or delete a picture; on SQLite only one writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_PICTURES, name])
