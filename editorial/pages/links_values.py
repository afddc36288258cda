"""What the form of a page's links says, as values that can be merged, and the way back into a form."""

from typing import Any

from django.utils.translation import gettext as _

from editorial.keeping.base import Base
from editorial.keeping.merging import FormValues, Path, Row, Side, Value
from resources.models import Resource
from topics.models import Placement, TopicLanguage

from .language_forms import Rows
from .links_forms import NOTHING, Categories, NewLinkForm, NewRows

# A link that is not here yet is known by its address.
HERE, NEW = "resource:", "new:"
TYPED = ("categories", "own_title", "own_descriptions", "recorded")


class LinkValues:
    """The part of a LinksPage that knows its forms as values."""

    name = "links"
    topic_language: TopicLanguage
    categories: Categories
    stored: dict[int, Placement]
    rows: Rows
    new: NewRows

    @property
    def notes(self) -> list[str]:
        """Nothing that is typed here is changed when it is saved."""
        return []

    def values(self) -> FormValues:
        """What the working copy says."""
        keys = self.row_keys()["links"]
        rows = (Row(keys[str(key)], _stored(row)) for key, row in self.stored.items())
        return FormValues({}, {"links": tuple(rows)})

    def row_keys(self) -> dict[str, dict[str, str]]:
        """Which link each row of the form shows."""
        keys: dict[str, str] = {}
        for pk, placement in self.stored.items():
            key, number = f"{HERE}{placement.resource_id}", 1
            while key in keys.values():
                number += 1
                key = f"{HERE}{placement.resource_id}#{number}"
            keys[str(pk)] = key
        return {"links": keys}

    def said(self, base: Base | None) -> FormValues:
        """What a valid posted form says."""
        keys = self.row_keys()["links"] | (base.keys.get("links", {}) if base else {})
        was = base.values if base else self.values()
        before = {row.key: row.values for row in was.rows["links"]}
        rows: dict[str, Row] = {}
        for form in self.rows.kept():
            key = keys.get(str(form.cleaned_data["key"]))
            if key:
                rows[key] = Row(key, _said(form.cleaned_data, before.get(key, {})))
        for form in self.new.kept():
            row = _new(form)
            rows.setdefault(row.key, row)
        return FormValues({}, {"links": tuple(rows.values())})

    def as_post(self, values: FormValues) -> dict[str, Any]:
        """The values as a browser would post them from this page."""
        placed = {key: self.stored[int(pk)] for pk, key in self.row_keys()["links"].items()}
        old = [row for row in values.rows["links"] if row.key in placed]
        new = [row for row in values.rows["links"] if row.key not in placed]
        posted: dict[str, Any] = {
            "version": str(self.topic_language.version),
            "links-TOTAL_FORMS": str(len(old)),
            "links-INITIAL_FORMS": str(len(old)),
            "new-TOTAL_FORMS": str(len(new) + 1),
            "new-INITIAL_FORMS": "0",
        }
        for number, row in enumerate(old):
            typed = {name: row.values[name] for name in TYPED[1:3]}
            typed |= {"key": str(placed[row.key].pk), "ORDER": str(number + 1)}
            typed["categories"] = self.categories.typed(list(row.values["categories"]))
            if not row.values["recorded"] and _stored(placed[row.key])["recorded"]:
                typed["as_shared"] = "on"
            posted |= {f"links-{number}-{name}": value for name, value in typed.items()}
        for number, row in enumerate(new):
            typed = {"categories": self.categories.typed(list(row.values["categories"]))}
            if row.key.startswith(NEW):
                typed |= {name: row.values[name] for name in ("title", "organizations")}
                typed |= {"descriptions": row.values["descriptions"], "use": NewLinkForm.NEW}
                typed["link"] = row.key.removeprefix(NEW)
            else:
                typed["link"] = f"#{resource_of(row.key)}"
            posted |= {f"new-{number}-{name}": value for name, value in typed.items()}
        return posted

    def place_name(self, path: Path, values: FormValues) -> str:
        """What an editor calls a place of the form."""
        if len(path) == 1:
            return _("Order of the links")
        title = self._titles([path[1]])[path[1]]
        link = _("Link “%(title)s”") % {"title": title}
        if len(path) == 2:
            return link
        labels = {
            "categories": _("Sections of the page"),
            "own_title": _("Title on this page"),
            "own_descriptions": _("Descriptions on this page"),
            "recorded": _("Address and organizations"),
        }
        return f"{link}: {labels.get(path[2], path[2])}"

    def in_words(self, path: Path, side: Side, values: FormValues) -> str:
        """What one side says at a place, as plain text for comparing."""
        if side is None:
            return ""
        if isinstance(side, Row):
            said = [
                self.in_words((*path, name), value, values)
                for name, value in side.values.items()
                if value
            ]
            return "\n".join(text for text in [*self._titles([side.key]).values(), *said] if text)
        if path[-1] == "categories":
            return self.categories.typed(list(side))
        if path[-1] == "recorded":
            return _("as the record has them") if side else _("as the shared link has them")
        if isinstance(side, tuple):
            titles = self._titles(side)
            return "\n".join(titles[key] for key in side)
        return side

    def _titles(self, keys: Any) -> dict[str, str]:
        """What links are called in the language of the page, by their keys."""
        here = {key: resource_of(key) for key in keys if key.startswith(HERE)}
        links = Resource.objects.in_bulk(list(here.values()))
        name = f"title_{self.topic_language.language}"
        titles = {pk: getattr(link, name) or str(link) for pk, link in links.items()}
        return {
            key: titles.get(here[key], "") if key in here else key.removeprefix(NEW) for key in keys
        }


def resource_of(key: str) -> int:
    """The link that a key of a stored row means."""
    return int(key.removeprefix(HERE).partition("#")[0])


def _stored(placement: Placement) -> dict[str, Value]:
    own = placement.own_descriptions
    recorded = (placement.own_url, placement.own_mapped_url, placement.own_organizations)
    return {
        "categories": tuple(placement.categories),
        "own_title": placement.own_title or "",
        "own_descriptions": NOTHING if own == [] else "; ".join(own or ()),
        "recorded": "own" if any(value is not None for value in recorded) else "",
    }


def _said(typed: dict[str, Any], before: dict[str, Value]) -> dict[str, Value]:
    """A row as typed; what differs from before in nothing but blanks is as it was."""
    title = typed["own_title"]
    was = before.get("own_title", "")
    return {
        "categories": tuple(typed["categories"]),
        "own_title": was if isinstance(was, str) and title == was.strip() else title,
        "own_descriptions": "; ".join(typed["own_descriptions"]),
        "recorded": "" if typed["as_shared"] else before.get("recorded", ""),
    }


def _new(form: NewLinkForm) -> Row:
    typed = form.cleaned_data
    values: dict[str, Value] = {
        "categories": tuple(typed["categories"]),
        "own_title": "",
        "own_descriptions": "",
        "recorded": "",
    }
    if form.resource is not None:
        return Row(f"{HERE}{form.resource.pk}", values)
    values |= {
        "title": typed["title"],
        "organizations": "; ".join(typed["organizations"]),
        "descriptions": "; ".join(typed["descriptions"]),
    }
    return Row(f"{NEW}{typed['link']}", values)
