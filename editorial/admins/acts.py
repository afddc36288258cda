"""Who did what, to look at only."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _


class ActAdmin(admin.ModelAdmin):
    """The record of acts: filtered, searched, paged, and changed by nobody."""

    list_display = ["at", "person", "what", "of_topic", "language", "detail", "address"]
    list_display_links = None
    list_filter = ["what", "language", ("person", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["person"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["topic", "detail", "person__username", "address"]
    search_help_text = _("Searches topics, details, user names and addresses.")
    ordering = ["-at", "-pk"]
    actions = None

    @admin.display(description=_("topic"), ordering="topic")
    def of_topic(self, act):
        """The topic as it was called then, leading to its editions."""
        if act.topic_language_key is None:
            return ""
        page = reverse("admin:topics_topiclanguage_editions", args=[act.topic_language_key])
        return format_html(
            '<a href="{}" lang="{}">{}</a>', page, act.language, act.topic or act.topic_language_key
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
