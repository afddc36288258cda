"""Private links: a draft for one reader without an account, until a day, until it is revoked."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt

from editorial.roles.rights import CHANGE_TEXT, VIEW, may
from editorial.states import minute
from topics.models import DraftLink, TopicLanguage
from topics.models.sharing import digest_of, new_token
from topics.pages.reading import problem
from topics.pictures.serving import lend
from topics.working_copy import assemble

from .rendering import PRIVATE_HEADERS, is_public, notice, page_of

DAYS = (1, 7, 30)


class LinkForm(forms.Form):
    """For whom a private link is, and how long it works."""

    whom = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "vTextField"}),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Works for"), coerce=int, initial=7)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["days"].choices = [
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in DAYS
        ]


def make_link(topic_language: TopicLanguage, *, by: Any, whom: str, days: int) -> str:
    """Make a private link to the draft, and return its address, which is not kept."""
    token = new_token()
    now = timezone.now()
    DraftLink.objects.create(
        topic_language=topic_language,
        digest=digest_of(token),
        whom=whom,
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=days),
    )
    return settings.SITE_URL + reverse(f"draft_{topic_language.language}", args=[token])


def open_links(topic_language: TopicLanguage) -> list[DraftLink]:
    """The links to this language that work, latest first."""
    links = topic_language.draft_links.select_related("created_by").order_by("-pk")
    lasting = list(links.filter(_lasts()))
    makers = {link.created_by_id: link.created_by for link in lasting}
    seeing = {key for key, maker in makers.items() if _sees(maker, topic_language)}
    return [link for link in lasting if link.created_by_id in seeing]


def _lasts() -> Q:
    """The condition under which a link has not ended by itself."""
    return Q(expires_at__gt=timezone.now(), revoked_at=None)


def _sees(maker: User, topic_language: TopicLanguage) -> bool:
    """Whether who made a link may still see the draft; nobody shows what they cannot see."""
    return maker.is_staff and any(
        may(maker, right, topic_language) for right in (VIEW, CHANGE_TEXT)
    )


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that only its reader may keep. It can only be read, and knows no visitor by a cookie."""

    @csrf_exempt  # so that what is sent here gets the sentence below; nothing is done with it
    @wraps(view)
    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            response = view(request, **arguments)
        else:
            response = problem(
                405, _("This page can only be read"), _("Nothing can be sent to this address.")
            )
            response.headers["Allow"] = "GET, HEAD"
        for name, value in PRIVATE_HEADERS.items():
            response.headers[name] = value
        return response

    return answer


@private
def draft(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """The draft that a private link leads to, as it is saved now, or that the link has ended."""
    links = DraftLink.objects.filter(digest=digest_of(token), topic_language__language=language)
    link = links.select_related("topic_language__topic", "created_by").first()
    if link is None:
        return problem(404, _("There is no page here"), _("Check the address for missing letters."))
    topic_language = link.topic_language
    if not (links.filter(_lasts()).exists() and _sees(link.created_by, topic_language)):
        sentence = _("Ask whoever sent it to you for a new one.")
        return problem(410, _("This private link has ended"), sentence)
    saved = topic_language.changed_at or link.created_at
    document = assemble([topic_language])[topic_language.pk]
    if is_public(topic_language, document):
        words = _(
            "For review, as the public sees it now (saved: %(saved)s). This link works until "
            "%(until)s (%(zone)s); please do not pass it on."
        )
    else:
        words = _(
            "Draft for review (text saved: %(saved)s). It is not public and may be wrong. This link "
            "works until %(until)s (%(zone)s); please do not pass it on."
        )
    words = words % {
        "saved": minute(saved),
        "until": minute(link.expires_at),
        "zone": timezone.get_current_timezone_name(),
    }
    response = page_of(topic_language, document, changed_at=saved, notice=notice(words))
    response.content = lend(response.content)
    return response
