"""What imports did, and which of their records wait for an editor."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .loading.conflicts import keep_here
from .models import ImportRun, UpstreamRecord


class LookingAdmin(admin.ModelAdmin):
    """A list that nobody changes by hand."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ImportRun)
class ImportRunAdmin(LookingAdmin):
    list_display = ["file_name", "date_generated", "state", "started_at", "finished_at", "by"]
    list_filter = ["state", "origin"]
    list_select_related = ["by"]


@admin.register(UpstreamRecord)
class UpstreamRecordAdmin(LookingAdmin):
    """The records of topics that were changed here and at the source: what is here was kept."""

    list_display = ["topic_language", "origin", "imported_at", "has_conflict"]
    list_filter = [("pending_digest", admin.EmptyFieldListFilter), "origin"]
    list_select_related = ["topic_language__topic"]
    search_fields = ["topic_language__topic__title_en", "topic_language__topic__title_es"]
    fields = ["topic_language", "origin", "imported_at", "run", "notes", "record", "pending_record"]
    ordering = ["-imported_at", "-pk"]
    actions = ["keep_what_is_here"]

    def has_publish_permission(self, request):
        return request.user.has_perm("topics.publish_topiclanguage")

    @admin.action(description=_("Keep what is here (conflict settled)"), permissions=["publish"])
    def keep_what_is_here(self, request, queryset):
        count = keep_here(queryset)
        sentence = ngettext(
            "%(count)d conflict was settled: what is here stays.",
            "%(count)d conflicts were settled: what is here stays.",
            count,
        )
        messages.success(request, sentence % {"count": count})

    @admin.display(boolean=True, description=_("conflict"))
    def has_conflict(self, obj):
        return bool(obj.pending_digest)
