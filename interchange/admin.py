"""What imports did, and which of their records wait for an editor; to look at only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

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

    @admin.display(boolean=True, description=_("conflict"))
    def has_conflict(self, obj):
        return bool(obj.pending_digest)
