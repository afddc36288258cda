"""The forms with which a language of a topic is published, scheduled and withdrawn."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import within_reach
from editorial.finding import place_of, topic_named
from editorial.states import minute
from resources.models import ADDRESS_MAX_LENGTH
from topics.models import Address, TopicLanguage

NOW, LATER = "now", "later"


class NoteForm(forms.Form):
    """Why something is published or withdrawn, and the state that the editor saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note for your colleagues"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
    )


class PublishForm(NoteForm):
    """The note, when, whether the other language goes along, and the content that was shown."""

    digest = forms.CharField(widget=forms.HiddenInput)
    also = forms.BooleanField(required=False)
    other_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    other_digest = forms.CharField(widget=forms.HiddenInput, required=False)
    compared = forms.BooleanField(required=False)
    original = forms.IntegerField(widget=forms.HiddenInput, required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At a date and time"))],
        widget=forms.RadioSelect,
        initial=NOW,
        required=False,
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[within_reach],
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["due_at"].help_text = _("Time zone: %(zone)s. It is now %(now)s there.") % {
            "zone": get_current_timezone_name(),
            "now": minute(now()),
        }

    def clean(self):
        data = super().clean()
        if data.get("when") == LATER and not data.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("Give the date and the time."))
        if data.get("when") != LATER and data.get("due_at"):
            # Else a date that was typed, and a choice that was forgotten, would publish at once.
            self.add_error("when", _("You gave a date. Choose “At a date and time”, or empty it."))
        return data


class WithdrawForm(NoteForm):
    """The reason, where readers are sent instead, and the edition that is withdrawn."""

    live = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.CharField(
        label=gettext_lazy("Send readers to another page instead (optional)"),
        max_length=ADDRESS_MAX_LENGTH,
        required=False,
        help_text=gettext_lazy(
            "A topic by its title, or the address of any page of this site, such as /anemia.html."
        ),
        widget=forms.TextInput({"class": "vTextField"}),
    )

    def __init__(self, *args: Any, topic_language: TopicLanguage, **options: Any):
        super().__init__(*args, **options)
        self.topic_language = topic_language
        self.fields["note"].label = _("Reason; readers are shown it at the old address")
        self.fields["note"].widget.attrs |= {"lang": topic_language.language, "spellcheck": "true"}
        self.fields["to"].widget.attrs["data-suggest"] = reverse(
            "admin:topics_topiclanguage_find_topics", args=[topic_language.pk]
        )

    def clean_to(self) -> Address | None:
        """The address at which the page that is meant answers."""
        text = self.cleaned_data["to"]
        if not text:
            return None
        place = place_of(f"{settings.SITE_URL}{text}" if text.startswith("/") else text)
        if place:
            found = Address.objects.filter(language=place[0], slug=place[1]).first()
            found = found and (found.redirect_to or found)
        else:
            topic = topic_named(text, self.topic_language.language)
            found = topic and Address.objects.filter(topic_language=topic).first()
        if found is None:
            raise ValidationError(
                _("There is no public page “%(text)s”."), params={"text": text[:80]}
            )
        return found


class CorrectForm(WithdrawForm):
    """As for withdrawing; what was shown is the event that decided what readers see now."""

    version = None
    live = None
    seen = forms.IntegerField(widget=forms.HiddenInput)
