"""Two versions of one language side by side, and the way back to one of them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.pages.access import agreed_version, around, language_view, record
from editorial.roles.rights import CHANGE_TEXT, VIEW
from editorial.saving import Stale, Unchanged
from editorial.states import minute
from topics.document import TopicDocument
from topics.models import Edition, TopicLanguage
from topics.working_copy import assemble

from .comparison import comparison
from .restoring import remarks, restorable, restore

WORKING, LIVE = "working", "live"


class VersionsForm(forms.Form):
    """Which two versions are compared: editions by number, the live one, the working copy."""

    def __init__(self, *args: Any, topic_language: TopicLanguage, **options: Any):
        super().__init__(*args, **options)
        choices = [(WORKING, _("Working copy"))]
        if topic_language.live_edition_id:
            choices.append((LIVE, _("Live edition")))
        rows = topic_language.editions.order_by("-number").values_list("number", "created_at")
        choices += [(str(number), _edition_name(number, moment)) for number, moment in rows]
        self.fields["from"] = forms.ChoiceField(label=_("Compare"), choices=choices)
        self.fields["to"] = forms.ChoiceField(label=_("with"), choices=choices)


def _edition_name(number: int, moment: Any) -> str:
    return _("Edition %(number)d of %(when)s") % {"number": number, "when": minute(moment)}


def _document(topic_language: TopicLanguage, version: str) -> TopicDocument:
    """The document of a version that the form let through."""
    if version == WORKING:
        return assemble([topic_language])[topic_language.pk]
    if version == LIVE:
        return TopicDocument.from_json(topic_language.live_edition.document)
    found = Edition.objects.get(topic_language=topic_language, number=int(version))
    return TopicDocument.from_json(found.document)


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def compare(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Two versions side by side, with the words that were added and removed."""
    form = VersionsForm(request.GET, topic_language=topic_language)
    rows, names = [], {}
    if form.is_valid():
        chosen = [form.cleaned_data[name] for name in ("from", "to")]
        names = dict(form.fields["from"].choices)
        rows = comparison(*(_document(topic_language, version) for version in chosen))
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="editions",
        versions=form,
        rows=rows,
        left=names.get(form["from"].value()),
        right=names.get(form["to"].value()),
    )
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "editorial/compare.html", context, status=status)


@dataclass(frozen=True)
class Source:
    """A document from the past of one language, and what to call it."""

    document: TopicDocument
    name: str
    heading: str
    deed: str
    done: str


@language_view(CHANGE_TEXT)
def restore_edition(
    request: HttpRequest, topic_language: TopicLanguage, number: int
) -> HttpResponse:
    """What restoring an edition changes in the working copy; a POST restores it."""
    edition = get_object_or_404(Edition, topic_language=topic_language, number=number)
    when = minute(edition.created_at)
    source = Source(
        document=TopicDocument.from_json(edition.document),
        name=_edition_name(edition.number, edition.created_at),
        heading=_("Restore edition %(number)d of %(when)s") % {"number": number, "when": when},
        deed=f"edition {number}",
        done=_("Edition %(number)d is in the working copy. The public page stays as it is.")
        % {"number": number},
    )
    return restore_from(request, topic_language, source)


def restore_from(
    request: HttpRequest, topic_language: TopicLanguage, source: Source
) -> HttpResponse:
    """What restoring a document changes in the working copy; a POST restores it."""
    stale = None
    if request.method == "POST":
        try:
            with transaction.atomic():
                said = restore(
                    topic_language,
                    source.document,
                    version=agreed_version(request.POST),
                    by=request.user,
                )
                record(request, topic_language, "restored", source.deed)
        except Unchanged:
            messages.info(request, _("The working copy says the same already."))
            return redirect("admin:topics_topiclanguage_editions", topic_language.pk)
        except Stale as refusal:
            stale = refusal.saved
        else:
            messages.success(request, source.done)
            for note in said:
                messages.warning(request, note)
            return redirect("admin:topics_topiclanguage_change", topic_language.pk)
    return _restore_page(request, topic_language, source, stale)


def _restore_page(
    request: HttpRequest,
    topic_language: TopicLanguage,
    source: Source,
    stale: TopicLanguage | None,
) -> HttpResponse:
    before = assemble([topic_language])[topic_language.pk]
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="editions",
        stale=stale,
        heading=source.heading,
        remarks=remarks(topic_language, source.document),
        rows=comparison(before, restorable(topic_language, source.document)),
        left=_("Working copy"),
        right=source.name,
    )
    status = 409 if stale else 200
    return TemplateResponse(request, "editorial/restore.html", context, status=status)
