"""Links, organisations and information categories: what many topics show at once."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext_lazy

from editorial.guard import GuardedAdmin
from editorial.link_health.deeds import shown_on
from editorial.roles.rights import PUBLISH, may_change_shown
from resources.models import ResourceOrganization
from topics.models import RefreshJob
from topics.refresh import DONE_AT_ONCE, live_pages_showing, request_refresh, run_refresh
from topics.site import rewrite_frame

from .listed import yes_or_no
from .shared_forms import CategoryForm, OrganizationForm, ResourceForm

shown = yes_or_no("shown", gettext_lazy("shown on the page"))


class SharedAdmin(GuardedAdmin):
    """A thing that live pages embed: changing it is publishing, and reaches them by a refresh."""

    refresh_kind = ""
    actions = None
    change_form_template = "editorial/shared.html"

    def live_pages(self, request, obj):
        """How many live pages show the thing, asked once a request."""
        asked = request.__dict__.setdefault("_live_pages", {})
        if obj.pk not in asked:
            asked[obj.pk] = live_pages_showing(self.refresh_kind, obj.pk)
        return asked[obj.pk]

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or may_change_shown(request.user) or not self.live_pages(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and (form.has_changed() or any(rows.has_changed() for rows in formsets)):
            self.refresh(request, form.instance)

    def refresh(self, request, obj):
        """Ask, in this transaction, that live pages follow; few of them do at once.

        Also where none shows it yet: the first may be in the middle of being published.
        """
        count = self.live_pages(request, obj)
        job = request_refresh(self.refresh_kind, obj.pk, by=request.user)
        at_once = count <= DONE_AT_ONCE
        if at_once:
            transaction.on_commit(lambda: _follow(job, count), robust=True)
        if count:
            messages.info(request, shown_on(count, at_once=at_once))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["live_pages"] = self.live_pages(request, obj) if obj else 0
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def _follow(job, count):
    """Do the job on what `count` live pages showed; none is kept of what turns out to be on no page."""
    if not run_refresh(job) and not count:
        job.delete()


class ResourceOrganizationInline(admin.StackedInline):
    """Which organisations stand behind a link, in each language."""

    model = ResourceOrganization
    fields = [("language", "organization", "position")]
    autocomplete_fields = ["organization"]
    extra = 0


class ResourceAdmin(SharedAdmin):
    """One link in both languages, placed on any number of topics."""

    form = ResourceForm
    refresh_kind = RefreshJob.Kind.RESOURCE
    list_display = ["title_en", "title_es", "url_en", "url_es"]
    list_display_links = ["title_en", "title_es", "url_en", "url_es"]
    search_fields = [
        *("title_en", "title_es", "url_en", "url_es"),
        *("organizations__name_en", "organizations__name_es"),
    ]
    list_per_page = 50
    ordering = ["title_en", "title_es", "pk"]
    inlines = [ResourceOrganizationInline]
    fieldsets = [
        (gettext_lazy("English"), {"fields": ["title_en", "url_en", "descriptions_en"]}),
        (gettext_lazy("Spanish"), {"fields": ["title_es", "url_es", "descriptions_es"]}),
        (None, {"fields": ["seen"]}),
    ]


class OrganizationAdmin(SharedAdmin):
    """A body that stands behind links."""

    form = OrganizationForm
    refresh_kind = RefreshJob.Kind.ORGANIZATION
    list_display = ["name_en", "name_es", "kind"]
    list_display_links = ["name_en", "name_es"]
    list_filter = ["kind"]
    search_fields = ["name_en", "name_es"]
    list_per_page = 50
    ordering = ["name_en", "name_es", "pk"]
    fields = ["name_en", "name_es", "url_en", "url_es", "kind", "seen"]


class InformationCategoryAdmin(SharedAdmin):
    """A section of links; its key is what placements and editions name, so it stays."""

    form = CategoryForm
    refresh_kind = RefreshJob.Kind.CATEGORY
    list_display = ["name_en", "name_es", "family", "position", shown]
    list_display_links = ["name_en", "name_es"]
    list_filter = ["family", "shown"]
    search_fields = ["name_en", "name_es", "key"]
    fields = ["key", "name_en", "name_es", "family", "position", "shown", "seen"]

    def get_readonly_fields(self, request, obj=None):
        return ["key"] if obj else []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rewrite_frame()

    def has_add_permission(self, request):
        # Every page orders its links by the sections, so a new one changes them at once.
        return super().has_add_permission(request) and request.user.has_perm(PUBLISH)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and request.user.has_perm(PUBLISH)
