"""The admin with a start page of its own."""

from django.contrib.admin import AdminSite

from editorial.pages.access import CHANGE_TEXT, VIEW

from .glance import bars
from .waiting import waiting_for


class DeskSite(AdminSite):
    """Django's admin; its first page says what waits for me before it lists what there is."""

    index_template = "editorial/start.html"

    def index(self, request, extra_context=None):
        context = dict(extra_context or {})
        if request.user.has_perm(VIEW) or request.user.has_perm(CHANGE_TEXT):
            context |= {"waiting": waiting_for(request.user), "bars": bars(request.user)}
        return super().index(request, context)
