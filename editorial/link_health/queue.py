"""The queue of links: which need somebody, whose they are, and what can be done to many at once."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.admins.listed import ListedAdmin
from editorial.states import day, who
from resources.linkcheck.standing import broken
from resources.models import LinkCheck, Outcome
from topics.models import TopicLanguage
from topics.refresh import DONE_AT_ONCE, count_live_pages
from topics.working_copy.places import texts_showing, topics_showing

from .deeds import CHANGE_LINK, NEW_IS_BROKEN, ask_to_look, shown_on, vouch
from .filters import GroupFilter, LanguageFilter, OwnerFilter, StateFilter
from .repair import link_page
from .replacing import Replaced, Taken, replace_for

# So many addresses are named that something was refused.
NAMED = 5
# Each is a transaction of its own; more would outlast what a server allows one request.
CHOSEN = 100
# To find where an address is live takes as long as bringing so many pages up to date.
LOOKING = 10


class Queue(ChangeList):
    """A page of the list, with the topics of its links asked for at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        addresses = [link.address for link in self.result_list]
        places, texts = topics_showing(addresses), texts_showing(addresses)
        keys = {key for topics in places.values() for key in topics}
        topics = TopicLanguage.objects.select_related("topic", "review_owner").in_bulk(keys)
        for link in self.result_list:
            link.shown_on = [topics[key] for key in sorted(places.get(link.address, ()))]
            link.in_texts = texts.get(link.address, set())


@admin.display(description=gettext_lazy("address"), ordering="address")
def shown_address(link: LinkCheck) -> SafeString:
    """The address, leading to what is known of it; below it where the page is now."""
    page = reverse("admin:resources_linkcheck_change", args=[link.pk])
    if not link.final_address:
        return format_html('<a href="{}">{}</a>', page, link.address)
    return format_html(
        '<a href="{}">{}</a><br><span class="now-at">→ {}</span>',
        page,
        link.address,
        link.final_address,
    )


@admin.display(description=gettext_lazy("state"), ordering="state")
def shown_state(link: LinkCheck) -> SafeString:
    """State and what happened, in words."""
    return format_html(
        '<span class="state link-{}">{}</span><br>{}',
        link.state,
        link.get_state_display(),
        link.get_outcome_display(),
    )


@admin.display(description=gettext_lazy("stands on"))
def stands_on(link: LinkCheck) -> str:
    """The first topics that show the link, and how many more do."""
    named = ", ".join(_place(topic, link) for topic in link.shown_on[:3])
    more = len(link.shown_on) - 3
    return (
        _("%(topics)s and %(more)d more") % {"topics": named, "more": more} if more > 0 else named
    )


def _place(topic: TopicLanguage, link: LinkCheck) -> str:
    name = topic.title or topic.slug
    if topic.pk in link.in_texts:
        return _("in the text of %(topic)s") % {"topic": name}
    return name


@admin.display(description=gettext_lazy("owner"))
def owners(link: LinkCheck) -> str:
    """Who looks after those topics."""
    people = {topic.review_owner for topic in link.shown_on if topic.review_owner}
    return ", ".join(sorted(map(who, people)))


@admin.display(description=gettext_lazy("last looked at"), ordering="looked_at")
def looked_at(link: LinkCheck) -> str:
    """The day of the last visit, or that one has been asked for."""
    if link.wanted_at:
        return _("asked for")
    return day(link.looked_at) if link.looked_at else ""


@admin.action(description=gettext_lazy("Look again at the next run"), permissions=["change"])
def look_again(modeladmin, request, queryset):
    """Record a wish; the web process itself asks nobody."""
    count = ask_to_look(queryset, request)
    sentence = ngettext(
        "%(count)d link is looked at when “check_links” runs next.",
        "%(count)d links are looked at when “check_links” runs next.",
        count,
    )
    messages.success(request, sentence % {"count": count})


@admin.action(description=gettext_lazy("I have looked: they are fine"), permissions=["change"])
def mark_fine(modeladmin, request, queryset):
    """Vouch for links at which no program may look."""
    chosen = queryset.count()
    count = vouch(queryset, request)
    sentence = ngettext(
        "%(count)d link counts as fine for half a year.",
        "%(count)d links count as fine for half a year.",
        count,
    )
    messages.success(request, sentence % {"count": count})
    if count < chosen:
        text = _("The others can be looked at by the program, so its word counts: %(number)d.")
        messages.warning(request, text % {"number": chosen - count})


class Refused(Exception):
    """Why an address was not replaced, in a sentence."""


@admin.action(
    description=gettext_lazy("Take the new address everywhere (moved links)"),
    permissions=["replace"],
)
def take_new_address(modeladmin, request, queryset):
    """Replace the addresses of links that moved for good by their new ones, each by itself."""
    links = list(queryset[: CHOSEN + 1])
    if len(links) > CHOSEN:
        sentence = _("Choose at most %(count)d links at a time.")
        messages.warning(request, sentence % {"count": CHOSEN})
        return
    counts = count_live_pages([link.address for link in links])
    room, done = DONE_AT_ONCE, []
    refused: dict[str, list[str]] = {}
    for link in links:
        try:
            replaced = _take_new_address(request, link, counts[link.address], room)
        except Refused as refusal:
            refused.setdefault(str(refusal), []).append(link.address)
        else:
            done.append(replaced)
            room -= replaced.places + LOOKING
    _tell_replaced(request, done)
    for reason, addresses in refused.items():
        text = _("Not replaced: %(addresses)s. %(reason)s")
        messages.warning(request, text % {"addresses": _some(addresses), "reason": reason})


def _tell_replaced(request, done: list[Replaced]) -> None:
    sentence = ngettext(
        "%(count)d address was replaced everywhere.",
        "%(count)d addresses were replaced everywhere.",
        len(done),
    )
    if done:
        messages.success(request, sentence % {"count": len(done)})
    for at_once in (True, False):
        those = [replaced for replaced in done if replaced.at_once == at_once]
        pages = sum(replaced.live_pages for replaced in those)
        if pages or any(replaced.places for replaced in those if not at_once):
            messages.info(request, shown_on(pages, at_once=at_once))


def _take_new_address(request, link: LinkCheck, live_pages: int, room: int) -> Replaced:
    """Replace one address; at once where no more than `room` places have to follow."""
    if (link.state, link.outcome) != (LinkCheck.State.MOVED, Outcome.MOVED):
        raise Refused(_("Only a page that moved for good has a new address to take."))
    old, new = link.address, link.final_address
    if broken({new}):
        raise Refused(str(NEW_IS_BROKEN))
    try:
        return replace_for(request, old, new, live_pages=live_pages, room=room)
    except PermissionDenied as refusal:
        sentence = _("It stands on live pages, and that is for publishers and link keepers.")
        raise Refused(sentence) from refusal
    except Taken as taken:
        sentence = _("Another link has the new address already: %(link)s")
        raise Refused(sentence % {"link": taken.resource}) from taken
    except ValidationError as refusal:
        raise Refused(" ".join(refusal.messages)) from refusal
    except IntegrityError as error:
        raise Refused(_("Somebody else was at it. Try again.")) from error


def _some(addresses: list[str]) -> str:
    """The first addresses, and how many more there are."""
    shown, more = ", ".join(addresses[:NAMED]), len(addresses) - NAMED
    return _("%(links)s and %(more)d more") % {"links": shown, "more": more} if more > 0 else shown


class LinkCheckAdmin(ListedAdmin):
    """The queue; what is known of a link is found by programs, so nothing of it is typed."""

    called = gettext_lazy("Link health")
    list_display = [shown_address, shown_state, stands_on, owners, looked_at]
    list_display_links = None
    list_filter = [StateFilter, OwnerFilter, LanguageFilter, GroupFilter]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["address", "final_address"]
    ordering = ["state", "address", "pk"]
    actions = [look_again, mark_fine, take_new_address]

    def get_changelist(self, request, **kwargs):
        return Queue

    def get_urls(self):
        page = self.admin_site.admin_view(link_page)
        return [
            path("<int:pk>/change/", page, name="resources_linkcheck_change"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_replace_permission(self, request):
        return request.user.has_perm(CHANGE_LINK)
