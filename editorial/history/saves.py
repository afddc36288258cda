"""The saves of the working copy: who saved what when, and the way back to an earlier one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.pages.access import around, language_view
from editorial.roles.rights import CHANGE_TEXT
from editorial.saving import DRAFTS_KEPT
from editorial.states import minute, who
from topics.document import TopicDocument
from topics.models import Draft, TopicLanguage

from .comparing import Source, restore_from

SAVES_A_PAGE = 25


@language_view(CHANGE_TEXT)
@require_safe
def saves(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """The saves that are kept, the newest first; none of them was ever public by itself."""
    rows = topic_language.drafts.select_related("created_by").order_by("-created_at", "-pk")
    page = Paginator(rows, SAVES_A_PAGE).get_page(request.GET.get("page"))
    entries = [
        {
            "key": draft.pk,
            "when": minute(draft.created_at),
            "who": who(draft.created_by),
            "title": TopicDocument.from_json(draft.document).title,
        }
        for draft in page
    ]
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="editions",
        saves=entries,
        page=page,
        most=DRAFTS_KEPT,
    )
    return TemplateResponse(request, "editorial/saves.html", context)


@language_view(CHANGE_TEXT)
def restore_save(request: HttpRequest, topic_language: TopicLanguage, key: int) -> HttpResponse:
    """What taking an earlier save back changes in the working copy; a POST takes it back."""
    draft = get_object_or_404(Draft, topic_language=topic_language, pk=key)
    when = minute(draft.created_at)
    source = Source(
        document=TopicDocument.from_json(draft.document),
        name=_("Save of %(when)s") % {"when": when},
        heading=_("Take back what was saved on %(when)s by %(who)s")
        % {"when": when, "who": who(draft.created_by)},
        deed=f"save {key}",
        done=_("What was saved then is in the working copy. The public page stays as it is."),
    )
    return restore_from(request, topic_language, source)
