"""What was given a date, over all topics."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .looking import LookingAdmin


class ScheduledEditionAdmin(LookingAdmin):
    """What waits, what went live by itself and what was called off; to look at only."""

    fields = ["topic", "due_at", "created_by", "created_at", "note", "outcome", "why"]
    readonly_fields = ["topic", "why"]
    list_display = ["due_at", "topic", "created_by", "note", "became", "why"]
    list_display_links = None
    list_filter = ["outcome", "topic_language__language"]
    list_select_related = ["topic_language__topic", "created_by"]
    ordering = ["-due_at", "-pk"]

    @admin.display(description=_("outcome"), ordering="outcome")
    def became(self, obj):
        """The outcome; of what should have gone live, that it is overdue."""
        if not obj.is_overdue:
            return obj.get_outcome_display()
        return format_html('<span class="state overdue">{}</span>', _("Overdue"))

    @admin.display(description=_("why it did not go live so far"), ordering="trouble")
    def why(self, obj):
        return obj.why_not_live

    @admin.display(description=_("topic"))
    def topic(self, obj):
        address = reverse("admin:topics_topiclanguage_publish", args=[obj.topic_language_id])
        return format_html('<a href="{}">{}</a>', address, obj.topic_language)
