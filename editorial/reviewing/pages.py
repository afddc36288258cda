"""The reviews of one language of a topic, and the list of what is due."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.pages.access import around, language_view, record
from editorial.roles.rights import CHANGE_TEXT, REVIEW, VIEW, may, writes_anywhere
from resources.models import Language
from topics.editions.reviewing import due_by, record_review, to_be_changed
from topics.models import TopicLanguage
from topics.publishing import NotReady

from .forms import ReviewForm

SOON_DAYS = 30
A_PAGE = 100
MINE, NOBODYS = "mine", "nobodys"


@language_view(VIEW, CHANGE_TEXT, REVIEW)
def review(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """What reviewers found so far; a POST records a review of what is live."""
    may_review = may(request.user, REVIEW, topic_language)
    data = request.POST if request.method == "POST" else None
    if data is not None and not may_review:
        raise PermissionDenied
    form = ReviewForm(data, topic_language=topic_language)
    reasons: list[str] = []
    if data is not None and form.is_valid():
        values = form.cleaned_data
        try:
            with transaction.atomic():
                record_review(topic_language.pk, by=request.user, **values)
                found = f"edition {values['edition']}: {values['result']}"
                record(request, topic_language, "reviewed", found)
        except NotReady as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("The review is recorded."))
            return redirect("admin:topics_topiclanguage_review", topic_language.pk)
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="review",
        form=form,
        reasons=reasons,
        may_review=may_review,
        reviews=topic_language.reviews.select_related("by", "edition").defer("edition__document"),
        today=localdate(),
    )
    status = 409 if reasons else 200
    return TemplateResponse(request, "editorial/review.html", context, status=status)


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """The reviews that are overdue or due within the next weeks, mine or everybody's."""
    may_look = any(request.user.has_perm(right) for right in (VIEW, REVIEW))
    if not may_look and not writes_anywhere(request.user):
        raise PermissionDenied
    whose, language = request.GET.get("whose"), request.GET.get("language")
    rows = due_by(localdate() + timedelta(days=SOON_DAYS))
    rows = rows.annotate(is_to_be_changed=to_be_changed())
    if whose == MINE:
        rows = rows.filter(review_owner=request.user)
    elif whose == NOBODYS:
        rows = rows.filter(review_owner=None)
    if language in Language.values:
        rows = rows.filter(language=language)
    context = {
        **admin.site.each_context(request),
        "title": _("Reviews that are due"),
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("p")),
        "today": localdate(),
        "days": SOON_DAYS,
        "whose": whose,
        "language": language,
        "everybody": [("", _("Everybody's")), (MINE, _("Mine")), (NOBODYS, _("Nobody's"))],
        "languages": [("", _("Both languages")), *Language.choices],
    }
    return TemplateResponse(request, "editorial/due.html", context)


due_view = admin.site.admin_view(due)
