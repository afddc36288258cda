"""The forms of a links page: the links that stand on it, and new ones."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.finding import is_address, link_named, organization_named
from resources.models import (
    ADDRESS_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    InformationCategory,
    Language,
    Resource,
    validate_address,
)
from resources.recognition import resource_at
from topics.models import TopicLanguage

from .language_forms import INCOMPLETE, RowForm, Rows, speak

# An address as people say it, and as some programs show it.
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
# What an editor types to say “nothing here”, where an empty field means “as the link says”.
NOTHING = "-"


class Categories:
    """The information categories by key and by what they are called in a language.

    One that has no name in it is offered by that of the other language, which is said behind it.
    """

    def __init__(self, language: str):
        self.names = {
            category.key: getattr(category, f"name_{language}") or _name_elsewhere(category)
            for category in InformationCategory.objects.all()
        }
        self.keys = {name.casefold(): key for key, name in reversed(self.names.items())}

    def typed(self, keys: list[str]) -> str:
        """Categories as their field shows them, in order."""
        return "; ".join(self.names.get(key, key) for key in keys)


def _name_elsewhere(category: InformationCategory) -> str:
    """The name in a language that has one, with that language; the key where none has."""
    for code, label in Language.choices:
        if name := getattr(category, f"name_{code}"):
            return f"{name} ({label})"
    return category.key


class PartsField(forms.CharField):
    """Several words in order, separated by semicolons."""

    def __init__(self, **options: Any):
        widget = forms.TextInput({"class": "vTextField", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=2000, **options)

    def clean(self, value):
        words = [word.strip() for word in super().clean(value).split(";")]
        return list(dict.fromkeys(word for word in words if word))


class CategoriesField(PartsField):
    """Information categories by name; its value is their keys in the order typed."""

    def __init__(self, categories: Categories, **options: Any):
        super().__init__(label=_("Sections of the page"), required=False, **options)
        self.categories = categories
        self.widget.attrs |= {"list": "categories", "data-separator": ";"}

    def clean(self, value):
        keys = []
        for word in super().clean(value):
            key = self.categories.keys.get(word.casefold())
            if key is None:
                raise ValidationError(
                    _("There is no section “%(name)s”. Choose from the list."),
                    params={"name": word[:80]},
                )
            keys.append(key)
        return list(dict.fromkeys(keys))


class PlacedForm(RowForm):
    """A link that stands on the page, and what the page says of it differently."""

    own_title = forms.CharField(
        label=gettext_lazy("Title on this page"), max_length=TITLE_MAX_LENGTH, required=False
    )
    own_descriptions = PartsField(
        label=gettext_lazy("Descriptions on this page"),
        required=False,
        help_text=gettext_lazy("Separate them with semicolons. A hyphen means none."),
    )
    as_shared = forms.BooleanField(
        label=gettext_lazy("Use the address and organizations of the shared link"), required=False
    )

    def __init__(self, *args: Any, categories: Categories, **options: Any):
        super().__init__(*args, **options)
        self.fields["categories"] = CategoriesField(categories)
        self.fields["own_title"].widget.attrs["class"] = "vTextField"
        speak(self, self.topic_language.language, ("categories", "own_title", "own_descriptions"))

    def clean_categories(self):
        """A link without a section would be on the page and nowhere to be seen."""
        if not self.cleaned_data["categories"]:
            raise ValidationError(_("Choose at least one section."))
        return self.cleaned_data["categories"]


class NewLinkForm(PlacedForm):
    """A link to add: one that is here, found by typing, or a new one."""

    HERE, NEW = "here", "new"

    link = forms.CharField(
        label=gettext_lazy("Title, organization or address"),
        max_length=ADDRESS_MAX_LENGTH,
        required=False,
    )
    title = forms.CharField(
        label=gettext_lazy("Title of a new link"),
        max_length=TITLE_MAX_LENGTH,
        required=False,
        help_text=gettext_lazy("Empty where the link was chosen from the list."),
    )
    organizations = PartsField(
        label=gettext_lazy("Organizations of a new link"),
        required=False,
        help_text=gettext_lazy("Separate them with semicolons."),
    )
    descriptions = PartsField(
        label=gettext_lazy("Descriptions of a new link"),
        required=False,
        help_text=gettext_lazy("Such as NIH; PDF; Video. Separate them with semicolons."),
    )
    use = forms.ChoiceField(
        label=gettext_lazy("This address is here already"),
        choices=[
            (HERE, gettext_lazy("Use the link that is here")),
            (NEW, gettext_lazy("It is another page: make a new link")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        placed: set[int],
        added: set[int],
        may_create: bool,
        may_add_organizations: bool,
        **options: Any,
    ):
        super().__init__(*args, **options)
        for name in ("own_title", "own_descriptions", "as_shared", "key"):
            del self.fields[name]
        language = self.topic_language.language
        self.placed, self.added, self.may_create = placed, added, may_create
        self.may_add_organizations = may_add_organizations
        self.offer: Resource | None = None
        self.resource: Resource | None = None
        find = reverse("admin:topics_topiclanguage_find_links", args=[self.topic_language.pk])
        self.fields["link"].widget.attrs |= {"class": "vTextField", "data-suggest": find}
        find = reverse(
            "admin:topics_topiclanguage_find_organizations", args=[self.topic_language.pk]
        )
        self.fields["organizations"].widget.attrs |= {"data-suggest": find, "data-separator": ";"}
        self.fields["title"].widget.attrs["class"] = "vTextField"
        speak(self, language, ("link", "title", "organizations", "descriptions"))

    def clean_categories(self):
        return self.cleaned_data["categories"]

    def clean_organizations(self):
        """Organisations that are here; others only by who may add them."""
        names = self.cleaned_data["organizations"]
        language = self.topic_language.language
        for name in names if not self.may_add_organizations else ():
            if organization_named(name, language) is None:
                raise ValidationError(
                    _("There is no organization “%(name)s” here, and you may not add new ones."),
                    params={"name": name[:80]},
                )
        return names

    def clean(self):
        data = super().clean()
        if not self.has_changed() or self.errors:
            return data
        text = data.get("link", "")
        try:
            self.resource = self._addressed(text, data) if is_address(text) else self._named(text)
        except ValidationError as refusal:
            self.add_error("link", refusal)
            return data
        if not data["categories"]:
            self.add_error("categories", _("Choose at least one section."))
        return data

    def _named(self, text: str) -> Resource:
        """The link that is here under a name."""
        resource = link_named(text, self.topic_language.language)
        if resource is None and _BARE_ADDRESS.fullmatch(text.strip()):
            raise ValidationError(
                _("“%(value)s” is not a web address. Begin it with https:// or http://."),
                params={"value": text.strip()[:80]},
            )
        if resource is None:
            raise ValidationError(
                _(
                    "No single link fits. Choose one from the list, or paste an address to add a new one."
                )
            )
        return self._placeable(resource)

    def _addressed(self, address: str, data: dict[str, Any]) -> Resource | None:
        """The link that stands at an address, or None when a new one is to be made."""
        validate_address(address)
        language = self.topic_language.language
        here = resource_at(address, language)
        if data["use"]:
            # The answer stays to be seen where something else keeps the page from being saved.
            self.offer = here
        if here is None or (
            data["use"] == self.NEW and getattr(here, f"url_{language}") != address
        ):
            if not self.may_create:
                raise ValidationError(_("You may place links, but not add new ones."))
            if not data["title"]:
                self.add_error("title", _("A new link needs a title."))
            return None
        if data["use"] != self.HERE and here.pk not in self.added:
            self.offer = here
            raise ValidationError(
                _("This address is here already as “%(title)s”. Choose what to do."),
                params={"title": getattr(here, f"title_{language}") or str(here)},
            )
        return self._placeable(here)

    def _placeable(self, resource: Resource) -> Resource:
        language = self.topic_language.language
        if resource.pk in self.placed:
            raise ValidationError(_("This link stands on the page already."))
        if not (getattr(resource, f"title_{language}") and getattr(resource, f"url_{language}")):
            raise ValidationError(
                _(
                    "Link #%(number)d has no title or address in this language. Complete it under “Links”."
                ),
                params={"number": resource.pk},
            )
        return resource


class NewRows(forms.BaseFormSet):
    """Links to add; untouched rows are nothing."""

    default_error_messages = INCOMPLETE

    def clean(self):
        typed: set[str] = set()
        for form in self.kept():
            text = form.cleaned_data.get("link", "")
            if text and text in typed:
                form.add_error("link", _("This link stands on the page already."))
            typed.add(text)

    def kept(self) -> list[NewLinkForm]:
        """The rows in which something was typed."""
        return [form for form in self.forms if form.has_changed()]


PlacedFormSet = forms.formset_factory(
    PlacedForm, formset=Rows, extra=0, can_order=True, can_delete=True
)
NewLinkFormSet = forms.formset_factory(NewLinkForm, formset=NewRows, extra=1)


def new_link(form: NewLinkForm, topic_language: TopicLanguage) -> Resource:
    """Store the link that a valid row describes, with its side in one language."""
    language = topic_language.language
    return Resource.objects.create(
        **{
            f"title_{language}": form.cleaned_data["title"],
            f"url_{language}": form.cleaned_data["link"],
            f"descriptions_{language}": form.cleaned_data["descriptions"],
        }
    )
