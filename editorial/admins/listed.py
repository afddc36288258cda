"""Lists headed by what they list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext as _


class ListedAdmin(admin.ModelAdmin):
    """An admin whose list says what it is, where Django's says “Select … to change”."""

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
