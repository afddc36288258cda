"""What imports did, and which of their records wait for an editor."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editorial.admins.listed import yes_or_no
from editorial.admins.looking import LookingAdmin
from editorial.audit import note_act

from .loading.conflicts import keep_here
from .loading.going_live import written_at
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
        *("file_name", "made_at", "state", "started_at", "by"),
        "in_numbers",
    ]
    list_filter = ["state", "origin"]
    list_select_related = ["by"]
    fields = [
        *("state", "origin", "file_name", "checksum", "made_at", "by"),
        *("started_at", "heartbeat_at", "finished_at", "in_numbers", "refused", "noted"),
    ]
    readonly_fields = ["made_at", "in_numbers", "refused", "noted"]

    @admin.display(description=_("made at the source"), ordering="date_generated")
    def made_at(self, obj):
        """The moment that the file gives, or its words where they are no moment."""
        return written_at(obj.date_generated) or obj.date_generated

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


class ConflictFilter(admin.SimpleListFilter):
    """The records that wait for an editor: those beside which a newer one is kept."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request, model_admin):
        return [("yes", _("in conflict")), ("no", _("without a conflict"))]

    def queryset(self, request, queryset):
        settled = Q(pending_digest="")
        return {"yes": queryset.exclude(settled), "no": queryset.filter(settled)}.get(
            self.value(), queryset
        )


conflict = yes_or_no("pending_digest", _("conflict"))


@admin.register(UpstreamRecord)
class UpstreamRecordAdmin(LookingAdmin):
    """The records of topics that were changed here and at the source: what is here was kept."""

    list_display = ["topic_language", "origin", "imported_at", conflict]
    list_filter = [ConflictFilter, "origin"]
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
