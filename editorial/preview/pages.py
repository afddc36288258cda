"""The working copy as the public would see it: at the width of a phone or of a desk, and on paper."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from editorial.pages.access import around, language_view, record
from editorial.roles.rights import CHANGE_TEXT, PUBLISH, VIEW
from editorial.states import minute
from topics.document import TopicDocument
from topics.editions.embedding import embedded_anew
from topics.models import ScheduledEdition, TopicLanguage
from topics.working_copy import assemble

from .rendering import is_public, notice, page_of
from .sharing import LinkForm, make_link, open_links

SHAPES = {
    "phone": gettext_lazy("Phone"),
    "wide": gettext_lazy("Desktop"),
    "paper": gettext_lazy("Paper"),
}


@csp_update({"frame-src": [SELF]})
@language_view(VIEW, CHANGE_TEXT)
@require_safe
def preview(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """The page in a frame, in the shape that is asked for, and the private links to it."""
    return preview_response(request, topic_language, LinkForm())


def preview_response(
    request: HttpRequest, topic_language: TopicLanguage, form: LinkForm, *, made: str = ""
) -> HttpResponse:
    """The preview; `made` is the address of a private link that was made just now."""
    asked = request.GET.get("shape", "")
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="preview",
        shape=asked if asked in SHAPES else "phone",
        shapes=SHAPES.items(),
        form=form,
        made=made,
        draft_links=open_links(topic_language),
    )
    context["may_share"] = context["may_change"] or context["may_publish"]
    return TemplateResponse(
        request, "editorial/preview.html", context, status=400 if form.errors else 200
    )


@csp_update({"frame-src": [SELF]})
@language_view(CHANGE_TEXT, PUBLISH)
@require_POST
def share(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Make a private link. Its address is in this answer and nowhere else."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        return preview_response(request, topic_language, form)
    with transaction.atomic():
        made = make_link(topic_language, by=request.user, **form.cleaned_data)
        record(request, topic_language, "private link made", form.cleaned_data["whom"])
    return preview_response(request, topic_language, LinkForm(), made=made)


@language_view(CHANGE_TEXT, PUBLISH)
@require_POST
def revoke(request: HttpRequest, topic_language: TopicLanguage, key: int) -> HttpResponse:
    """End a private link of this language."""
    link = get_object_or_404(topic_language.draft_links, pk=key)
    works = topic_language.draft_links.filter(pk=link.pk, revoked_at=None)
    with transaction.atomic():
        if works.update(revoked_at=timezone.now()):
            record(request, topic_language, "private link revoked", link.whom)
    messages.success(request, _("The link is revoked. Whoever opens it is told that it has ended."))
    return redirect("admin:topics_topiclanguage_preview", topic_language.pk)


@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@language_view(VIEW, CHANGE_TEXT)
@require_safe
def preview_page(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """The page itself, as it would be if the working copy were published now; its links lead nowhere."""
    document = assemble([topic_language])[topic_language.pk]
    if is_public(topic_language, document):
        edition = topic_language.live_edition
        changed_at = edition.content_changed_at
        words = _("What is saved is what the public sees now: edition %(number)s.") % {
            "number": edition.number
        }
    else:
        changed_at = timezone.now()
        words = _("Preview of what is saved. The public does not see this.")
    inert = _("Links do nothing here.")
    return page_of(
        topic_language,
        document,
        changed_at=changed_at,
        notice=notice(f"{words} {inert}"),
        inert=True,
    )


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def waiting_page(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """The text that waits to go live, as a page."""
    scheduled = get_object_or_404(
        ScheduledEdition,
        topic_language=topic_language,
        outcome=ScheduledEdition.Outcome.WAITING,
    )
    words = _("This goes live on %(when)s. The public does not see it yet.") % {
        "when": minute(scheduled.due_at)
    }
    document = embedded_anew(TopicDocument.from_json(scheduled.document))
    return page_of(topic_language, document, changed_at=scheduled.due_at, notice=notice(words))
