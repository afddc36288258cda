"""The forms for a new topic and for what both languages of one share."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.fields import name_languages, refuse_reserved
from editorial.keeping.merging import FormValues, Value, merge
from editorial.pages.starting import free_slug, is_free, slug_from
from resources.models import TITLE_MAX_LENGTH, Language
from topics.models import HealthTopic
from topics.models.topic import validate_slug
from topics.pictures.receiving import Received, Refused, receive
from topics.pictures.renditions import WIDTHS, encode, file_name

PICTURE_FIELDS = (
    *("image_alt_en", "image_alt_es", "image_decorative"),
    *("image_credit_en", "image_credit_es", "image_license_en", "image_license_es"),
)
# What a save of the form writes of the picture.
PICTURE_COLUMNS = ("image", "image_width", "image_height", *PICTURE_FIELDS)


@dataclass
class Prepared:
    """An upload made ready before the transaction of its form: a picture and its files, or why not.

    `is_kept` as soon as files of it are in the media storage because of this request.
    """

    received: Received | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    refused: str = ""
    is_kept: bool = False


def prepare(upload: UploadedFile) -> Prepared:
    """Decode and encode an upload; with a large picture that takes seconds."""
    try:
        received = receive(upload)
    except Refused as refused:
        return Prepared(refused=str(refused))
    return Prepared(received, encode(received))


def set_picture(topic: HealthTopic, received: Received | None) -> None:
    """Let a topic have this picture, or none; its words stay."""
    topic.image = received.name if received else ""
    size = received.pixels.size if received else (None, None)
    topic.image_width, topic.image_height = size


# Hidden fields that tell what a form was loaded from.
GUARDS = ("seen_version", "base")
CHANGED = gettext_lazy(
    "Somebody else saved “%(saved)s” here after you opened this. Yours is still below, and nothing "
    "was saved; save again to replace theirs."
)
PICTURE_CHANGED = gettext_lazy(
    "Somebody else changed the picture after you opened this. To replace theirs, choose yours again."
)


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
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy(
            "A JPEG, PNG or WebP file of at most 10 MB, at least 320 pixels wide. Readers see it in "
            "each language once that is published anew."
        ),
    )
    no_picture = forms.BooleanField(label=gettext_lazy("Take the picture away"), required=False)

    class Meta:
        model = HealthTopic
        fields = (*("source_language", "tags", "owners"), *PICTURE_FIELDS)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.initial["seen_version"] = self.instance.version
        # Taken now: validation will put the posted values into the topic.
        self.stored = {
            name: _plain(self.initial.get(name))
            for name in self.fields
            if name not in (*GUARDS, "no_picture")
        } | {"picture": self.instance.image}
        self.initial["base"] = signing.dumps(self.stored, salt=self._salt, compress=True)
        name_languages(self)
        if not self.instance.image:
            del self.fields["no_picture"]
        elif "picture" in self.fields:
            self.fields["picture"].help_text = format_html(
                '<img src="{}" alt="{}" width="160"><br>{}',
                f"{settings.MEDIA_URL}{file_name(self.instance.image, WIDTHS[0], 'jpg')}",
                _("The picture as it is"),
                self.fields["picture"].help_text,
            )

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields by which a save changes what is stored; what a colleague saved is not among them."""
        if not self.is_valid():
            return [name for name in super().changed_data if name not in GUARDS]
        data = self.cleaned_data
        # An upload is kept anew even where the topic has that picture; taking it away needs one.
        chosen = [name for name in ("picture", "no_picture") if data.get(name)]
        others = [name for name in self.stored if name != "picture" and name in data]
        changed = [name for name in others if _plain(data[name]) != self.stored[name]]
        # A tag is the same word with and without capitals, and stays written as it was.
        tags = [
            [tag.casefold() for tag in side] for side in (_plain(data["tags"]), self.stored["tags"])
        ]
        return [name for name in changed if name != "tags" or tags[0] != tags[1]] + chosen

    def clean_picture(self) -> Prepared | None:
        """The upload as a picture that can be kept."""
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        if upload.prepared.refused:
            raise ValidationError(upload.prepared.refused)
        return upload.prepared

    @property
    def _salt(self) -> str:
        return f"editorial.shared.{self.instance.pk}"

    def clean(self):
        data = super().clean()
        if data.get("seen_version") != self.instance.version:
            self._merge(data)
        if data.get("image_decorative") and (data.get("image_alt_en") or data.get("image_alt_es")):
            sentence = _("A picture that is decoration needs no text: leave the texts empty.")
            self.add_error("image_decorative", sentence)
        return data

    def _post_clean(self):
        # The columns belong together, so they are set before Django checks the constraints.
        prepared = self.cleaned_data.get("picture")
        if prepared:
            set_picture(self.instance, prepared.received)
        elif self.cleaned_data.get("no_picture"):
            set_picture(self.instance, None)
        super()._post_clean()

    def _merge(self, data: dict[str, Any]) -> None:
        """Take what somebody else saved meanwhile over, or say where both changed the same.

        The form then stands on what is saved now: sent once more, it replaces what was shown.
        """
        mine = {name: _plain(data[name]) for name in self.stored if name in data}
        theirs = {name: self.stored[name] for name in mine}
        base = self._loaded()
        mine["picture"] = self._wanted_picture(data, base)
        theirs["picture"] = self.stored["picture"]
        known = base and FormValues({name: base[name] for name in mine if name in base}, {})
        merged = merge(known, FormValues(mine, {}), FormValues(theirs, {}))
        for collision in merged.collisions:
            if collision.path[0] == "picture":
                self.add_error("picture", PICTURE_CHANGED)
                continue
            saved = collision.theirs
            text = ", ".join(saved) if isinstance(saved, tuple) else saved
            self.add_error(collision.path[0], ValidationError(CHANGED, params={"saved": text}))
        for name, value in merged.values.fields.items():
            if value != mine[name] and name != "picture":
                data[name] = list(value) if isinstance(value, tuple) else self.initial[name]
                if name == "owners":
                    data[name] = self.fields[name].queryset.filter(username__in=value)
        self.data = self.data.copy()
        self.data["seen_version"] = str(self.instance.version)
        self.data["base"] = self.initial["base"]

    def _wanted_picture(self, data: dict[str, Any], base: dict[str, Value] | None) -> Value:
        """The name of the picture that the topic shall have by this form."""
        if data.get("picture"):
            return data["picture"].received.name
        return "" if data.get("no_picture") else (base or self.stored).get("picture", "")

    def _loaded(self) -> dict[str, Value] | None:
        """What the form said when it was loaded, where that arrived whole."""
        try:
            loaded = signing.loads(self.data.get("base", ""), salt=self._salt)
        except signing.BadSignature:
            return None
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in loaded.items()
        }


def _plain(value: Any) -> Value:
    """A field's value as it is compared: tags by their names, a file by its own."""
    if isinstance(value, list | tuple | QuerySet):
        return tuple(sorted(str(getattr(entry, "name", entry)) for entry in value))
    return str(getattr(value, "name", value) or "")
