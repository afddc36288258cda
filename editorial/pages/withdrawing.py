"""Withdraw a language of a topic, and correct later what its readers are told or where they are sent."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from editorial.roles.rights import PUBLISH
from editorial.states import minute, who
from topics import publishing
from topics.editions.correcting import correct_withdrawal, led_to
from topics.models import Address, PublicationEvent, TopicLanguage
from topics.publishing import NotReady

from .access import around, at_the_desk, language_view, record
from .publication import Changed, refuse_if_changed, waiting_of
from .publication_forms import CorrectForm, WithdrawForm


@language_view(PUBLISH)
def withdraw(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Ask for the reason; a POST takes the language off the public site."""
    if not request.POST:
        return _page(request, topic_language, _empty_form(topic_language))
    form = WithdrawForm(request.POST, topic_language=topic_language)
    if not form.is_valid():
        return _invalid(request, topic_language, form)
    values = form.cleaned_data
    try:
        with transaction.atomic():
            publishing.hold_to_withdraw(topic_language.pk, values["to"])
            refuse_if_changed(topic_language, values["version"])
            refuse_if_published(topic_language, values["live"])
            publishing.withdraw(
                topic_language.pk, by=request.user, reason=values["note"], to=values["to"]
            )
            told = what_readers_get(values["note"], values["to"])
            record(request, topic_language, "withdrawn", told)
    except (Changed, NotReady) as refusal:
        return _refused(request, topic_language, refusal)
    messages.success(request, _("The topic is no longer public in this language."))
    return redirect("admin:topics_topiclanguage_publish", topic_language.pk)


@language_view(PUBLISH)
@require_POST
def correct(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Give the withdrawn page another reason, or another page to which its readers are sent."""
    form = CorrectForm(request.POST, topic_language=topic_language)
    if not form.is_valid():
        return _invalid(request, topic_language, form)
    values = form.cleaned_data
    try:
        with transaction.atomic():
            publishing.hold_to_withdraw(topic_language.pk, values["to"])
            _refuse_if_decided_anew(topic_language, values["seen"])
            corrected = correct_withdrawal(
                topic_language.pk, by=request.user, reason=values["note"], to=values["to"]
            )
            if corrected:
                told = what_readers_get(values["note"], values["to"])
                record(request, topic_language, "withdrawal corrected", told)
    except (Changed, NotReady) as refusal:
        return _refused(request, topic_language, refusal)
    if corrected:
        messages.success(request, _("Corrected. Readers see it from now on."))
    else:
        messages.info(request, _("It is so already."))
    return redirect("admin:topics_topiclanguage_withdraw", topic_language.pk)


def what_readers_get(reason: str, to: Address | None = None) -> str:
    """The reason and where readers are sent, as the record of acts says it in any language."""
    return f"→ {to} · {reason}" if to else reason


def _last_event(topic_language: TopicLanguage) -> PublicationEvent | None:
    """The event that decided what readers see now."""
    events = topic_language.events.filter(kind__in=PublicationEvent.PUBLIC)
    return events.select_related("by").first()


def _refuse_if_decided_anew(topic_language: TopicLanguage, seen: int) -> None:
    """Raise Changed when somebody decided after `seen`, the key of an event, what readers see."""
    last = _last_event(topic_language)
    if last is not None and last.pk != seen:
        raise _decided_anew(last.by, last.at)


def refuse_if_published(topic_language: TopicLanguage, number: int | str | None) -> None:
    """Raise Changed when another edition is live than the one with this number, which was shown.

    That the page was withdrawn meanwhile is for the withdrawal itself to refuse.
    """
    now = TopicLanguage.objects.select_related("live_edition__created_by")
    live = now.defer("live_edition__document").get(pk=topic_language.pk).live_edition
    if live is not None and str(live.number) != str(number):
        raise _decided_anew(live.created_by, live.created_at)


def _decided_anew(by: Any, at: datetime) -> Changed:
    sentence = _(
        "%(who)s changed what readers see on %(when)s, after you opened this page. Look again."
    )
    return Changed(sentence % {"who": who(by), "when": minute(at)})


def _empty_form(topic_language: TopicLanguage, **typed: Any) -> WithdrawForm:
    """The form that fits the state of the language now, with what was typed where something was."""
    if topic_language.withdrawn_at is None:
        live = topic_language.live_edition
        shown = {"version": topic_language.version, "live": live and live.number}
        initial = {**shown, **typed}
        return WithdrawForm(initial=initial, topic_language=topic_language)
    last = _last_event(topic_language)
    now = {"note": topic_language.withdrawn_reason, "to": topic_language.readers_go_to}
    initial = {"seen": last.pk if last else 0, **now, **typed}
    return CorrectForm(initial=initial, topic_language=topic_language)


def _invalid(
    request: HttpRequest, topic_language: TopicLanguage, form: WithdrawForm
) -> HttpResponse:
    """The form with what is wrong in it, where it is still the one that fits the language.

    It is not when somebody published or withdrew meanwhile, nor when it lost what the editor saw.
    """
    fits = isinstance(form, CorrectForm) == (topic_language.withdrawn_at is not None)
    if fits and not any(field.errors for field in form.hidden_fields()):
        return _page(request, topic_language, form, status=409)
    sentence = _("Somebody changed what readers see after you opened this page. Look again.")
    return _refused(request, topic_language, Changed(sentence))


def _refused(
    request: HttpRequest, topic_language: TopicLanguage, refusal: Changed | NotReady
) -> HttpResponse:
    """Nothing was done: the page as the language is now, with what was typed."""
    reasons = refusal.reasons if isinstance(refusal, NotReady) else [str(refusal)]
    now = at_the_desk().get(pk=topic_language.pk)
    typed = {name: request.POST.get(name, "") for name in ("note", "to")}
    return _page(request, now, _empty_form(now, **typed), reasons=reasons, status=409)


def _page(
    request: HttpRequest,
    topic_language: TopicLanguage,
    form: WithdrawForm,
    *,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = around(
        request,
        topic_language,
        title=str(topic_language),
        tab="withdraw",
        form=form,
        reasons=reasons,
        waiting=waiting_of(topic_language),
        readers_go_to=topic_language.readers_go_to,
        led_here=list(led_to(topic_language)),
    )
    return TemplateResponse(request, "editorial/withdraw.html", context, status=status)
