"""What is added, changed and deleted by Django's own forms, in the record of acts as well."""

from typing import Any

from django.db import transaction
from django.utils.translation import override

from editorial.audit import note_act
from editorial.models import Act

from .listed import ListedAdmin


class NotedAdmin(ListedAdmin):
    """An admin whose every entry in Django's log, which can be changed, has an act beside it."""

    def log_addition(self, request, obj, message):
        self.note(request, obj, Act.What.ADDED)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        # Django calls this for every form that was sent; of one that changed nothing it has nothing to say.
        if not message:
            return None
        self.note(request, obj, Act.What.CHANGED, changed_parts(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.note(request, obj, Act.What.DELETED)
        return super().log_deletions(request, queryset)

    def note(self, request, obj, what, parts=""):
        """Keep what was done to a row; `parts` names the fields."""
        # The record is kept for years and read by all, so it has one language.
        with override("en"):
            kind = str(self.opts.verbose_name)
        detail = f"{kind}: {obj}" + (f" ({parts})" if parts else "")
        note_act(what, by=request.user, request=request, detail=detail)

    def response_action(self, request, queryset):
        # Django's forms are one transaction each; its actions are none.
        with transaction.atomic():
            return super().response_action(request, queryset)


def changed_parts(message: Any) -> str:
    """The fields that Django's log says were changed, in its English words."""
    if not isinstance(message, list):
        return str(message)
    parts: list[str] = []
    for entry in message:
        for told in entry.values():
            parts += told.get("fields") or [" ".join(map(str, told.values()))]
    return ", ".join(dict.fromkeys(filter(None, parts)))
