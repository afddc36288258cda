"""Preview, publish, withdraw, and the editions of one language of a topic."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from editorial.readiness import readiness_of
from editorial.states import State, minute, state_of, who
from topics import live, publishing
from topics.addresses import AddressTaken
from topics.document import TopicDocument, changed_fields
from topics.models import Edition, TopicLanguage
from topics.publishing import NotReady
from topics.views import topic_response
from topics.working_copy import assemble

from .access import CHANGE_TEXT, PUBLISH, VIEW, around, language_view, record

FIELD_NAMES = {
    "slug": gettext_lazy("address"),
    "title": gettext_lazy("title"),
    "meta_description": gettext_lazy("description for search engines"),
    "also_called": gettext_lazy("other names"),
    "see_references": gettext_lazy("see references"),
    "summary": gettext_lazy("summary"),
    "attribution": gettext_lazy("attribution"),
    "groups": gettext_lazy("groups"),
    "mapped": gettext_lazy("topic in the other language"),
    "mesh_headings": gettext_lazy("MeSH headings"),
    "other_languages": gettext_lazy("other languages"),
    "institute": gettext_lazy("primary institute"),
    "related": gettext_lazy("related topics"),
    "links": gettext_lazy("links"),
    "image": gettext_lazy("picture"),
}


class NoteForm(forms.Form):
    """Why something is published or withdrawn, and the state that the editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note for your colleagues"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
    )


class PublishForm(NoteForm):
    """The note, and the content that the editor was shown."""

    digest = forms.CharField(widget=forms.HiddenInput)


class Changed(Exception):
    """What would be published or withdrawn is not what the editor was shown; says why."""


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def preview(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """The page as the public would see it if the working copy were published now."""
    document = assemble([topic_language])[topic_language.pk]
    notice = _("Preview of what is saved. The public does not see this.")
    return as_public_page(topic_language, document, changed_at=timezone.now(), notice=notice)


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def edition(request: HttpRequest, topic_language: TopicLanguage, number: int) -> HttpResponse:
    """One edition as a page, with the links of today."""
    found = get_object_or_404(Edition, topic_language=topic_language, number=number)
    document = TopicDocument.from_json(found.document)
    notice = _("Edition %(number)s, published on %(day)s. The public sees what is live now.") % {
        "number": found.number,
        "day": minute(found.created_at),
    }
    return as_public_page(
        topic_language, document, changed_at=found.content_changed_at, notice=notice
    )


def as_public_page(
    topic_language: TopicLanguage, document: TopicDocument, *, changed_at: Any, notice: str
) -> HttpResponse:
    """A document through the very template of public pages, for nobody but who asked.

    The notice, in the language of the desk, says that this is not the public page.
    """
    back = format_html(
        '<aside class="notice" lang="{}" aria-label="{}"><p>{} <a href="{}">{}</a></p></aside>',
        translation.get_language(),
        _("Notice"),
        notice,
        reverse("admin:topics_topiclanguage_change", args=[topic_language.pk]),
        _("Back to editing"),
    )
    language = topic_language.language
    versions = TopicLanguage.objects.filter(
        topic=topic_language.topic_id, live_edition__isnull=False
    ).exclude(language=language)
    nothing = live.Found(*[None] * len(live.Found._fields))
    found = nothing._replace(
        document=document.to_json(),
        content_changed_at=changed_at,
        last_reviewed=topic_language.last_reviewed,
        next_review=topic_language.next_review,
        others=dict(versions.values_list("language", "address__slug")),
    )
    with translation.override(language):
        response = topic_response(language, document.slug, found, notice=back)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Content-Language"] = language
    return response


@language_view(PUBLISH)
def publish(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """What publishing would change and what stands against it; a POST publishes."""
    form = PublishForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    changed = ""
    if request.method == "POST":
        try:
            done = _publish(topic_language, form, by=request.user)
        except Changed as refusal:
            changed = str(refusal)
            topic_language.refresh_from_db()
        except NotReady as refusal:
            reasons = refusal.reasons
        except AddressTaken as refusal:
            reasons = [str(refusal)]
        else:
            record(request, topic_language, "published")
            where = live.path_of(topic_language.language, done.slug)
            sentence = _("Edition %(number)s is live at %(address)s.")
            messages.success(request, sentence % {"number": done.number, "address": where})
            return redirect("admin:topics_topiclanguage_publish", topic_language.pk)
    document = assemble([topic_language])[topic_language.pk]
    shown = {"version": topic_language.version, "digest": shown_digest(document)}
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="publish",
        form=PublishForm(initial={**shown, "note": form["note"].value()}),
        changed=changed,
        reasons=reasons or publishing.reasons_not_to_publish(document),
        readiness=readiness_of(topic_language, document),
        refused=bool(reasons),
        changes=_changes(topic_language, document),
        unchanged=state_of(topic_language) == State.LIVE,
    )
    status = 409 if reasons or changed else 200
    return TemplateResponse(request, "editorial/publish.html", context, status=status)


def shown_digest(document: TopicDocument) -> str:
    """What stands for a document's content; its first day is given only by publishing."""
    return replace(document, date_created=None).content_digest()


@transaction.atomic
def _publish(topic_language: TopicLanguage, form: PublishForm, *, by: Any) -> Edition:
    """Publish exactly what the editor was shown, or nothing: Changed undoes it all."""
    if not form.is_valid():
        raise Changed(_("A part of the page did not arrive."))
    _refuse_if_changed(topic_language, form.cleaned_data["version"])
    edition = publishing.publish(topic_language.pk, by=by, note=form.cleaned_data["note"])
    if shown_digest(TopicDocument.from_json(edition.document)) != form.cleaned_data["digest"]:
        # A shared link, an organisation, a section or a group, none of which counts as a save.
        raise Changed(
            _("Something that this topic shares with others changed after you opened this page.")
        )
    return edition


def _refuse_if_changed(topic_language: TopicLanguage, version: int) -> None:
    now = TopicLanguage.objects.select_for_update(of=("self",)).select_related("changed_by")
    saved = now.get(pk=topic_language.pk)
    if saved.version != version:
        raise Changed(
            _("%(who)s saved this topic on %(when)s, after you opened this page. Look again.")
            % {"who": who(saved.changed_by), "when": minute(saved.changed_at)}
        )


def _changes(topic_language: TopicLanguage, document: TopicDocument) -> list[str]:
    """Names of the fields that publishing would change for the public."""
    if topic_language.live_edition is None:
        return []
    before = TopicDocument.from_json(topic_language.live_edition.document)
    return [str(FIELD_NAMES.get(name, name)) for name in changed_fields(before, document)]


@language_view(PUBLISH)
def withdraw(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Ask for the reason; a POST takes the language off the public site."""
    form = NoteForm(request.POST or None, initial={"version": topic_language.version})
    form.fields["note"].label = _("Reason; readers are shown it at the old address")
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _refuse_if_changed(topic_language, form.cleaned_data["version"])
                publishing.withdraw(
                    topic_language.pk, by=request.user, reason=form.cleaned_data["note"]
                )
        except Changed as refusal:
            reasons = [str(refusal)]
        except NotReady as refusal:
            reasons = refusal.reasons
        else:
            record(request, topic_language, "withdrawn")
            messages.success(request, _("The topic is no longer public in this language."))
            return redirect("admin:topics_topiclanguage_publish", topic_language.pk)
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="withdraw",
        form=form,
        reasons=reasons,
    )
    return TemplateResponse(
        request, "editorial/withdraw.html", context, status=409 if reasons else 200
    )


@language_view(VIEW, CHANGE_TEXT)
@require_safe
def editions(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Every edition: number, when, who, where from, why."""
    rows = (
        topic_language.editions.select_related("created_by", "made_from__topic_language")
        .defer("document")
        .order_by("-number")
    )
    listed = [
        {
            "number": row.number,
            "when": minute(row.created_at),
            "who": who(row.created_by) if row.created_by else row.get_origin_display(),
            "origin": row.get_origin_display(),
            "note": row.note,
            "title": row.title,
            "is_live": row.pk == topic_language.live_edition_id,
        }
        for row in rows
    ]
    context = around(
        request, topic_language, title=str(topic_language), tab="editions", editions=listed
    )
    return TemplateResponse(request, "editorial/editions.html", context)
