"""Who did what, to look at only."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from editorial.fields import whole_number
from editorial.listing.by_date import ListByDate
from topics.models import HealthTopic, TopicLanguage

from .details import told
from .looking import LookingAdmin


class TopicFilter(admin.SimpleListFilter):
    """The acts on one topic, under whatever title; chosen on the page of the topic."""

    title = _("topic")
    parameter_name = "of"

    def lookups(self, request, model_admin):
        # A filter without choices narrows nothing down, so a topic that is gone is one too.
        if not self.value():
            return []
        topic = HealthTopic.objects.filter(pk=whole_number(self.value()) or 0).first()
        return [(self.value(), str(topic or "") or self.value())]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        key = whole_number(self.value()) or 0
        # A language that came from another topic brought its acts along.
        languages = TopicLanguage.objects.filter(topic=key).values("pk")
        return queryset.filter(Q(topic_key=key) | Q(topic_language_key__in=languages))


class ActAdmin(LookingAdmin):
    """The record of acts: filtered, searched, paged, and changed by nobody."""

    called = _("Who did what")
    list_display = ["at", "who", "deed", "of_topic"]
    fields = ["at", "person", "what", "of_topic", "details", "address", "keep_until"]
    readonly_fields = ["of_topic", "details"]
    list_display_links = None
    list_filter = ["what", "language", ("person", admin.RelatedOnlyFieldListFilter), TopicFilter]
    date_hierarchy = "at"
    list_select_related = ["person"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["topic", "detail", "person__username", "address"]
    search_help_text = _("Searches topics, details, user names and addresses.")
    ordering = ["-at", "-pk"]

    @admin.display(description=_("topic"), ordering="topic")
    def of_topic(self, act):
        """The topic as it was called then, leading to its editions, or to what its languages share."""
        if act.topic_language_key:
            page = reverse("admin:topics_topiclanguage_editions", args=[act.topic_language_key])
            title = act.topic or act.topic_language_key
            link = '<a href="{}" lang="{}">{}</a> ({})'
            return format_html(link, page, act.language, title, act.get_language_display())
        if act.topic_key:
            page = reverse("admin:topics_healthtopic_change", args=[act.topic_key])
            return format_html('<a href="{}">{}</a>', page, act.topic or act.topic_key)
        return ""

    @admin.display(description=_("who"), ordering="person__username")
    def who(self, act):
        """Who did it, and below it from where."""
        name = act.person or _("the system")
        return format_html('{}<span class="remark">{}</span>', name, act.address or "")

    @admin.display(description=_("what"), ordering="what")
    def deed(self, act):
        """What was done, and below it the details."""
        words = act.get_what_display()
        return format_html('{}<span class="remark">{}</span>', words, told(act))

    @admin.display(description=_("details"))
    def details(self, act):
        """What the row keeps, in the reader's language."""
        return told(act)

    def get_changelist(self, request, **kwargs):
        return ListByDate
