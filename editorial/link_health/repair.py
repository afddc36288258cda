"""One link: what is known of it, where it stands, and the one click that repairs it everywhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.guard import looking_again
from editorial.roles.rights import writes_anywhere
from resources.linkcheck.standing import broken
from resources.models import ADDRESS_MAX_LENGTH, LinkCheck, Outcome, validate_address
from topics.models import TopicLanguage
from topics.refresh import DONE_AT_ONCE, live_pages_with
from topics.working_copy.places import mapped_on, texts_showing, topics_showing

from .deeds import NEW_IS_BROKEN, NOTE, ask_to_look, may_replace, shown_on, vouch
from .replacing import Taken, replace_for

VIEW_LINKS = "resources.view_linkcheck"
# A link of a whole site may stand on every topic; this many are named.
NAMED = 100


class ReplaceForm(forms.Form):
    """The address to take the place of the broken one."""

    new = forms.CharField(
        label=gettext_lazy("New address"),
        max_length=ADDRESS_MAX_LENGTH,
        validators=[validate_address],
        widget=forms.TextInput({"class": "vTextField", "inputmode": "url", "autocomplete": "off"}),
    )
    even_broken = forms.BooleanField(
        label=gettext_lazy("I have looked at the new address. Take it all the same."),
        required=False,
    )
    # Whether the new address is known to be broken itself, so that somebody has to agree to it.
    is_doubtful = False

    def __init__(self, *args: Any, old: str, **options: Any):
        super().__init__(*args, **options)
        self.old = old

    def clean(self):
        data = super().clean()
        new = data.get("new")
        self.is_doubtful = bool(new and new != self.old and broken({new}))
        if self.is_doubtful and not data.get("even_broken"):
            self.add_error("new", NEW_IS_BROKEN)
        return data


@looking_again
def link_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one address of the link check, or do what was posted about it."""
    may_look = any(request.user.has_perm(right) for right in (VIEW_LINKS, NOTE))
    if not may_look and not writes_anywhere(request.user):
        raise PermissionDenied
    link = get_object_or_404(LinkCheck.objects.select_related("host", "fine_by"), pk=pk)
    form = ReplaceForm(initial={"new": _proposed(link)}, old=link.address)
    if request.method == "POST":
        if "replace" not in request.POST:
            return _noted(request, link)
        form = ReplaceForm(request.POST, old=link.address)
        if form.is_valid() and _replaced(request, link, form):
            return redirect("admin:resources_linkcheck_changelist")
    return TemplateResponse(request, "editorial/link_page.html", _context(request, link, form))


def _proposed(link: LinkCheck) -> str:
    """The address to which the page moved; where it is probably gone, none is any good."""
    return link.final_address if link.outcome == Outcome.MOVED else ""


def _context(request: HttpRequest, link: LinkCheck, form: ReplaceForm) -> dict[str, Any]:
    saved = topics_showing([link.address]).get(link.address, set())
    mapped = mapped_on(link.address)
    live = set(live_pages_with(link.address))
    keys = saved | mapped | live
    topics = TopicLanguage.objects.filter(pk__in=keys).select_related("topic", "review_owner")
    return {
        **admin.site.each_context(request),
        "opts": LinkCheck._meta,
        "title": _("Link"),
        "link": link,
        "form": form,
        "topics": topics.order_by("pk")[:NAMED],
        "in_texts": texts_showing([link.address]).get(link.address, set()),
        "saved_on": saved,
        "mapped_on": mapped,
        "live_on": live,
        "more": max(0, len(keys) - NAMED),
        "visits": link.visits.all(),
        "live_pages": len(live),
        "may_replace": may_replace(request.user, len(live)),
        "may_note": request.user.has_perm(NOTE),
        "may_open": writes_anywhere(request.user),
    }


def _noted(request: HttpRequest, link: LinkCheck) -> HttpResponse:
    """A wish, or a person's word."""
    if not request.user.has_perm(NOTE):
        raise PermissionDenied
    one = LinkCheck.objects.filter(pk=link.pk)
    if "fine" in request.POST:
        if vouch(one, request):
            messages.success(request, _("The link counts as fine for half a year."))
        else:
            messages.error(request, _("The program can look at this link, so its word counts."))
    else:
        ask_to_look(one, request)
        messages.success(request, _("The link is looked at when “check_links” runs next."))
    return redirect("admin:resources_linkcheck_change", link.pk)


def _replaced(request: HttpRequest, link: LinkCheck, form: ReplaceForm) -> bool:
    """Whether the address was replaced; if not, the form says why."""
    pages = len(live_pages_with(link.address))
    try:
        new = form.cleaned_data["new"]
        replaced = replace_for(request, link.address, new, live_pages=pages, room=DONE_AT_ONCE)
    except ValidationError as refusal:
        form.add_error("new", refusal)
    except Taken as taken:
        form.add_error("new", _in_use(taken))
    if form.errors:
        return False
    messages.success(request, _("The address was replaced everywhere."))
    if pages or replaced.places and not replaced.at_once:
        messages.info(request, shown_on(pages, at_once=replaced.at_once))
    return True


def _in_use(taken: Taken) -> SafeString:
    return format_html(
        _(
            "Another link has this address already: {}. Place that one on the topics instead, and "
            "take this one off them."
        ),
        format_html(
            '<a href="{}">{}</a>',
            reverse("admin:resources_resource_change", args=[taken.resource.pk]),
            str(taken.resource),
        ),
    )
