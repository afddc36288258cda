"""A form loaded before somebody else's save never silently overwrites it.

For rows without a version of their own: the form carries a digest of the row, and of the rows that
are edited with it, as they were loaded; the row is locked while a posted form is compared with it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from topics.addresses import AddressTaken

from .admins.noted import NotedAdmin

SAVED_MEANWHILE = _(
    "Somebody else saved this after you opened it. Nothing was overwritten, and your text is still "
    "here. Open the page a second time beside it to compare."
)


def looking_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that is asked again when somebody else took what it was about to take.

    Its transaction was undone, and what stood in its way is committed: now its form finds it.
    """

    @wraps(view)
    def asked(*args: Any, **arguments: Any) -> Any:
        try:
            return view(*args, **arguments)
        except (IntegrityError, AddressTaken):
            return view(*args, **arguments)

    return asked


def fingerprint(
    row: Model, parts: Sequence[type[Model]] = (), *, besides: Collection[str] = ()
) -> str:
    """A digest of all that a row holds `besides` some columns, and of its rows of the models `parts`."""
    columns = {
        field.attname: row.__dict__.get(field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in besides
    }
    held = [columns, *(_rows_of(row, part) for part in parts)]
    text = json.dumps(held, cls=DjangoJSONEncoder, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows_of(row: Model, part: type[Model]) -> list[dict[str, Any]]:
    (owner,) = (field for field in part._meta.concrete_fields if field.related_model is type(row))
    return list(part._base_manager.filter(**{owner.name: row}).order_by("pk").values())


class GuardedForm(forms.ModelForm):
    """A form that refuses to save over a change made after it was loaded, and keeps its text."""

    # The models whose rows are edited on the same page; GuardedAdmin names them.
    parts: Sequence[type[Model]] = ()
    # Columns that the form does not change and that change by themselves.
    besides: Collection[str] = ()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        # Taken now: validation will put the posted values into the row.
        self.stored = ""
        if self.instance.pk:
            self.stored = fingerprint(self.instance, self.parts, besides=self.besides)
        self.initial["seen"] = self.stored

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields that the editor changed; a browser sends line ends of its own."""
        return [name for name in super().changed_data if not self._says_the_same(name)]

    def _says_the_same(self, name: str) -> bool:
        stored, sent = self.initial.get(name), self.data.get(self.add_prefix(name))
        if not isinstance(stored, str) or not isinstance(sent, str):
            return False
        return stored.replace("\r\n", "\n") == sent.replace("\r\n", "\n")

    def clean(self):
        if self.cleaned_data.get("seen", "") != self.stored:
            raise ValidationError(SAVED_MEANWHILE)
        return super().clean()


class GuardedAdmin(NotedAdmin):
    """An admin whose rows are locked while a posted form is checked against them."""

    form = GuardedForm
    # The models of many-to-many rows that the form changes, besides those of its inlines.
    through: Sequence[type[Model]] = ()
    changeform_view = looking_again(NotedAdmin.changeform_view)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.parts = [*self.through, *(inline.model for inline in self.inlines)]
        return form

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            # Every posted form is handled in one transaction, which holds the lock to its end.
            self.model._base_manager.select_for_update().get(pk=found.pk)
            found = super().get_object(request, object_id, from_field)
        return found
