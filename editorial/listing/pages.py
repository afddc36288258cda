"""The two steps of doing something to many topics: choose how, then see what was refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import within_reach
from editorial.roles.rights import CHANGE_TEXT, CHANGE_TOPIC, PUBLISH
from editorial.states import by_language, state_of
from resources.models import Language
from topics.editions.correcting import led_to
from topics.models import HealthTopic, TopicLanguage, TopicTag

from . import deeds

# Each is a transaction of its own; more would outlast what a server allows one request.
AT_ONCE = 100


class ChosenForm(forms.Form):
    """Which topics, and what the person was shown of them, by key."""

    chosen = forms.CharField(widget=forms.HiddenInput)

    def clean_chosen(self) -> dict[int, deeds.Seen]:
        """What was shown, by key. A part of the page that did not arrive whole is refused."""
        try:
            held = json.loads(self.cleaned_data["chosen"])
            found = {
                int(key): deeds.Seen(int(version), str(shown))
                for key, (version, shown) in held.items()
            }
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            found = {}
        if (
            not found
            or len(found) > AT_ONCE * len(Language.values)
            or max(map(abs, found)) >= 2**63
        ):
            raise forms.ValidationError(_("A part of the page did not arrive."))
        return found


class LanguagesForm(ChosenForm):
    """What is done to one language of topics, or to both."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class PublishManyForm(LanguagesForm):
    """When, and why."""

    due_at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
    )
    note = forms.CharField(
        label=gettext_lazy("Note for your colleagues"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["due_at"].help_text = _(
            "Left empty, they are published now. Time zone: %(zone)s."
        ) % {"zone": get_current_timezone_name()}

    def clean_due_at(self):
        """A date that lies ahead."""
        due_at = self.cleaned_data["due_at"]
        if due_at and due_at <= timezone.now():
            raise forms.ValidationError(
                _("The date has passed. Choose a later one, or publish now.")
            )
        return due_at


class WithdrawManyForm(LanguagesForm):
    """The reason, which readers are shown."""

    note = forms.CharField(
        label=gettext_lazy("Reason; readers are shown it at the old address"),
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
    )


class OwnerForm(LanguagesForm):
    """Who looks after the reviews from now on."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner of the review"),
        queryset=get_user_model().objects.filter(is_active=True, is_staff=True),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )


class TagForm(ChosenForm):
    """A tag, in use already or new."""

    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=100,
        widget=forms.TextInput({"class": "vTextField", "list": "tags"}),
    )


@dataclass(frozen=True)
class Work:
    """One kind of work: its name on the page, the right it takes, its form and what it does.

    `depends_on` says of languages, besides their versions, what must be then as it was when shown.
    """

    label: str | Promise
    right: str
    form: type[ChosenForm]
    deed: deeds.Deed | None = None
    depends_on: Callable[[list[TopicLanguage]], dict[int, str]] = lambda versions: {}


WORK = {
    "publish": Work(
        gettext_lazy("Publish, now or at a date"),
        PUBLISH,
        PublishManyForm,
        deeds.publish,
        deeds.contents,
    ),
    "withdraw": Work(
        gettext_lazy("Withdraw from the site"),
        PUBLISH,
        WithdrawManyForm,
        deeds.withdraw,
        deeds.live_editions,
    ),
    "owner": Work(
        gettext_lazy("Set the owner of the review"), CHANGE_TEXT, OwnerForm, deeds.set_owner
    ),
    "tag": Work(gettext_lazy("Add a tag"), CHANGE_TOPIC, TagForm),
}


def actions_for(request: HttpRequest) -> dict[str, tuple[Callable, str, Any]]:
    """The actions of the list that somebody may use, as Django's admin wants them."""
    return {
        key: (_opening(key), key, work.label)
        for key, work in WORK.items()
        if request.user.has_perm(work.right)
    }


def _opening(key: str) -> Callable:
    """What the list does when an action is chosen: it asks how."""

    def opened(options: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        topics = list(queryset[: AT_ONCE + 1])
        if len(topics) > AT_ONCE:
            sentence = _("Choose at most %(count)d topics at a time.")
            messages.warning(request, sentence % {"count": AT_ONCE})
            return None
        return _ask(request, key, WORK[key].form(initial=_shown(key, topics)), topics)

    return opened


def _languages_of(topics: list[HealthTopic]) -> list[TopicLanguage]:
    """The languages of topics that were asked for with them."""
    return [row for topic in topics for row in topic.languages.all()]


def _shown(key: str, topics: list[HealthTopic]) -> dict[str, Any]:
    """What the hidden field carries: what is shown of topics for a tag, else of their languages."""
    rows = topics if key == "tag" else _languages_of(topics)
    more = WORK[key].depends_on(rows)
    return {"chosen": json.dumps({row.pk: [row.version, more.get(row.pk, "")] for row in rows})}


def _ask(
    request: HttpRequest, key: str, form: ChosenForm, topics: list[HealthTopic], status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": WORK[key].label,
        "work": reverse("admin:topics_healthtopic_work", args=[key]),
        "form": form,
        "tags": TopicTag.objects.order_by("name") if key == "tag" else [],
        "topics": [
            (topic, [state_of(by_language(topic).get(code)) for code in Language.values])
            for topic in topics
        ],
        "languages": Language.choices,
        "led_here": led_to(*_languages_of(topics)) if key == "withdraw" else [],
    }
    return TemplateResponse(request, "editorial/work.html", context, status=status)


def work_on(request: HttpRequest, key: str) -> HttpResponse:
    """Do it, and say what was refused and why."""
    work = WORK.get(key)
    if work is None:
        raise Http404
    if not request.user.has_perm(work.right):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("admin:topics_healthtopic_changelist")
    form = work.form(request.POST)
    valid = form.is_valid()
    chosen = form.cleaned_data.get("chosen", {})
    by_topic = "pk__in" if key == "tag" else "languages__in"
    topics = HealthTopic.objects.filter(**{by_topic: list(chosen)}).distinct()
    topics = list(topics.order_by("pk").prefetch_related("languages"))
    if not valid:
        return _ask(request, key, form, topics, status=409)
    report = _do(request, work, topics, form.cleaned_data)
    context = {**admin.site.each_context(request), "title": work.label, "report": report}
    return TemplateResponse(request, "editorial/worked.html", context)


def _do(
    request: HttpRequest, work: Work, topics: list[HealthTopic], values: dict[str, Any]
) -> deeds.Report:
    if work.deed is None:
        return deeds.add_tag(request, topics, values["tag"])
    versions = TopicLanguage.objects.filter(
        pk__in=list(values["chosen"]), language__in=values["languages"]
    ).select_related("topic", "review_owner")
    # The original of each topic before its translation.
    ordered = sorted(
        versions, key=lambda row: (row.topic_id, row.language != row.topic.source_language)
    )
    return deeds.to_each(request, work.deed, work.right, ordered, values["chosen"], values)
