"""What imports did, and which of their records wait for an editor."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editorial.admins.looking import LookingAdmin
from editorial.audit import note_act

from .loading.conflicts import keep_here
from .models import ImportRun, UpstreamRecord

COUNTS = {
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "conflicts": _("in conflict"),
    "refused": _("refused"),
}


def said(lines: Iterable[str]) -> SafeString | str:
    """What the importer noted, which it does in English, as a list; nothing when it is empty."""
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html('<ul lang="en">{}</ul>', items) if items else ""


@admin.register(ImportRun)
class ImportRunAdmin(LookingAdmin):
    list_display = [
        *("file_name", "date_generated", "state", "started_at", "finished_at", "by"),
        "in_numbers",
    ]
    list_filter = ["state", "origin"]
    list_select_related = ["by"]
    fields = [
        *("state", "origin", "file_name", "checksum", "date_generated", "by"),
        *("started_at", "heartbeat_at", "finished_at", "in_numbers", "refused", "noted"),
    ]
    readonly_fields = ["in_numbers", "refused", "noted"]

    @admin.display(description=_("pages"))
    def in_numbers(self, obj):
        """How many pages were made, renewed and so on, without what there was none of."""
        counted = [(COUNTS[name], obj.counts.get(name)) for name in COUNTS]
        return ", ".join(f"{count} {words}" for words, count in counted if count)

    @admin.display(description=_("refused records"))
    def refused(self, obj):
        return said(f"{one['line']}, {one['number']}: {one['reason']}" for one in obj.refusals)

    @admin.display(description=_("notes"))
    def noted(self, obj):
        return said(obj.notes)


@admin.register(UpstreamRecord)
class UpstreamRecordAdmin(LookingAdmin):
    """The records of topics that were changed here and at the source: what is here was kept."""

    list_display = ["topic_language", "origin", "imported_at", "has_conflict"]
    list_filter = [("pending_digest", admin.EmptyFieldListFilter), "origin"]
    list_select_related = ["topic_language__topic"]
    search_fields = ["topic_language__topic__title_en", "topic_language__topic__title_es"]
    fields = ["topic_language", "origin", "imported_at", "run", "noted", "record", "pending_record"]
    readonly_fields = ["noted"]
    ordering = ["-imported_at", "-pk"]
    actions = ["keep_what_is_here"]

    def has_publish_permission(self, request):
        return request.user.has_perm("topics.publish_topiclanguage")

    @admin.action(description=_("Keep what is here (conflict settled)"), permissions=["publish"])
    def keep_what_is_here(self, request, queryset):
        with transaction.atomic():
            settled = keep_here(queryset)
            by = {"by": request.user, "request": request}
            for record in settled:
                note_act("conflict settled", record.topic_language, **by)
        count = len(settled)
        sentence = ngettext(
            "%(count)d conflict was settled: what is here stays.",
            "%(count)d conflicts were settled: what is here stays.",
            count,
        )
        messages.success(request, sentence % {"count": count})

    @admin.display(description=_("notes"))
    def noted(self, obj):
        return said(obj.notes)

    @admin.display(boolean=True, description=_("conflict"))
    def has_conflict(self, obj):
        return bool(obj.pending_digest)
