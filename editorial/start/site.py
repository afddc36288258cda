"""The admin with a start page of its own."""

from django.contrib.admin import AdminSite

from editorial.pages.access import CHANGE_TEXT, VIEW

from .glance import bars
from .waiting import waiting_for

# What editors work with first; accounts and whatever else there is stand last.
ORDER = ["topics", "resources", "editorial", "interchange"]
FIRST = "HealthTopic"


class DeskSite(AdminSite):
    """Django's admin; its first page says what waits for me before it lists what there is."""

    index_template = "editorial/start.html"

    def get_app_list(self, request, app_label=None):
        found = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(ORDER)}
        for app in found:
            for model in app["models"]:
                called = getattr(self.get_model_admin(model["model"]), "called", "")
                model["name"] = str(called or model["name"])
            app["models"].sort(key=lambda model: (model["object_name"] != FIRST, model["name"]))
        return sorted(found, key=lambda app: places.get(app["app_label"], len(ORDER)))

    def index(self, request, extra_context=None):
        context = dict(extra_context or {})
        if request.user.has_perm(VIEW) or request.user.has_perm(CHANGE_TEXT):
            context |= {"waiting": waiting_for(request.user), "bars": bars(request.user)}
        return super().index(request, context)
