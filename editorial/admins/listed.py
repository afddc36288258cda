"""Lists headed by what they list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


class ListedAdmin(admin.ModelAdmin):
    """An admin whose list says what it is, where Django's says “Select … to change”."""

    # Django takes a POST there too, and outside of a transaction, in which alone a row can be locked.
    history_view = method_decorator(require_safe)(admin.ModelAdmin.history_view)
    # What the list is called where that is more than its rows.
    called: Any = ""

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.called or self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})


def yes_or_no(name: str, label: Any) -> Callable:
    """A column for a yes or no. Django's picture of it has the alternative text True or False."""

    @admin.display(description=label, ordering=name)
    def column(obj: Any) -> str:
        return _("Yes") if getattr(obj, name) else _("No")

    return column
