"""The forms of the site's words, groups and about pages: both languages side by side."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from editorial.fields import refuse_reserved
from resources.models import Language
from topics.models import Address, Installation, LiveMembership, Page, TopicGroup

from .shared_forms import BothLanguagesForm


def refuse_taken(slug: str, mine: Q) -> str:
    """The slug, unless something that is not `mine` answers at it in any language."""
    if Address.objects.filter(slug=slug).exclude(mine).exists():
        raise ValidationError(_("This address is in use. Choose another one."))
    return slug


class InstallationForm(BothLanguagesForm):
    """What every public page says of the site."""

    class Meta:
        model = Installation
        fields = (
            *("name_en", "tagline_en", "disclaimer_en", "source_credit_en"),
            *("name_es", "tagline_es", "disclaimer_es", "source_credit_es"),
            *("publisher", "place", "contact", "emergency_number"),
        )

    def clean_contact(self):
        """A mail address or a web address: anything else would be a link that leads nowhere."""
        contact = self.cleaned_data["contact"].strip()
        if contact and "@" not in contact and not contact.startswith(("https://", "http://")):
            raise ValidationError(
                _("Give a mail address, or a web address that begins with https:// or http://.")
            )
        return contact


class GroupForm(BothLanguagesForm):
    """A group; its address is one for both languages."""

    class Meta:
        model = TopicGroup
        fields = ("name_en", "name_es", "slug", "family")

    def clean(self):
        """Without a name a group has no page, so readers who know its page would find nothing there."""
        data = super().clean()
        live = LiveMembership.objects.filter(group=self.instance.pk)
        for language in Language.values:
            name = f"name_{language}"
            known = self.initial.get(name) or live.filter(topic_language__language=language)
            if known and name in data and not data[name]:
                self.add_error(
                    name, _("Readers know the group in this language, so it needs a name.")
                )
        return data

    def clean_slug(self):
        """An address that another page has cannot be taken; one of its own, left earlier, can."""
        refuse_reserved(self.cleaned_data["slug"])
        mine = Q(group=self.instance.pk) | Q(redirect_to__group=self.instance.pk)
        return refuse_taken(self.cleaned_data["slug"], mine if self.instance.pk else Q(pk=None))


class PageForm(BothLanguagesForm):
    """An about page. Its address is given once."""

    class Meta:
        model = Page
        fields = ("key", "slug", "position", "title_en", "body_en", "title_es", "body_es")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for language in ("en", "es"):
            body: forms.Field | None = self.fields.get(f"body_{language}")
            if body:
                body.widget.attrs |= {"rows": 18, "class": "vLargeTextField html"}

    def clean_slug(self):
        """Only a page of its own may have the address."""
        refuse_reserved(self.cleaned_data["slug"], page=True)
        return refuse_taken(self.cleaned_data["slug"], Q(page=self.instance.pk) & ~Q(page=None))
