"""The language a person works in: of the desk on this device, and of the mails she gets."""

from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language

from resources.models import Language

from .models import Preference


def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the desk, and remember the choice for mails where somebody is signed in."""
    chosen = request.POST.get("language") if request.method == "POST" else None
    if request.user.is_authenticated and chosen in Language.values:
        Preference.objects.update_or_create(user=request.user, defaults={"language": chosen})
    return set_language(request)
