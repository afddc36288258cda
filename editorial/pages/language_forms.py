"""The forms that make up the page of one topic in one language. No field names a language."""

import math
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import LinesField, TextField, refuse_reserved, whole_number, within_reach
from editorial.finding import label_of, topic_named
from resources.models import ADDRESS_MAX_LENGTH, TITLE_MAX_LENGTH, validate_address
from topics.models import Address, RelatedTopic, TopicGroup, TopicLanguage

# Shown on the live page at once, so changing them is publishing.
PUBLIC_DATES = ("next_review",)
# A century, in days.
LONGEST_INTERVAL = 36_525


def speak(form: forms.Form, language: str, names: tuple[str, ...]) -> None:
    """Say which language is typed into fields, for spell checkers and screen readers."""
    for name in names:
        form.fields[name].widget.attrs |= {"lang": language, "spellcheck": "true"}


class LanguageForm(forms.ModelForm):
    """Everything of the page but its rows; `title`, names and groups come from other tables."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=TITLE_MAX_LENGTH, required=False
    )
    also_called = LinesField(
        label=gettext_lazy("Also called"),
        help_text=gettext_lazy("Other names shown under the title, one a line."),
    )
    see_references = LinesField(
        label=gettext_lazy("See references"),
        help_text=gettext_lazy(
            "Names that lead to the page from the A–Z list and the search, one a line. The page does "
            "not show them."
        ),
    )
    meta_description = TextField(
        label=gettext_lazy("Description for search engines"),
        rows=2,
        help_text=gettext_lazy("One or two sentences, at most about 160 characters."),
    )
    attribution = TextField(
        label=gettext_lazy("Attribution"),
        html="line",
        help_text=gettext_lazy("The closing line that names the source of the summary."),
    )
    groups = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Groups"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = TopicLanguage
        fields = [
            *("slug", "institute_name", "institute_url"),
            *("review_owner", "review_interval_days", "next_review"),
        ]
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in PUBLIC_DATES
        }

    def __init__(self, *args: Any, may_publish: bool, **options: Any):
        super().__init__(*args, **options)
        self.fields["groups"].choices = group_choices(self.instance.language)
        people = self.fields["review_owner"].queryset
        self.fields["review_owner"].queryset = people.filter(
            Q(is_active=True, is_staff=True) | Q(pk=self.instance.review_owner_id)
        )
        interval = self.fields["review_interval_days"]
        interval.validators.append(MaxValueValidator(LONGEST_INTERVAL))
        interval.widget.attrs["max"] = LONGEST_INTERVAL
        for name in PUBLIC_DATES:
            self.fields[name].disabled = not may_publish
            self.fields[name].help_text = _("Shown on the live page as soon as it is saved.")
        for name in ("slug", "title", "institute_name", "institute_url"):
            self.fields[name].widget.attrs["class"] = "vTextField"
        texts = ("title", "also_called", "see_references", "meta_description", "attribution")
        speak(self, self.instance.language, texts)

    def clean_next_review(self):
        """Refuse a day that nobody means; one that somebody else may change stays."""
        day = self.cleaned_data["next_review"]
        if day and "next_review" in self.changed_data:
            within_reach(day)
        return day

    def clean_slug(self):
        """Refuse an address that something else has in this language, while it is easy to change."""
        slug, me = self.cleaned_data["slug"], self.instance
        refuse_reserved(slug)
        others = TopicLanguage.objects.filter(language=me.language, slug=slug).exclude(pk=me.pk)
        taken = Address.objects.filter(language=me.language, slug=slug)
        mine = taken.filter(topic_language=me) | taken.filter(redirect_to__topic_language=me)
        if others.exists() or (taken.exists() and not mine.exists()):
            raise ValidationError(
                _("The address “%(slug)s” is in use by something else. Choose another one."),
                params={"slug": slug},
            )
        return slug


def group_choices(language: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """All groups under the headings of their families, in the words of a language."""
    names = [
        (group.family, group.pk, getattr(group, f"name_{language}") or str(group))
        for group in TopicGroup.objects.all()
    ]
    names.sort(key=lambda entry: entry[2].casefold())
    families = [*TopicGroup.Family.choices, ("", _("Other groups"))]
    choices = [
        (label, [(key, name) for of, key, name in names if of == family])
        for family, label in families
    ]
    return [choice for choice in choices if choice[1]]


class RowForm(forms.Form):
    """One row of a list: `key` says which stored row it is; none for a new one."""

    key = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, topic_language: TopicLanguage, **options: Any):
        self.topic_language = topic_language
        super().__init__(*args, **options)

    def add_order(self) -> None:
        """Make the number that orders the rows as small as it is."""
        self.fields["ORDER"].label = _("Place")
        self.fields["ORDER"].widget.attrs |= {"class": "order", "min": 1}


class RelatedForm(RowForm):
    """A related topic: one of ours, found by typing, or one known only by its record."""

    topic = forms.CharField(
        label=gettext_lazy("Topic"), max_length=ADDRESS_MAX_LENGTH, required=False
    )

    def __init__(self, *args: Any, stored: dict[int, RelatedTopic], **options: Any):
        super().__init__(*args, **options)
        self.stored = stored
        self.fields["topic"].widget.attrs |= {
            "class": "vTextField",
            "data-suggest": reverse(
                "admin:topics_topiclanguage_find_topics", args=[self.topic_language.pk]
            ),
        }
        speak(self, self.topic_language.language, ("topic",))

    def clean_topic(self):
        """The topic meant; without script its title or address will do."""
        text = self.cleaned_data["topic"]
        row = self.stored.get(self.cleaned_data.get("key"))
        if not text:
            return None
        if row and row.target and label_of(row.target) == text:
            return row.target
        topic = topic_named(text, self.topic_language.language)
        if topic is None:
            raise ValidationError(
                _("There is no topic “%(text)s” in this language, or more than one."),
                params={"text": text[:80]},
            )
        return topic


class OtherLanguageForm(RowForm):
    """Material on the topic in a further language."""

    name = forms.CharField(
        label=gettext_lazy("Language"), max_length=TITLE_MAX_LENGTH, required=False
    )
    vernacular_name = forms.CharField(
        label=gettext_lazy("Its own name"), max_length=TITLE_MAX_LENGTH, required=False
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=ADDRESS_MAX_LENGTH,
        required=False,
        validators=[validate_address],
        widget=forms.TextInput({"class": "vTextField"}),
    )

    def clean(self):
        data = super().clean()
        if not data.get("name") and (data.get("vernacular_name") or data.get("url")):
            self.add_error("name", _("Name the language."))
        return data


INCOMPLETE = {
    **forms.BaseFormSet.default_error_messages,
    "missing_management_form": gettext_lazy(
        "A part of the page did not arrive. Nothing was saved; open the page again."
    ),
}


class Rows(forms.BaseFormSet):
    """Rows that can be ordered and removed."""

    default_error_messages = INCOMPLETE

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.add_order()
        form.fields["DELETE"].label = _("Remove")

    def __iter__(self) -> Iterator[forms.Form]:
        """The rows as the page shows them: also where a save was refused, in the order that was chosen."""
        return iter(sorted(self.forms, key=_place))

    def kept(self) -> list[forms.Form]:
        """The valid rows in order, without removed ones and the untouched new one."""
        return self.ordered_forms


def _place(form: forms.Form) -> float:
    """Where a row stands; one without a number, such as the new one, comes after all others."""
    place = whole_number(form["ORDER"].value())
    return math.inf if place is None else place


def rows_of(form: type[RowForm], formset: type[Rows] = Rows) -> type[Rows]:
    """The formset of a kind of row, with one new row to fill in."""
    return forms.formset_factory(form, formset=formset, extra=1, can_order=True, can_delete=True)


RelatedFormSet = rows_of(RelatedForm)
OtherLanguageFormSet = rows_of(OtherLanguageForm)
