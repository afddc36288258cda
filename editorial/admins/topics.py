"""The list of topics, a topic's shared fields, and the addresses of its languages' pages."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.audit import note_act
from editorial.guard import GuardedAdmin
from editorial.history import comparing, editions, saves
from editorial.listing import pages, table
from editorial.listing.columns import (
    in_english,
    in_groups,
    in_spanish,
    last_saved,
    owners,
    with_needs,
)
from editorial.listing.filters import (
    EnglishStateFilter,
    GroupFilter,
    LinksFilter,
    OwnerFilter,
    ReviewFilter,
    SpanishStateFilter,
    TagFilter,
    TopicList,
)
from editorial.listing.reading import EnglishReadingFilter, SpanishReadingFilter, reading_levels
from editorial.listing.ready import ReadyFilter
from editorial.models import Act
from editorial.originals import marks_of
from editorial.pages import language, links, publication, starting, unsaved, withdrawing
from editorial.preview import pages as preview
from editorial.readiness import counts
from editorial.reviewing import pages as reviewing
from editorial.roles.rights import (
    ADD_LANGUAGE,
    CHANGE_TEXT,
    LIMIT,
    PUBLISH,
    is_open_to,
    may_in,
    owners_of,
)
from editorial.saving import note_changes
from editorial.states import State, by_language, state_line, state_of, who
from editorial.uniting.pages import may_merge, merge_page
from resources.models import Language, other_language
from topics import publishing
from topics.editions.writers import note_writers
from topics.models import HealthTopic, TopicLanguage
from topics.pictures.renditions import discard, keep

from .topic_forms import PICTURE_COLUMNS, PICTURE_FIELDS, NewTopicForm, SharedForm, prepare


class HealthTopicAdmin(GuardedAdmin):
    """The topics with both their languages at a glance, and what the languages share."""

    form = SharedForm
    add_form_template = "editorial/new_topic.html"
    change_list_template = "editorial/topics.html"
    change_form_template = "editorial/topic.html"
    list_display = [in_english, in_spanish, in_groups, reading_levels, owners, last_saved]
    list_display_links = None
    list_filter = [
        *(EnglishStateFilter, SpanishStateFilter, ReviewFilter, LinksFilter),
        *(ReadyFilter, OwnerFilter, GroupFilter, TagFilter),
        *(EnglishReadingFilter, SpanishReadingFilter),
    ]
    list_per_page = 50
    ordering = ["title_en", "title_es", "pk"]
    autocomplete_fields = ["owners"]
    search_fields = ["title_en", "title_es", "languages__names__name", "languages__slug"]
    search_help_text = gettext_lazy("Searches titles, other names and addresses in both languages.")

    def get_queryset(self, request):
        versions = TopicLanguage.objects.select_related(
            "changed_by", "review_owner", "live_edition__created_by"
        )
        # A list of many topics has no use for the texts of their editions.
        versions = versions.defer("live_edition__document").prefetch_related("groups")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("languages", with_needs(versions)))
        )

    def get_changelist(self, request, **kwargs):
        return TopicList

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        upload = request.FILES.get("picture")
        topic = None
        if object_id is not None and upload is not None:
            # Found as the form finds it, but not locked yet.
            topic = super(GuardedAdmin, self).get_object(request, unquote(object_id))
        if topic is None:
            return super().changeform_view(request, object_id, *args, **kwargs)
        if not self.has_change_permission(request, topic):
            raise PermissionDenied
        # Before the transaction of the form, which on SQLite keeps everybody else from writing.
        upload.prepared = prepare(upload)
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except Exception:
            # Whatever it was, it goes on up; the save is rolled back, and its files belong to nothing.
            if upload.prepared.is_kept:
                received = upload.prepared.received
                discard(received.name, received.pixels.width)
            raise

    def get_actions(self, request):
        return pages.actions_for(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not change:
            kwargs["form"] = NewTopicForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        # Named here, because asking the form class would ask this class again.
        if obj is None:
            return [(None, {"fields": ["language", "first_title", "slug"]})]
        typed = ["picture", *(["no_picture"] if obj.image else [])]
        changing = self.has_change_permission(request, obj)
        picture = [*(typed if changing else ["shown_picture"]), *PICTURE_FIELDS]
        owners = ["owners"] if request.user.has_perm(LIMIT) else []
        return [
            (None, {"fields": ["source_language", "tags", *owners, "seen_version", "base"]}),
            (gettext_lazy("Picture"), {"fields": picture}),
        ]

    @admin.display(description=gettext_lazy("picture"))
    def shown_picture(self, obj):
        """Whether there is one, for who only looks; the previews show it."""
        return _("Yes") if obj.image else _("No")

    def get_urls(self):
        inside = self.admin_site.admin_view
        name = "topics_healthtopic"
        return [
            path("<int:pk>/start/<str:language>/", starting.start_view, name=f"{name}_start"),
            path("<int:pk>/merge/", merge_page, name=f"{name}_merge"),
            path("export/", inside(self.export_view), name=f"{name}_export"),
            path("work/<slug:key>/", inside(pages.work_on), name=f"{name}_work"),
            *super().get_urls(),
        ]

    def export_view(self, request):
        return table.export(self, request)

    def has_add_permission(self, request):
        # A topic begins with its first language.
        return super().has_add_permission(request) and request.user.has_perm(ADD_LANGUAGE)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or is_open_to(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        save_topic(request, obj, form, change)

    def note(self, request, obj, what, parts=""):
        first = obj.languages.get() if what == Act.What.ADDED else None
        note_act(what, first, topic=obj, by=request.user, request=request, detail=parts)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["versions"] = cards(obj, request.user) if obj else []
        context["owners"] = [who(owner) for owner in owners_of(obj).values()] if obj else []
        context["may_merge"] = bool(obj) and may_merge(request.user, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.has_changed() and change:
            note_changes(list(form.instance.languages.all()))
        if "owners" in form.changed_data:
            names = ", ".join(form.instance.owners.values_list("username", flat=True)) or "-"
            by = {"by": request.user, "request": request}
            note_act(Act.What.OWNERS, topic=form.instance, detail=names, **by)

    def response_add(self, request, obj, post_url_continue=None):
        messages.success(request, _("The topic is begun. The public does not see it yet."))
        return redirect("admin:topics_topiclanguage_change", obj.languages.get().pk)


def save_topic(request, topic, form, change):
    """Store a new topic with its first language, or what both languages of one share."""
    if not change:
        values = form.cleaned_data
        topic.source_language = values["language"]
        setattr(topic, f"title_{values['language']}", values["first_title"])
        topic.save()
        starting.start_language(topic, values["language"], values["slug"], by=request.user)
    elif form.has_changed():
        prepared = form.cleaned_data.get("picture")
        if prepared:
            # Said first: some files may be there when another cannot be written.
            prepared.is_kept = True
            keep(prepared.received, prepared.files)
        for language in mute_in(topic):
            text = _("The picture has no text in %(language)s for people who cannot see it.")
            messages.warning(request, text % {"language": Language(language).label})
        note_who_wrote(topic, request.user)
        # Only these columns: the others belong to the languages, and are guarded there.
        topic.save(update_fields=["source_language", *PICTURE_COLUMNS])
        HealthTopic.objects.filter(pk=topic.pk).update(version=F("version") + 1)


def note_who_wrote(topic, by):
    """Let whoever changes a picture or its words count as one who wrote in the languages that show it."""
    stored = HealthTopic.objects.values(*PICTURE_COLUMNS).get(pk=topic.pk)
    changed = [
        name for name in PICTURE_COLUMNS if (getattr(topic, name) or None) != (stored[name] or None)
    ]
    shown_in = [
        code
        for code in Language.values
        if any(not name.endswith(f"_{other_language(code)}") for name in changed)
    ]
    versions = topic.languages.filter(language__in=shown_in).values_list("pk", flat=True)
    note_writers(publishing.hold(*versions), [by.pk])


def mute_in(topic):
    """The languages of a topic in which its picture says nothing to who cannot see it."""
    if not topic.image or topic.image_decorative:
        return []
    spoken = topic.languages.values_list("language", flat=True).order_by("language")
    return [one for one in spoken if not (getattr(topic, f"image_alt_{one}") or "").strip()]


def cards(topic, user):
    """For each language, what the page of a topic says of it, and what a person may do there."""
    versions = by_language(topic)
    found = counts(list(versions.values())) if versions else {}
    return [
        {
            "language": code,
            "name": label,
            "version": versions.get(code),
            "title": getattr(topic, f"title_{code}") or "",
            "state": state_of(versions.get(code)),
            "marks": marks_of(versions.get(code)),
            "found": found[versions[code].pk] if code in versions else (0, 0),
            "was_public": code in versions and state_of(versions[code]) != State.DRAFT,
            "line": state_line(versions[code]) if code in versions else "",
            "start": reverse("admin:topics_healthtopic_start", args=[topic.pk, code]),
            "may_start": starting.may_start(user, topic, code),
            "may_change": may_in(user, CHANGE_TEXT, topic, code),
            "may_publish": may_in(user, PUBLISH, topic, code),
        }
        for code, label in Language.choices
    ]


class TopicLanguageAdmin(admin.ModelAdmin):
    """The addresses of the pages for one language; the list is that of the topics."""

    def get_model_perms(self, request):
        return {}

    def get_urls(self):
        pages = [
            ("change", "change", language.edit),
            ("links", "links", links.edit),
            ("links/find", "find_links", links.find_links),
            ("topics/find", "find_topics", links.find_topics),
            ("saves", "saves", saves.saves),
            ("saves/<int:key>", "restore_save", saves.restore_save),
            ("organizations/find", "find_organizations", links.find_organizations),
            ("<slug:page>/keep", "keep", unsaved.keep),
            ("<slug:page>/attend", "attend", unsaved.attend),
            ("<slug:page>/discard", "discard", unsaved.discard),
            ("preview", "preview", preview.preview),
            ("preview/page", "preview_page", preview.preview_page),
            ("preview/share", "share", preview.share),
            ("preview/share/<int:key>/revoke", "revoke", preview.revoke),
            ("publish", "publish", publication.publish),
            ("before", "before", publication.before),
            ("publish/waiting", "waiting", preview.waiting_page),
            ("publish/call-off", "call_off", publication.call_off),
            ("withdraw", "withdraw", withdrawing.withdraw),
            ("withdraw/correct", "correct", withdrawing.correct),
            ("review", "review", reviewing.review),
            ("editions", "editions", editions.editions),
            ("editions/<int:number>", "edition", editions.edition),
            ("editions/<int:number>/restore", "restore", comparing.restore_edition),
            ("editions/compare", "compare", comparing.compare),
            ("editions/on-date", "on_date", editions.on_date),
        ]
        addresses = [
            path(f"<int:pk>/{end}/", view, name=f"topics_topiclanguage_{name}")
            for end, name, view in pages
        ]
        addresses.append(path("reviews/", reviewing.due_view, name="topics_reviews_due"))
        to_topics = self.admin_site.admin_view(self.changelist_view)
        return [path("", to_topics, name="topics_topiclanguage_changelist"), *addresses]

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:topics_healthtopic_changelist"))
