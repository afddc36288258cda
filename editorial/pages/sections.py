"""The sections of a summary on the page of one language, each beside its pair in the other."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import parts
from editorial.fields import TextField, whole_number
from editorial.texts import shown
from resources.models import Language, other_language
from topics.models import TopicSection
from topics.richtext import presentable
from topics.wording import plain
from topics.working_copy.sections import section_of

from .language_forms import RowForm, Rows, rows_of, speak

LEVELS = [
    ("", gettext_lazy("No heading (opening text)")),
    (2, gettext_lazy("Heading 2")),
    (3, gettext_lazy("Heading 3")),
    (4, gettext_lazy("Heading 4")),
]


class Pairs:
    """Which section of the other language may stand beside a row of this one."""

    def __init__(self, rows: Sequence[TopicSection], language: str):
        self.language, self.other = language, other_language(language)
        self.rows = {row.pk: row for row in rows}
        self.names = {row.pk: self._name(row) for row in parts.in_order(rows, self.other)}
        self.none = _("no section")

    def _name(self, row: TopicSection) -> str:
        side = section_of(row, self.other)
        return Truncator(strip_tags(side.heading or side.body)).chars(60) or _("Section")

    def choices(self, key: int | None) -> list[tuple[int | str, str]]:
        """The choices of a row: no pair, which keeps the row it has alone, or any other section."""
        alone = key if key in self.rows and key not in self.names else ""
        return [(alone, self.none), *self.names.items()]

    def beside(self, key: int | None) -> dict[str, Any] | None:
        """The other language's section in a row as finished values, to read."""
        if key not in self.names:
            return None
        side = section_of(self.rows[key], self.other)
        return {
            "level": side.level,
            "heading": SafeString(side.heading or ""),
            "body": SafeString(presentable(side.body)),
        }

    def initial(self) -> list[dict[str, Any]]:
        """This language's sections, and where it lacks one that the other has, a gap to fill."""
        order = parts.in_order(self.rows.values(), self.language)
        present = {row.pk for row in order}
        before = 0
        for row in parts.in_order(self.rows.values(), self.other):
            if row.pk in present:
                before = order.index(row) + 1
            else:
                order.insert(before, row)
                before += 1
        return [
            {
                "key": row.pk,
                "level": section_of(row, self.language if row.pk in present else self.other).level,
                "heading": shown(getattr(row, f"heading_{self.language}")),
                "body": shown(getattr(row, f"body_{self.language}")),
            }
            for row in order
        ]


class SectionForm(RowForm):
    """A section of the summary; its key pairs it with the other language's section."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        choices=LEVELS,
        coerce=int,
        empty_value=None,
        required=False,
        initial=3,
    )
    heading = TextField(label=gettext_lazy("Heading"), html="line")
    body = TextField(label=gettext_lazy("Text"), rows=8, html="block")

    def __init__(self, *args: Any, pairs: Pairs, **options: Any):
        super().__init__(*args, **options)
        speak(self, self.topic_language.language, ("heading", "body"))
        # A field keeps the label it is first asked under.
        self.fields["key"].label = _("Beside it in %(language)s") % {
            "language": Language(pairs.other).label
        }
        key = whole_number(self["key"].value())
        self.beside = pairs.beside(key)
        # A row that the other language gave up in the meantime is no choice, and still valid: what
        # was written beside it begins a row of its own.
        if pairs.names:
            self.fields["key"].widget = forms.Select({"lang": pairs.other}, pairs.choices(key))

    @property
    def named(self) -> str:
        """The heading as plain text, as it was loaded or sent."""
        return plain(self["heading"].value() or "")

    def is_blank(self) -> bool:
        """Whether nothing is written here, so that the language lacks the section."""
        return not (self.cleaned_data["heading"].strip() or self.cleaned_data["body"].strip())

    @property
    def is_gap(self) -> bool:
        """Whether the row only shows what the other language has."""
        return bool(self.beside) and not (self["heading"].value() or self["body"].value())

    def clean(self):
        data = super().clean()
        if not data.get("key") and not data.get("heading", "").strip():
            # The level of a new row is a proposal; only with a heading is it meant.
            data["level"] = None
        if data.get("heading", "").strip() and data.get("level") is None:
            self.add_error(
                "level", _("The opening text has no heading. Choose a level for this one.")
            )
        return data


class SectionRows(Rows):
    """The sections; text without a heading can only open the summary."""

    def clean(self):
        if any(self.errors) or self.non_form_errors():
            return
        written = self.kept()
        for form in written[1:]:
            if form.cleaned_data["level"] is None:
                form.add_error("level", _("Only the first section may do without a heading."))
        taken: set[int] = set()
        for form in written:
            key = form.cleaned_data["key"]
            if key in taken:
                form.add_error("key", _("Another section stands beside that one already."))
            taken |= {key} - {None}

    def kept(self):
        return [form for form in super().kept() if not form.is_blank()]


SectionFormSet = rows_of(SectionForm, SectionRows)
