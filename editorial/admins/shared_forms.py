"""The forms of links, organisations and information categories: both languages side by side."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import LinesField, name_languages
from editorial.guard import GuardedForm
from resources.models import InformationCategory, Language, Organization, Resource

DESCRIPTIONS = gettext_lazy("Descriptions")
ONE_A_LINE = gettext_lazy("Short tags in the order shown, such as NIH or PDF, one a line.")


class BothLanguagesForm(GuardedForm):
    """Says of each field in which language it is typed."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        name_languages(self)


class ResourceForm(BothLanguagesForm):
    """A link. One language may be missing, but a link without any address is none."""

    descriptions_en = LinesField(max_length=100, label=DESCRIPTIONS, help_text=ONE_A_LINE)
    descriptions_es = LinesField(max_length=100, label=DESCRIPTIONS, help_text=ONE_A_LINE)

    class Meta:
        model = Resource
        fields = (
            *("title_en", "url_en", "descriptions_en"),
            *("title_es", "url_es", "descriptions_es"),
        )

    def clean(self):
        data = super().clean()
        if not data.get("url_en") and not data.get("url_es") and not self.errors:
            raise forms.ValidationError(_("Give the link an address in at least one language."))
        for language in Language.values:
            url = data.get(f"url_{language}")
            others = Resource.objects.exclude(pk=self.instance.pk)
            if url and others.filter(**{f"url_{language}": url}).exists():
                self.add_error(f"url_{language}", _("Another link has this address."))
        return data


class OrganizationForm(BothLanguagesForm):
    """An organisation; it may be known in one language only."""

    class Meta:
        model = Organization
        fields = ("name_en", "name_es", "url_en", "url_es", "kind")

    def clean(self):
        data = super().clean()
        if not data.get("name_en") and not data.get("name_es"):
            raise forms.ValidationError(_("Give the organization a name in at least one language."))
        return data


class CategoryForm(BothLanguagesForm):
    """A section of links."""

    class Meta:
        model = InformationCategory
        fields = ("key", "name_en", "name_es", "family", "position", "shown")
