"""What the form of one language says, as values that can be merged, and the way back into a form."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from editorial import parts
from editorial.finding import label_of
from editorial.keeping.base import Base
from editorial.keeping.merging import FormValues, Path, Row, Side, inserted
from editorial.keeping.wording import readable
from editorial.texts import Checker, same_text, shown
from topics.models import RelatedTopic, TopicLanguage, TopicSection
from topics.working_copy.sections import section_of

from .language_forms import LanguageForm, Rows
from .sections import SectionRows

# In the order of the page, in which people are asked about them.
FIELDS = (
    *("title", "slug", "also_called", "see_references", "attribution", "meta_description"),
    *("groups", "institute_name", "institute_url"),
    *("review_owner", "review_interval_days", "next_review"),
)
LISTS = ("also_called", "see_references", "groups")
HTML = ("attribution", "heading", "body")
OTHER_NAMES = ("name", "vernacular_name", "url")


class TextValues:
    """The part of a LanguagePage that knows its forms as values."""

    name = "text"
    language: str
    topic_language: TopicLanguage
    rows: list[TopicSection]
    checker: Checker
    stored_related: dict[int, RelatedTopic]
    form: LanguageForm
    sections: SectionRows
    related: Rows
    others: Rows

    def values(self) -> FormValues:
        """What the working copy says; every text exactly as its field shows it."""
        fields = {name: plain(self.form.initial[name]) for name in FIELDS}
        fields["groups"] = tuple(sorted(fields["groups"], key=int))
        sections = tuple(
            Row(str(row.pk), _section(section_of(row, self.language)))
            for row in parts.in_order(self.rows, self.language)
        )
        related = tuple(Row(key) for key in dict.fromkeys(self.related_keys().values()))
        others = (
            {name: getattr(row, name) or "" for name in OTHER_NAMES}
            for row in self.topic_language.other_languages.all()
        )
        return FormValues(
            fields, {"sections": sections, "related": related, "others": _by_name(others)}
        )

    def said(self, base: Base | None) -> FormValues:
        """What a valid posted form says, in the form in which it would be stored.

        A text that differs from the one it was loaded with in nothing that is stored counts as that.
        """
        was = base.values if base else self.values()
        fields = {name: plain(self.form.cleaned_data[name]) for name in was.fields}
        fields["groups"] = tuple(sorted(fields["groups"], key=int))
        if not same_text(fields["attribution"], was.fields["attribution"]):
            fields["attribution"] = shown(self.checker.line(fields["attribution"])) or ""
        for name, old in was.fields.items():
            if isinstance(old, str) and same_text(fields[name].strip(), old.strip()):
                fields[name] = old
            elif isinstance(old, str):
                fields[name] = fields[name].strip()
        keys = self.related_keys() | (base.keys.get("related", {}) if base else {})
        related = dict.fromkeys(key for key in map(_related_key(keys), self.related.kept()) if key)
        others = (
            {name: form.cleaned_data[name] for name in OTHER_NAMES}
            for form in self.others.kept()
            if form.cleaned_data["name"]
        )
        return FormValues(
            fields,
            {
                "sections": tuple(_said_sections(self, was.rows["sections"], self.checker)),
                "related": tuple(map(Row, related)),
                "others": _by_name(others),
            },
        )

    def row_keys(self) -> dict[str, dict[str, str]]:
        """The keys in merges of rows that the form names by other keys."""
        return {"related": self.related_keys()}

    def related_keys(self) -> dict[str, str]:
        """What each row of the related topics points to, by the key of the row."""
        return {
            str(key): f"topic:{row.target_id}" if row.target else f"record:{row.number or row.url}"
            for key, row in self.stored_related.items()
        }

    def as_post(self, values: FormValues) -> dict[str, Any]:
        """The values as a browser would post them from this page."""
        posted: dict[str, Any] = {"version": str(self.topic_language.version)}
        for name, value in values.fields.items():
            lines = name in LISTS and name != "groups"
            posted[name] = "\n".join(value) if lines else list(value) if name == "groups" else value
        sections = _with_gaps(values.rows["sections"], self)
        _post_rows(posted, "sections", sections)
        # The row in which nothing is written yet proposes a level, as on a page opened just now.
        level = self.sections.empty_form["level"].initial
        posted[f"sections-{len(sections)}-level"] = str(level)
        rows = {key: pk for pk, key in reversed(self.related_keys().items())}
        titles = _titles(row.key for row in values.rows["related"])
        related = [
            {"key": rows.get(row.key, ""), "topic": titles.get(row.key, "")}
            for row in values.rows["related"]
            if row.key in rows or row.key in titles
        ]
        _post_rows(posted, "related", related)
        stored = {
            tuple(getattr(row, name) or "" for name in OTHER_NAMES): str(row.pk)
            for row in self.topic_language.other_languages.all()
        }
        others = [
            {"key": stored.get(tuple(row.values[name] for name in OTHER_NAMES), ""), **row.values}
            for row in values.rows["others"]
        ]
        _post_rows(posted, "others", others)
        return posted

    def place_name(self, path: Path, values: FormValues) -> str:
        """What an editor calls a place of the form."""
        name, *rest = path
        if name in self.form.fields:
            return str(self.form.fields[name].label)
        if name != "sections":
            return {"related": _("Related topics"), "others": _("Materials in other languages")}[
                name
            ]
        if not rest:
            return _("Order of the sections")
        row = next((row for row in values.rows[name] if row.key == rest[0]), None)
        heading = strip_tags(row.values["heading"]) if row else ""
        section = (
            _("Section “%(heading)s”") % {"heading": heading} if heading else _("Opening text")
        )
        if not rest[1:]:
            return section
        parts_of = {"heading": _("heading"), "body": _("text"), "level": _("level")}
        return f"{section}: {parts_of[rest[1]]}"

    def in_words(self, path: Path, side: Side, values: FormValues) -> str:
        """What one side says at a place, as plain text for comparing."""
        if side is None:
            return ""
        if isinstance(side, Row):
            return "\n".join(readable(str(side.values[at])) for at in side.values if at != "level")
        if path == ("sections",):
            headings = {
                row.key: strip_tags(row.values["heading"]) for row in values.rows["sections"]
            }
            return "\n".join(headings.get(key) or _("Opening text") for key in side)
        if path == ("related",):
            titles = _titles(side)
            return "\n".join(titles.get(key, key.partition(":")[2]) for key in side)
        if path == ("groups",):
            names = dict(
                choice for _family, some in self.form.fields["groups"].choices for choice in some
            )
            return "\n".join(names.get(int(key), key) for key in side)
        if isinstance(side, tuple):
            return "\n".join(side)
        if path == ("review_owner",) or path[-1] == "level":
            field = (
                self.form.fields["review_owner"]
                if len(path) == 1
                else self.sections.empty_form.fields["level"]
            )
            return next((str(label) for key, label in field.choices if str(key) == side), side)
        return readable(side) if path[-1] in HTML else side


def plain(value: Any) -> str | tuple[str, ...]:
    """What a field holds, as merges and bases have it."""
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(str(entry).strip() for entry in value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(getattr(value, "pk", value))


def _section(section: Any) -> dict[str, str]:
    return {
        "level": "" if section.level is None else str(section.level),
        "heading": shown(section.heading) or "",
        "body": shown(section.body) or "",
    }


def _said_sections(page: TextValues, was: Iterable[Row], checker: Checker) -> Iterable[Row]:
    before = {row.key: row.values for row in was}
    used: set[str] = set()
    for number, form in enumerate(page.sections.kept()):
        values = form.cleaned_data
        key = str(values["key"] or "")
        key = key if key and key not in used else f"new:{number}"
        used.add(key)
        old = before.get(key)
        level = "" if values["level"] is None else str(values["level"])
        if (
            old
            and level == old["level"]
            and same_text(values["heading"], old["heading"])
            and same_text(values["body"], old["body"])
        ):
            yield Row(key, old)
            continue
        pieces = checker.sections(values["level"], values["heading"], values["body"])
        for place, piece in enumerate(pieces):
            yield Row(f"new:{number}.{place}" if place else key, _section(piece))


def _by_name(others: Iterable[Mapping[str, str]]) -> tuple[Row, ...]:
    """Materials in other languages; a row is known by the name of its language."""
    rows: dict[str, Row] = {}
    for values in others:
        key, number = values["name"], 1
        while key in rows:
            number += 1
            key = f"{values['name']} #{number}"
        rows[key] = Row(key, dict(values))
    return tuple(rows.values())


def _related_key(keys: Mapping[str, str]) -> Any:
    def key_of(form: Any) -> str | None:
        target = form.cleaned_data["topic"]
        if target:
            return f"topic:{target.pk}"
        key = keys.get(str(form.cleaned_data["key"] or ""), "")
        return key if key.startswith("record:") else None

    return key_of


def _titles(keys: Iterable[str]) -> dict[str, str]:
    """The names of topics that are here, as their field shows them."""
    here = [int(key.removeprefix("topic:")) for key in keys if key.startswith("topic:")]
    topics = TopicLanguage.objects.filter(pk__in=here).select_related("topic")
    return {f"topic:{topic.pk}": label_of(topic) for topic in topics}


def _with_gaps(rows: tuple[Row, ...], now: TextValues) -> list[dict[str, str]]:
    """The sections, and an empty row wherever only the other language has one."""
    posted = {
        row.key: {"key": row.key if row.key.isdecimal() else "", **row.values} for row in rows
    }
    empty = {
        str(row["key"]): {**row, "level": row["level"] or ""}
        for row in now.sections.initial
        if not (row["heading"] or row["body"])
    }
    order = inserted(
        list(posted),
        [str(row["key"]) for row in now.sections.initial if str(row["key"]) in posted | empty],
    )
    return [posted.get(key) or empty[key] for key in order]


def _post_rows(posted: dict[str, Any], prefix: str, rows: list[dict[str, str]]) -> None:
    # One more, in which nothing is written yet.
    posted[f"{prefix}-TOTAL_FORMS"] = str(len(rows) + 1)
    posted[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
    for number, row in enumerate(rows):
        posted[f"{prefix}-{number}-ORDER"] = str(number + 1)
        posted |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
