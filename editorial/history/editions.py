"""Every edition of a topic in one language, and what the public saw at a moment of the past."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from editorial.fields import within_reach
from editorial.pages.access import around, language_view
from editorial.preview.rendering import notice, page_of
from editorial.roles.rights import CHANGE_TEXT, VIEW
from editorial.states import minute, who
from resources.models import Language
from topics.document import TopicDocument
from topics.editions.reviewing import dates_shown
from topics.models import Edition, PublicationEvent, TopicLanguage

from .comparing import LIVE, WORKING, VersionsForm
from .withdrawals import withdrawals, withdrawn_on

A_PAGE = 25


class MomentForm(forms.Form):
    """A day, and a time of it."""

    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(
        label=gettext_lazy("Time (optional)"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["at"].help_text = _(
            "Without a time, the end of the day. Time zone: %(zone)s."
        ) % {"zone": timezone.get_current_timezone_name()}

    def clean_on(self) -> date:
        """A day on which nothing was recorded yet is refused; one that has not come means now."""
        within_reach(min(self.cleaned_data["on"], timezone.localdate()))
        return self.cleaned_data["on"]

    def clean(self):
        data = super().clean()
        if data.get("on"):
            data["moment"] = _moment(data["on"], data.get("at"))
            if data["moment"] > timezone.now():
                data["moment"], data["ahead"] = timezone.now(), True
        return data


def _moment(day: date, at: time | None) -> datetime:
    """The end of the minute that is meant; of the day, where no time is."""
    end = (at or time(23, 59)).replace(second=59, microsecond=999_999)
    return timezone.make_aware(datetime.combine(day, end))


def public_at(topic_language: TopicLanguage, moment: datetime) -> PublicationEvent | None:
    """The event that decided what the public saw at a moment; None before the first one."""
    events = topic_language.events.filter(at__lte=moment, kind__in=PublicationEvent.PUBLIC)
    return events.select_related("edition", "by").order_by("-at", "-pk").first()


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def editions(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Every edition: number, when, who, where from, why; and the way to compare two."""
    rows = (
        topic_language.editions.select_related("created_by", "made_from__topic_language")
        .defer("document", "made_from__document")
        .order_by("-number")
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    listed = [
        {
            "number": row.number,
            "before": row.number - 1,
            "when": minute(row.created_at),
            "who": who(row.created_by) if row.created_by else row.get_origin_display(),
            "origin": row.get_origin_display(),
            "note": row.note,
            "title": row.title,
            "is_live": row.pk == topic_language.live_edition_id,
            "made_from": row.made_from,
            "made_from_language": row.made_from
            and Language(row.made_from.topic_language.language).label,
        }
        for row in page
    ]
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="editions",
        editions=listed,
        page=page,
        moment=MomentForm(),
        withdrawals=withdrawals(topic_language),
        versions=VersionsForm(initial={"from": LIVE, "to": WORKING}, topic_language=topic_language),
        scheduled=topic_language.scheduled.select_related("created_by").order_by("-pk")[:10],
    )
    return TemplateResponse(request, "editorial/editions.html", context)


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def edition(request: HttpRequest, topic_language: TopicLanguage, number: int) -> HttpResponse:
    """One edition as a page; related topics are called by their titles of today."""
    found = get_object_or_404(Edition, topic_language=topic_language, number=number)
    words = _("Edition %(number)s, published on %(day)s. The public sees what is live now.") % {
        "number": found.number,
        "day": minute(found.created_at),
    }
    return _page(topic_language, found, words, Q(edition__number__lte=number))


def _page(topic_language: TopicLanguage, edition: Edition, words: str, known: Q) -> HttpResponse:
    """An edition through the public template, with the reviews `known` then, under what is to be said."""
    today = _(
        "Titles of related topics, names of groups, the way to the other language and the words of "
        "the site are those of today."
    )
    return page_of(
        topic_language,
        TopicDocument.from_json(edition.document),
        changed_at=edition.content_changed_at,
        reviewed=dates_shown(topic_language, known),
        notice=notice(f"{words} {today}"),
    )


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def on_date(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """What the public saw at a moment: the page as it was, or the sentence that there was none."""
    form = MomentForm(request.GET)
    sentence = ""
    if form.is_valid():
        moment = form.cleaned_data["moment"]
        ahead = _("That moment has not come yet.") if "ahead" in form.cleaned_data else ""
        event = public_at(topic_language, moment)
        if event is not None and event.kind == PublicationEvent.Kind.LIVE:
            words = _(
                "What the public saw on %(moment)s: edition %(number)s (live since %(since)s)."
            )
            words %= {
                "number": event.edition.number,
                "since": minute(event.at),
                "moment": minute(moment),
            }
            known = Q(recorded_at__lte=moment)
            return _page(topic_language, event.edition, f"{ahead} {words}".strip(), known)
        sentence = (
            withdrawn_on(moment, event, topic_language)
            if event
            else _("On %(moment)s this language was not public yet.") % {"moment": minute(moment)}
        )
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="editions",
        moment=form,
        sentence=sentence,
    )
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "editorial/on_date.html", context, status=status)
