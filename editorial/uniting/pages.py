"""The page on which a topic is merged into another one: choose which, see what happens, agree."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.fields import whole_number
from editorial.finding import topic_named
from editorial.guard import looking_again
from editorial.pages.access import record
from editorial.pages.publication import Changed
from editorial.pages.withdrawing import what_readers_get
from editorial.roles.rights import CHANGE_TEXT, CHANGE_TOPIC, PUBLISH, is_open_to
from topics.addresses import AddressTaken
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import NotReady

from .doing import Merged, unite
from .plan import Plan, plan

MERGE = (CHANGE_TOPIC, CHANGE_TEXT, PUBLISH)


def may_merge(user: AbstractBaseUser, topic: HealthTopic) -> bool:
    """Whether a person may merge a topic into another one."""
    return user.has_perms(MERGE) and is_open_to(user, topic)


class IntoForm(forms.Form):
    """The topic that stays."""

    into = forms.CharField(
        label=gettext_lazy("Merge it into the topic"),
        max_length=400,
        help_text=gettext_lazy("By its title, or its address."),
        widget=forms.TextInput({"class": "vTextField"}),
    )

    def __init__(self, *args: Any, version: TopicLanguage, **options: Any):
        super().__init__(*args, **options)
        self.version = version
        self.fields["into"].widget.attrs["data-suggest"] = reverse(
            "admin:topics_topiclanguage_find_topics", args=[version.pk]
        )

    def clean_into(self) -> HealthTopic:
        """The topic that is meant."""
        found = topic_named(self.cleaned_data["into"], self.version.language)
        if found is None:
            raise forms.ValidationError(_("There is no topic of this name in this language."))
        return found.topic


@looking_again
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET shows what merging would do; a POST does exactly that."""
    if not request.user.has_perms(MERGE):
        raise PermissionDenied
    topics = HealthTopic.objects.prefetch_related("languages__topic")
    topic = get_object_or_404(topics, pk=pk)
    if not is_open_to(request.user, topic):
        raise PermissionDenied
    version = topic.languages.order_by("language").first()
    if version is None:
        messages.info(request, _("This topic has no language yet."))
        return redirect("admin:topics_healthtopic_change", pk)
    if request.method == "POST":
        staying = get_object_or_404(topics, pk=whole_number(request.POST.get("staying")) or 0)
        try:
            with transaction.atomic():
                merged = unite(pk, staying.pk, seen=request.POST.get("seen", ""), by=request.user)
                _record(request, merged, f"{topic} → {staying}")
        except NotReady as refusal:
            refused = refusal.reasons
        except (Changed, AddressTaken) as refusal:
            refused = [str(refusal)]
        else:
            _say(request, merged)
            return redirect("admin:topics_healthtopic_change", staying.pk)
        # What it would do by now.
        topic, staying = (get_object_or_404(topics, pk=key) for key in (pk, staying.pk))
        agreed = plan(topic, staying, request.user)
        return _page(request, agreed.leaving, version, None, agreed, refused)
    form = IntoForm(request.GET if "into" in request.GET else None, version=version)
    chosen = form.is_bound and form.is_valid()
    agreed = None
    if chosen:
        agreed = plan(topic, topics.get(pk=form.cleaned_data["into"].pk), request.user)
    return _page(request, topic, version, form, agreed)


def _page(
    request: HttpRequest,
    topic: HealthTopic,
    version: TopicLanguage,
    form: IntoForm | None,
    agreed: Plan | None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """The page; `refused` says why nothing was done, where the plan does not say so itself."""
    standing = agreed.reasons if agreed else []
    context = {
        **admin.site.each_context(request),
        "title": _("Merge “%(topic)s” into another topic") % {"topic": topic},
        "topic": topic,
        "form": form or IntoForm(version=version),
        "plan": agreed,
        "refused": [sentence for sentence in refused if sentence not in standing],
    }
    return TemplateResponse(
        request, "editorial/merge.html", context, status=409 if refused else 200
    )


def _record(request: HttpRequest, merged: Merged, detail: str) -> None:
    """Note what became of each page, in the transaction of the merge."""
    for row in merged.joined:
        record(request, row, "merged", detail)
    for row in merged.left:
        led_to = row.readers_go_to
        record(request, row, "merged away", f"{detail} · → {led_to}" if led_to else detail)
    for row in merged.led_on:
        told = what_readers_get(row.withdrawn_reason, row.withdrawn_to)
        record(request, row, "withdrawal corrected", told)
    for row in merged.moved:
        record(request, row, "moved", detail)
    for row in merged.pointing:
        record(request, row, "related changed", detail)


def _say(request: HttpRequest, merged: Merged) -> None:
    sentences = [_("The topics are merged.")]
    if merged.redirected:
        # A language that readers did not see keeps saying what it said, or has no address at all.
        languages = [row.get_language_display() for row in merged.redirected]
        sentence = _("Its old addresses lead here (%(languages)s).")
        sentences.append(sentence % {"languages": get_text_list(languages, _("and"))})
    messages.success(request, " ".join(sentences))
    if merged.to_publish:
        sentence = ngettext(
            "%(count)d page waits to be published: %(pages)s",
            "%(count)d pages wait to be published: %(pages)s",
            len(merged.to_publish),
        )
        named = ", ".join(str(row) for row in merged.to_publish[:20])
        values = {"count": len(merged.to_publish), "pages": named}
        messages.warning(request, sentence % values)


merge_page = admin.site.admin_view(merge)
