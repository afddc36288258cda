"""What was changed for all pages at once, and how far the pages have followed."""

from collections import defaultdict

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils.translation import gettext_lazy as _

from resources.models import InformationCategory, Organization, Resource
from topics.models import AddressChange, RefreshJob

from .looking import LookingAdmin

THINGS = {
    RefreshJob.Kind.RESOURCE: Resource,
    RefreshJob.Kind.ORGANIZATION: Organization,
    RefreshJob.Kind.CATEGORY: InformationCategory,
    RefreshJob.Kind.ADDRESS: AddressChange,
}


class Refreshes(ChangeList):
    """A page of the list, with what was changed asked for at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        keys = defaultdict(list)
        for job in self.result_list:
            keys[job.kind].append(job.object_id)
        found = {kind: THINGS[kind].objects.in_bulk(numbers) for kind, numbers in keys.items()}
        for job in self.result_list:
            job.found = found[job.kind].get(job.object_id)


class RefreshJobAdmin(LookingAdmin):
    """What was asked to be brought up to date, and whether it was; to look at only."""

    list_display = ["kind", "thing", "created_at", "asked_by", "changed", "finished_at"]
    list_display_links = None
    list_select_related = ["created_by"]
    ordering = ["-pk"]
    fields = ["kind", "thing", "created_at", "asked_by", "changed", "finished_at"]
    readonly_fields = ["thing", "asked_by"]

    def get_changelist(self, request, **kwargs):
        return Refreshes

    def get_object(self, request, object_id, from_field=None):
        job = super().get_object(request, object_id, from_field)
        if job is not None:
            job.found = THINGS[job.kind].objects.filter(pk=job.object_id).first()
        return job

    @admin.display(description=_("what was changed"))
    def thing(self, obj):
        """The thing as it is called today; its number where it is gone."""
        return str(obj.found or obj.object_id)

    @admin.display(description=_("asked for by"), ordering="created_by")
    def asked_by(self, obj):
        """Who changed the thing."""
        return obj.created_by or "-"
