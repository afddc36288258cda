"""The form with which a review is recorded."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import within_reach
from topics.editions.reviewing import next_due
from topics.models import Review, TopicLanguage


class DayField(forms.DateField):
    """A day, picked from the browser's own calendar."""

    default_validators = (within_reach,)
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ReviewForm(forms.Form):
    """What was looked at and what was found. `edition` is the number of the edition shown."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=Review.Result, widget=forms.RadioSelect
    )
    checked = forms.MultipleChoiceField(
        label=gettext_lazy("What was checked"),
        choices=Review.Check,
        widget=forms.CheckboxSelectMultiple,
    )
    role = forms.CharField(
        label=gettext_lazy("In which role"),
        max_length=100,
        help_text=gettext_lazy("Such as pediatrician, pharmacist or editor."),
        widget=forms.TextInput({"class": "vTextField"}),
    )
    day = DayField(label=gettext_lazy("Day of the review"))
    next_review = DayField(
        label=gettext_lazy("Next review due"),
        required=False,
        help_text=gettext_lazy("Only where the page can stay as it is."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for your colleagues"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, topic_language: TopicLanguage, **options: Any):
        super().__init__(*args, **options)
        self.topic_language = topic_language
        today = localdate()
        live = topic_language.live_edition
        self.initial |= {
            "edition": live and live.number,
            "day": today,
            "next_review": next_due(today, topic_language),
        }

    def clean_day(self) -> date:
        """Refuse a day that has not come."""
        day = self.cleaned_data["day"]
        if day > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        data = super().clean()
        day, following = data.get("day"), data.get("next_review")
        if data.get("result") == Review.Result.CHANGE:
            data["next_review"] = None
        elif day and following and following <= max(day, localdate()):
            self.add_error("next_review", _("The next review lies ahead. Choose a later day."))
        return data
