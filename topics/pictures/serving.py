"""Giving out the files of pictures: to everybody what a live page shows, to editors the rest.

Whoever reads a draft by a private link has no account; the page they are given lends its pictures.
"""

import re

from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from topics.models import LivePicture
from topics.pages.reading import only_read, problem

from .renditions import FORMATS, file_name

SEE = "topics.view_healthtopic"
LENT_SECONDS = 3600
YEAR = "max-age=31536000, immutable"

_SIGNER = signing.TimestampSigner(salt="topics.pictures.lent")
_ADDRESS = re.compile(rf"{settings.MEDIA_URL}pictures/([0-9a-f]{{32}})/\d+\.\w+".encode())


@only_read
def picture(request: HttpRequest, name: str, width: str, form: str) -> HttpResponse:
    """One file of a picture. Its content never changes, so browsers need not ask again."""
    if LivePicture.objects.filter(name=name).exists():
        headers = _for_everybody()
    elif _is_lent(name, request.GET.get("lent", "")) or request.user.has_perm(SEE):
        headers = {"Cache-Control": "private, no-store"}
    else:
        return _nothing()
    try:
        with default_storage.open(file_name(name, int(width), form)) as file:
            content = file.read()
    except FileNotFoundError:
        return _nothing()
    kind, _options = FORMATS[form]
    return HttpResponse(content, content_type=kind, headers=headers)


def _for_everybody() -> dict[str, str]:
    """Headers: a browser keeps a picture, a network in front only where it can drop it again.

    The picture of a withdrawn page must not stay in a network. It leaves with all pages; it has no
    topic's key, because several may show it.
    """
    if not settings.CDN_PURGE_URL:
        return {"Cache-Control": f"private, {YEAR}"}
    return {
        "Cache-Control": f"public, {YEAR}, s-maxage={settings.CDN_MAX_AGE}",
        "Surrogate-Key": "pages",
        "Cache-Tag": "pages",
    }


def lend(page: bytes) -> bytes:
    """A page whose pictures can be seen for a while by whoever got the page."""
    return _ADDRESS.sub(
        lambda found: found[0] + b"?lent=" + _SIGNER.sign(found[1].decode()).encode(), page
    )


def _is_lent(name: str, signed: str) -> bool:
    try:
        return _SIGNER.unsign(signed, max_age=LENT_SECONDS) == name
    except signing.BadSignature:
        return False


def _nothing() -> HttpResponse:
    return problem(
        404, _("There is no picture here"), _("Check the address, or begin at the home page.")
    )
