"""The site itself: its words, its groups, its tags and its about pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.audit import note_act
from editorial.guard import GuardedAdmin
from editorial.roles.rights import PUBLISH
from editorial.states import day, who
from resources.models import Language
from topics import richtext
from topics.about_pages import live_page_edition, publish_page
from topics.addresses import AddressTaken, answer_everywhere
from topics.models import Installation, Page
from topics.publishing import NotReady
from topics.site import bump_generation, rewrite_frame

from .site_forms import GroupForm, InstallationForm, PageForm


class PublishedAtOnceAdmin(GuardedAdmin):
    """A thing without drafts: saving it changes public pages, so it takes the right to publish."""

    actions = None

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perm(PUBLISH)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and request.user.has_perm(PUBLISH)

    def has_delete_permission(self, request, obj=None):
        return False


class InstallationAdmin(PublishedAtOnceAdmin):
    """Who runs the site: one row, so the list leads straight to it."""

    form = InstallationForm
    fieldsets = [
        (
            gettext_lazy("English"),
            {"fields": ["name_en", "tagline_en", "disclaimer_en", "source_credit_en"]},
        ),
        (
            gettext_lazy("Spanish"),
            {"fields": ["name_es", "tagline_es", "disclaimer_es", "source_credit_es"]},
        ),
        (
            gettext_lazy("In both languages"),
            {"fields": ["publisher", "place", "contact", "emergency_number", "seen"]},
        ),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Installation.objects.exists()

    def changelist_view(self, request, extra_context=None):
        if self.has_view_or_change_permission(request) and Installation.objects.exists():
            return redirect("admin:topics_installation_change", 1)
        return super().changelist_view(request, extra_context)

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
        rewrite_frame()
        messages.info(request, _("Every public page shows the change from now on."))


class TopicGroupAdmin(PublishedAtOnceAdmin):
    """A shelf of topics; where its address changes, the old one redirects."""

    form = GroupForm
    list_display = ["name_en", "name_es", "family", "slug"]
    list_display_links = ["name_en", "name_es"]
    list_filter = ["family"]
    search_fields = ["name_en", "name_es", "slug"]
    ordering = ["name_en", "name_es", "pk"]
    fields = ["name_en", "name_es", "slug", "family", "number", "seen"]

    def get_readonly_fields(self, request, obj=None):
        return ["number"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        answer_everywhere(obj.slug, group=obj)
        bump_generation()


class TopicTagAdmin(GuardedAdmin):
    """An editor's own word for a set of topics; the public never sees it."""

    list_display = ["__str__", "label_en", "label_es"]
    search_fields = ["name", "label_en", "label_es"]
    fields = ["name", "slug", "label_en", "label_es", "seen"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["slug"]


class PageAdmin(GuardedAdmin):
    """An about page: saving keeps the working copy, publishing is a button for each language."""

    form = PageForm
    change_form_template = "editorial/page.html"
    list_display = ["title_en", "title_es", "slug", "position"]
    list_display_links = ["title_en", "title_es"]
    search_fields = ["title_en", "title_es", "slug"]
    actions = None
    fieldsets = [
        (None, {"fields": ["key", "slug", "position", "seen"]}),
        (gettext_lazy("English"), {"fields": ["title_en", "body_en"]}),
        (gettext_lazy("Spanish"), {"fields": ["title_es", "body_es"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        # The footer of every page follows a new position at once, which is publishing.
        at_once = [] if request.user.has_perm(PUBLISH) else ["position"]
        return ["key", "slug", *at_once] if obj else []

    def save_model(self, request, obj, form, change):
        stored = Page.objects.filter(pk=obj.pk).first() or Page()
        for language in Language.values:
            cleaned = richtext.clean(getattr(obj, f"body_{language}") or "")
            setattr(obj, f"body_{language}", cleaned.html)
            for note in cleaned.notes:
                messages.warning(request, note)
        super().save_model(request, obj, form, change)
        for language in Language.values:
            if said(obj, language) != said(stored, language):
                obj.writers.get_or_create(language=language, by=request.user)
        if "position" in form.changed_data:
            rewrite_frame()

    def response_add(self, request, obj, post_url_continue=None):
        publish_languages(request, obj)
        return redirect("admin:topics_page_change", obj.pk)

    def response_change(self, request, obj):
        messages.success(request, _("Saved."))
        publish_languages(request, obj)
        return redirect("admin:topics_page_change", obj.pk)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_publish"] = request.user.has_perm(PUBLISH)
        context["languages"] = page_states(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def publish_languages(request, page):
    """Publish the languages whose button was pressed."""
    for language in Language.values:
        if f"_publish_{language}" not in request.POST:
            continue
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        try:
            publish_page(page.pk, language, by=request.user)
        except NotReady as refusal:
            messages.error(request, " ".join(refusal.reasons))
        except AddressTaken as refusal:
            messages.error(request, str(refusal))
        else:
            detail = f"about page: {page} ({language})"
            note_act("published", by=request.user, request=request, detail=detail)
            messages.success(request, _("Published: %s") % Language(language).label)


def said(page, language):
    """Title and text of an about page in a language, as they are saved."""
    return getattr(page, f"title_{language}") or "", getattr(page, f"body_{language}") or ""


def page_states(page):
    """For each language, what the public sees of an about page."""
    states = []
    for code, label in Language.choices:
        live = page and live_page_edition(page, code)
        line = _("Draft: the public does not see this language yet.")
        if live:
            line = _("Live: edition %(number)s of %(day)s, published by %(who)s") % {
                "number": live.number,
                "day": day(live.created_at),
                "who": who(live.created_by),
            }
            if (live.title, live.body) != said(page, code):
                line = _("%(live)s; there are unpublished changes.") % {"live": line}
        states.append({"code": code, "name": label, "line": line})
    return states
