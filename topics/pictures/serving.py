"""Giving out the files of pictures: to everybody what a live page shows, to editors the rest."""

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from topics.models import LivePicture
from topics.views import problem

from .renditions import FORMATS, file_name

SEE = "topics.view_healthtopic"
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, name: str, width: str, form: str) -> HttpResponse:
    """One file of a picture. Its content never changes, so browsers need never ask again."""
    if LivePicture.objects.filter(name=name).exists():
        control = FOR_EVER
    elif request.user.has_perm(SEE):
        control = "private, no-store"
    else:
        return _nothing()
    try:
        with default_storage.open(file_name(name, int(width), form)) as file:
            content = file.read()
    except FileNotFoundError:
        return _nothing()
    kind, _options = FORMATS[form]
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": control})


def _nothing() -> HttpResponse:
    return problem(
        404, _("There is no picture here"), _("Check the address, or begin at the home page.")
    )
