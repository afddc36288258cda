"""Lists that are looked through by year, month and day."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError

from editorial.fields import refuse_year, whole_number

PARTS = ("year", "month", "day")


class ListByDate(ChangeList):
    """A list with a `date_hierarchy`, which an address leads to no day beyond the calendar.

    The admin counts on from the day in an address, and takes other comparisons of the field too.
    """

    def get_queryset(self, request, exclude_parameters=None):
        asked = f"{self.date_hierarchy}__"
        parts = {
            name.removeprefix(asked): value
            for name, value in request.GET.items()
            if name.startswith(asked)
        }
        if parts.keys() - set(PARTS):
            raise IncorrectLookupParameters
        if "year" in parts:
            try:
                refuse_year(whole_number(parts["year"]) or 0)
            except ValidationError as refusal:
                messages.warning(request, " ".join(refusal.messages))
                raise IncorrectLookupParameters from refusal
        return super().get_queryset(request, exclude_parameters)
