"""Taking in a picture that somebody uploads, which may be anything.

What is kept is made anew from the pixels alone, so that nothing else of the file survives: no place
where it was taken, no second file hidden behind the first.
"""

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_WIDTH = 320
# So that the widest file, 1,280 pixels wide, stays below the 16,383 that WebP can hold in height.
MOST_TIMES_AS_HIGH = 10
# Part of every name: another way of writing the files has other names.
RECIPE = b"1"


# What Pillow raises at files that are not what they should be, the last two at odd metadata.
_DAMAGED = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError),
    *(struct.error, TypeError),
)


class Refused(Exception):
    """The upload is no picture that can be used; the message is a sentence for the editor."""


@dataclass(frozen=True, slots=True)
class Received:
    """A picture as pixels: upright, in sRGB, without transparency. Its name is a digest of them."""

    name: str
    pixels: Image.Image


def receive(upload: UploadedFile) -> Received:
    """The picture in an uploaded file. Raises Refused. Its size is known before it is decoded."""
    if upload.size > MOST_BYTES:
        raise Refused(_("The file is larger than 10 MB. Save the picture smaller."))
    try:
        picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Refused(_too_many_pixels())
        # A JPEG with more pictures behind the first, as phones write them, is no film but an MPO.
        if picture.format != "MPO" and getattr(picture, "is_animated", False):
            raise Refused(_("The picture moves. Choose one that stands still."))
        pixels = _on_white(_in_srgb(_in_eight_bits(ImageOps.exif_transpose(picture))))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_too_many_pixels()) from error
    except UnidentifiedImageError as error:
        raise Refused(_("This is no picture. Choose a JPEG, PNG or WebP file.")) from error
    except _DAMAGED as error:
        raise Refused(_("The picture is damaged. Save it anew and choose it again.")) from error
    if pixels.width < LEAST_WIDTH:
        raise Refused(_("The picture is narrower than 320 pixels. Choose a larger one."))
    if pixels.height > MOST_TIMES_AS_HIGH * pixels.width:
        raise Refused(
            _("The picture is more than ten times as high as it is wide. Choose a part of it.")
        )
    described = b"%s %d %d " % (RECIPE, *pixels.size)
    return Received(hashlib.sha256(described + pixels.tobytes()).hexdigest()[:32], pixels)


def _too_many_pixels() -> str:
    return _("The picture has more than 40 million pixels. Save it smaller.")


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """The picture with 256 greys, where it has 65,536, of which Pillow would make most white."""
    if not picture.mode.startswith("I;16"):
        return picture
    grey = picture.point(lambda level: level * (1 / 256)).convert("L")
    grey.info.pop("transparency", None)  # One of the 65,536 greys.
    return grey


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colors of the web, where it says which ones it has."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            return ImageCms.profileToProfile(
                picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            pass  # A profile that is none: the colors are taken as they are.
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Pixels and nothing else; what shines through becomes white."""
    clear = picture.convert("RGBA") if picture.has_transparency_data else None
    pixels = Image.new("RGB", picture.size, "white")
    pixels.paste(clear or picture.convert("RGB"), mask=clear)
    return pixels
