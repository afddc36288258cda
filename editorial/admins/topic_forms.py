"""The forms for a new topic and for what both languages of one share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import name_languages, refuse_reserved
from editorial.guard import SAVED_MEANWHILE
from editorial.pages.starting import free_slug, is_free, slug_from
from resources.models import TITLE_MAX_LENGTH, Language
from topics.models import HealthTopic
from topics.models.topic import validate_slug


class NewTopicForm(forms.ModelForm):
    """A topic begins with a title in one language; either may be the first."""

    language = forms.ChoiceField(
        label=gettext_lazy("Written first in"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        initial=Language.ENGLISH,
    )
    first_title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=TITLE_MAX_LENGTH,
        widget=forms.TextInput({"class": "vTextField"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=200,
        required=False,
        validators=[validate_slug],
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=gettext_lazy(
            "The last part of the page's address, without “.html”. Left empty, it is made from the title."
        ),
    )

    class Meta:
        model = HealthTopic
        fields: tuple[str, ...] = ()

    def clean_slug(self):
        """Only an address that the site does not need; left empty, one is made."""
        refuse_reserved(self.cleaned_data["slug"])
        return self.cleaned_data["slug"]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if not data["slug"]:
            data["slug"] = free_slug(data["language"], slug_from(data["first_title"]))
        elif not is_free(data["language"], data["slug"]):
            self.add_error("slug", _("This address is in use. Choose another one."))
        return data


class SharedForm(forms.ModelForm):
    """What belongs to both languages, guarded by the topic's own version."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = HealthTopic
        # Pictures join when public pages show them.
        fields = ("source_language", "tags")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.initial["seen_version"] = self.instance.version
        name_languages(self)

    def clean(self):
        if self.cleaned_data.get("seen_version") != self.instance.version:
            raise ValidationError(SAVED_MEANWHILE)
        return super().clean()
