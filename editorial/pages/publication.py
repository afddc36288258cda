"""Publish now or at a date, and call off what waits."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from editorial.audit import of_publication
from editorial.originals import comparison_of, new_words
from editorial.readiness import readiness_of
from editorial.roles.rights import CHANGE_TEXT, PUBLISH
from editorial.saving import hold_topics
from editorial.states import State, minute, state_of, who
from resources.models import Language, other_language
from topics import live, publishing
from topics.addresses import AddressTaken
from topics.document import TopicDocument, changed_fields
from topics.editions.descent import NewerOriginal
from topics.editions.reviewing import change_asked_for
from topics.editions.scheduling import cancel, schedule
from topics.editions.writers import reasons_for_another_person
from topics.models import Edition, ScheduledEdition, TopicLanguage
from topics.publishing import NotReady
from topics.working_copy import assemble

from .access import around, language_view, record
from .publication_forms import LATER, NOW, PublishForm

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


class Changed(Exception):
    """What would be published or withdrawn is not what the editor was shown; says why."""


@dataclass
class Side:
    """One language of a topic as the page for publishing shows it to a person."""

    topic_language: TopicLanguage
    document: TopicDocument
    person: Any

    @property
    def name(self) -> str:
        return Language(self.topic_language.language).label

    @cached_property
    def reasons(self) -> list[str]:
        """What stands against this person's publishing it."""
        reasons = publishing.reasons_not_to_publish(self.document)
        if not self.unchanged:
            reasons += reasons_for_another_person(self.topic_language.writers, self.person)
        return reasons

    @property
    def unchanged(self) -> bool:
        return state_of(self.topic_language) == State.LIVE

    @property
    def changes(self) -> list[str]:
        """Names of the fields that publishing would change for the public."""
        if self.topic_language.live_edition is None:
            return []
        before = TopicDocument.from_json(self.topic_language.live_edition.document)
        return [str(FIELD_NAMES.get(name, name)) for name in changed_fields(before, self.document)]

    @property
    def digest(self) -> str:
        return shown_digest(self.document)


def sides_of(topic_language: TopicLanguage, person: Any) -> list[Side]:
    """The language of the page, and the other one where the topic has it."""
    other = TopicLanguage.objects.select_related("topic", "live_edition").filter(
        topic=topic_language.topic_id, language=other_language(topic_language.language)
    )
    versions = [topic_language, *other]
    documents = assemble(versions)
    return [Side(version, documents[version.pk], person) for version in versions]


def shown_digest(document: TopicDocument) -> str:
    """What stands for a document's content; its first day is given only by publishing."""
    return replace(document, date_created=None).content_digest()


@language_view(PUBLISH)
def publish(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """What publishing would change and what stands against it; a POST publishes or schedules."""
    form = PublishForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    changed = ""
    if request.method == "POST":
        try:
            done = _publish(request, topic_language, form)
        except Changed as refusal:
            changed = str(refusal)
            topic_language.refresh_from_db()
        except NotReady as refusal:
            reasons = refusal.reasons
        except AddressTaken as refusal:
            reasons = [str(refusal)]
        else:
            for version, result in done:
                _say(request, version, result)
            return redirect("admin:topics_topiclanguage_publish", topic_language.pk)
    context = _publish_page(request, topic_language, form)
    context |= {"changed": changed, "refused": bool(reasons)}
    context["reasons"] = reasons or context["own"].reasons
    status = 409 if reasons or changed else 200
    return TemplateResponse(request, "editorial/publish.html", context, status=status)


def _publish_page(
    request: HttpRequest, topic_language: TopicLanguage, form: PublishForm
) -> dict[str, Any]:
    own, *others = sides_of(topic_language, request.user)
    shown = {"version": topic_language.version, "digest": own.digest}
    for other in others:
        shown |= {"other_version": other.topic_language.version, "other_digest": other.digest}
    along = [other for other in others if not other.unchanged and not other.reasons]
    comparison = comparison_of([side.topic_language for side in (own, *along)])
    shown["original"] = comparison and comparison.original
    kept = {name: form[name].value() for name in ("note", "also", "compared", "when", "due_at")}
    # What was typed stays, with its errors; what was shown is shown anew.
    fresh = PublishForm(initial={**kept, "when": kept["when"] or NOW, **shown})
    fresh.fields["also"].label = _("Publish %(language)s too, in one step") % {
        "language": others[0].name if others else ""
    }
    return around(
        request,
        topic_language,
        title=str(topic_language),
        tab="publish",
        form=fresh,
        own=own,
        comparison=comparison,
        news=new_words(comparison and comparison.descent),
        readiness=readiness_of(topic_language, own.document),
        beside=others[0] if others else None,
        waiting=waiting_of(topic_language),
        asked=change_asked_for(topic_language),
    )


@language_view(CHANGE_TEXT)
@require_safe
def before(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """What stands against publishing, for whoever changes the text and may not publish it."""
    document = assemble([topic_language])[topic_language.pk]
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="before",
        readiness=readiness_of(topic_language, document),
        asked=change_asked_for(topic_language),
    )
    return TemplateResponse(request, "editorial/before.html", context)


def waiting_of(topic_language: TopicLanguage) -> ScheduledEdition | None:
    """What waits to go live in this language."""
    rows = ScheduledEdition.objects.filter(topic_language=topic_language)
    return rows.filter(outcome=ScheduledEdition.Outcome.WAITING).first()


@transaction.atomic
def _publish(
    request: HttpRequest, topic_language: TopicLanguage, form: PublishForm
) -> list[tuple[TopicLanguage, Edition | ScheduledEdition]]:
    """Publish or schedule exactly what the editor was shown, or nothing: Changed undoes it all."""
    if not form.is_valid():
        hidden = {"version", "digest", "other_version", "other_digest"}
        if hidden & form.errors.keys():
            raise Changed(_("A part of the page did not arrive."))
        raise NotReady([problem for errors in form.errors.values() for problem in errors])
    values = form.cleaned_data
    shown = {topic_language.pk: (values["version"], values["digest"])}
    versions = [topic_language]
    other = (
        values["also"]
        and TopicLanguage.objects.filter(
            topic=topic_language.topic_id, language=other_language(topic_language.language)
        ).first()
    )
    if other:
        shown[other.pk] = (values["other_version"], values["other_digest"])
        versions.append(other)
    hold_topics([topic_language.topic_id])
    publishing.hold(*shown)
    # The original first: its edition is what the translation is made from.
    source = topic_language.topic.source_language
    versions.sort(key=lambda version: version.language != source)
    done: list[tuple[TopicLanguage, Edition | ScheduledEdition]] = []
    for version in versions:
        original = done[0][1] if done else None
        result = _one(version, values, shown[version.pk], by=request.user, original=original)
        deed = "scheduled" if isinstance(result, ScheduledEdition) else "published"
        record(request, version, deed, of_publication(result))
        done.append((version, result))
    return done


def _one(
    version: TopicLanguage,
    values: dict[str, Any],
    shown: Any,
    *,
    by: Any,
    original: Edition | ScheduledEdition | None,
) -> Edition | ScheduledEdition:
    """Publish or schedule one language; `original` is what the other one became in the same step."""
    refuse_if_changed(version, shown[0])
    when = {"by": by, "note": values["note"]}
    is_translation = version.language != version.topic.source_language
    if values["compared"] and is_translation and not isinstance(original, ScheduledEdition):
        when["compared_with"] = original.number if original else values["original"]
    try:
        if values["when"] == LATER:
            together = original if values["compared"] else None
            when |= {"due_at": values["due_at"], "together_with": together}
            result = schedule(version.pk, **when)
        else:
            result = publishing.publish(version.pk, **when)
    except NewerOriginal as refusal:
        raise Changed(str(refusal)) from refusal
    except NotReady as refusal:
        if not values["also"]:
            raise
        name = Language(version.language).label
        raise NotReady([f"{name}: {reason}" for reason in refusal.reasons]) from refusal
    refuse_if_not_shown(result, shown[1])
    return result


def _say(request: HttpRequest, version: TopicLanguage, result: Edition | ScheduledEdition) -> None:
    """Tell the editor what was done."""
    if isinstance(result, ScheduledEdition):
        sentence = _("On %(when)s, %(language)s goes live.")
        values = {"language": Language(version.language).label, "when": minute(result.due_at)}
    else:
        sentence = _("Edition %(number)s is live at %(address)s.")
        where = live.path_of(version.language, result.slug)
        values = {"number": result.number, "address": where}
    messages.success(request, sentence % values)


def refuse_if_changed(topic_language: TopicLanguage, version: int | None) -> None:
    """Raise Changed when somebody saved the language since the editor's page was made."""
    now = TopicLanguage.objects.select_for_update(of=("self",)).select_related("changed_by")
    saved = now.get(pk=topic_language.pk)
    if saved.version != version:
        raise Changed(
            _("%(who)s saved this topic on %(when)s, after you opened this page. Look again.")
            % {"who": who(saved.changed_by), "when": minute(saved.changed_at)}
        )


def refuse_if_not_shown(result: Edition | ScheduledEdition, digest: str) -> None:
    """Raise Changed when what is published, or scheduled, is not the content that was shown."""
    if shown_digest(TopicDocument.from_json(result.document)) != digest:
        # A shared link, an organisation, a picture or a group, none of which counts as a save.
        raise Changed(
            _("Something that this topic shares with others changed after you opened this page.")
        )


@language_view(PUBLISH)
@require_POST
def call_off(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Call off what the editor was shown as waiting to go live, and nothing that was set since."""
    with transaction.atomic():
        publishing.hold(topic_language.pk)
        waiting = waiting_of(topic_language)
        shown = waiting is not None and request.POST.get("waiting") == str(waiting.pk)
        if shown:
            cancel(topic_language.pk, by=request.user)
            record(request, topic_language, "schedule cancelled")
    if shown:
        messages.success(request, _("Called off. What is public stays as it is."))
    elif waiting is None:
        messages.warning(request, _("Nothing waits to go live in this language any more."))
    else:
        sentence = _("Not called off: on %(when)s, %(who)s set the date that is shown now.")
        values = {"when": minute(waiting.created_at), "who": who(waiting.created_by)}
        messages.error(request, sentence % values)
    return redirect("admin:topics_topiclanguage_publish", topic_language.pk)
