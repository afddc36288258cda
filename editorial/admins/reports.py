"""What readers reported about pages."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editorial.guard import GuardedAdmin
from editorial.listing.by_date import ListByDate
from editorial.models import ProblemReport

SHOWN_CHARACTERS = 120


class ProblemReportAdmin(GuardedAdmin):
    """Readers write them; editors settle them and say what was done."""

    list_display = ["when", "kind", "language", "page", "beginning", "state", "settled_by"]
    list_filter = ["state", "kind", "language"]
    list_select_related = ["settled_by"]
    search_fields = ["words", "note", "path"]
    date_hierarchy = "sent_at"
    readonly_fields = [
        *("sent_at", "kind", "language", "page", "topic_language", "words"),
        *("settled_by", "settled_at"),
    ]
    fields = [*readonly_fields[:6], "state", "note", "seen", *readonly_fields[6:]]
    actions = ["mark_as_handled", "mark_as_spam", "mark_as_new"]

    def get_changelist(self, request, **kwargs):
        return ListByDate

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        if "state" in form.changed_data:
            _settle(obj, request.user)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("sent"), ordering="sent_at")
    def when(self, obj):
        return obj.sent_at

    @admin.display(description=_("page"), ordering="path")
    def page(self, obj):
        return format_html('<a href="{0}">{0}</a>', obj.path) if obj.path else _("the site")

    @admin.display(description=_("what the reader wrote"))
    def beginning(self, obj):
        words = obj.words
        return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…"

    @admin.action(description=_("Mark as handled"), permissions=["change"])
    def mark_as_handled(self, request, queryset):
        self._mark(request, queryset, ProblemReport.State.HANDLED)

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def mark_as_spam(self, request, queryset):
        self._mark(request, queryset, ProblemReport.State.SPAM)

    @admin.action(description=_("Mark as new again"), permissions=["change"])
    def mark_as_new(self, request, queryset):
        self._mark(request, queryset, ProblemReport.State.NEW)

    def _mark(self, request, queryset, state):
        reports = queryset.exclude(state=state)
        for report in reports:
            report.state = state
            _settle(report, request.user)
            report.save(update_fields=["state", "settled_at", "settled_by"])
            self.log_change(request, report, [{"changed": {"fields": ["state"]}}])
        sentence = ngettext(
            "%(count)d report was marked.", "%(count)d reports were marked.", len(reports)
        )
        messages.success(request, sentence % {"count": len(reports)})


def _settle(report, user):
    """Say when a report was settled and by whom, or that it is not."""
    new = report.state == ProblemReport.State.NEW
    report.settled_at = None if new else timezone.now()
    report.settled_by = None if new else user
