"""The page on which one language of a topic is edited, with the other one beside it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from editorial import parts
from editorial.fields import whole_number
from editorial.finding import label_of
from editorial.keeping.base import Base
from editorial.link_health.in_texts import text_links
from editorial.originals import new_words, put_beside
from editorial.roles.rights import CHANGE_TEXT, PUBLISH, VIEW, may
from editorial.saving import Stale, Unchanged, one_save
from editorial.texts import Checker, bound_links, same_text, shown
from topics.editions.descent import descent_of
from topics.editions.reviewing import change_asked_for
from topics.editions.writers import note_writers
from topics.models import RelatedTopic, TopicLanguage, TopicName
from topics.site import bump_generation
from topics.working_copy.sections import section_of

from .access import language_view
from .editing import Kind, answer
from .language_forms import LanguageForm, OtherLanguageFormSet, RelatedFormSet
from .language_values import TextValues, plain
from .sections import Pairs, SectionFormSet

COLUMNS = ("slug", "institute_name", "institute_url")
# Who reviews it, and how often: no reader is shown either.
REVIEW_COLUMNS = ("review_owner", "review_interval_days")


class LanguagePage(TextValues):
    """The forms of one language, filled from its working copy or from what was posted."""

    def __init__(self, topic_language: TopicLanguage, data: Any, *, may_publish: bool):
        self.topic_language = topic_language
        self.language = topic_language.language
        self.topic = topic_language.topic
        self.rows = parts.sections_of(self.topic.pk)
        options: dict[str, Any] = {"form_kwargs": {"topic_language": topic_language}}
        self.form = LanguageForm(
            data, instance=topic_language, initial=self._initial(), may_publish=may_publish
        )
        pairs = Pairs(self.rows, self.language)
        self.sections = SectionFormSet(
            data,
            prefix="sections",
            initial=pairs.initial(),
            form_kwargs={"topic_language": topic_language, "pairs": pairs},
        )
        self.related = RelatedFormSet(
            data,
            prefix="related",
            initial=self._initial_related(),
            form_kwargs={"topic_language": topic_language, "stored": self.stored_related},
        )
        self.others = OtherLanguageFormSet(
            data,
            prefix="others",
            initial=[
                {
                    "key": row.pk,
                    "name": row.name,
                    "vernacular_name": row.vernacular_name,
                    "url": row.url,
                }
                for row in topic_language.other_languages.all()
            ],
            **options,
        )
        self._note_recorded()

    def _text(self, name: str) -> str | None:
        return getattr(self.topic, f"{name}_{self.language}")

    def _initial(self) -> dict[str, Any]:
        return {
            "version": self.topic_language.version,
            **{name: self._text(name) for name in ("title", "meta_description")},
            "attribution": shown(self._text("attribution")),
            "also_called": self.names(self.topic_language, TopicName.Kind.ALSO_CALLED),
            "see_references": self.names(self.topic_language, TopicName.Kind.SEE_REFERENCE),
            "groups": [row.group_id for row in self.topic_language.memberships.all()],
        }

    def names(self, topic_language: TopicLanguage, kind: str) -> list[str]:
        """The names of a kind, from what is prefetched."""
        return [row.name for row in topic_language.names.all() if row.kind == kind]

    def _initial_related(self) -> list[dict[str, Any]]:
        return [
            {"key": row.pk, "topic": label_of(row.target) if row.target else ""}
            for row in self.stored_related.values()
        ]

    @cached_property
    def stored_related(self) -> dict[int, RelatedTopic]:
        """The related topics by key, with the topics they lead to."""
        return {row.pk: row for row in self.topic_language.related.select_related("target__topic")}

    def _note_recorded(self) -> None:
        """Let the rows of related topics show what only a record names; nobody can post it."""
        for form in self.related.forms:
            row = self.stored_related.get(_key(form))
            form.recorded = row if row and row.target is None else None

    @property
    def chosen_groups(self) -> list[str]:
        """The names of the groups that are ticked, for the line that stands over all of them."""
        chosen = {str(key) for key in self.form["groups"].value() or ()}
        choices = self.form.fields["groups"].choices
        return [name for _family, names in choices for key, name in names if str(key) in chosen]

    def is_valid(self) -> bool:
        """Whether everything posted can be saved; every form gets its errors."""
        forms = (self.form, self.sections, self.related, self.others)
        valid = [form.is_valid() for form in forms]
        return all(valid)

    def save(self, *, version: int, by: Any, base: Base | None) -> None:
        """Save what differs; `notes` then says what became of the HTML. Raises Stale or Unchanged."""
        values = self.form.cleaned_data
        stored = TopicLanguage.objects.get(pk=self.topic_language.pk)
        columns = {
            name: values[name]
            for name in (*COLUMNS, *REVIEW_COLUMNS)
            if (getattr(stored, name) or None) != (values[name] or None)
        }
        with one_save(self.topic_language, version=version, by=by, writes=False, **columns):
            written = [
                *self._save_texts(),
                *self._save_rows(),
                not columns.keys().isdisjoint(COLUMNS),
            ]
            if not any([*written, columns, self._save_next_review(base)]):
                raise Unchanged
            if any(written):
                note_writers([self.topic_language.pk], [by.pk])

    def _save_next_review(self, base: Base | None) -> bool:
        """Write the date if the editor gave another one; whether it did.

        A review writes it too and raises no version, so the date has to be still what the form was
        loaded with. Raises Stale when it is not, or when nobody knows what that was.
        """
        wanted = self.form.cleaned_data["next_review"]
        was = base and base.values.fields["next_review"]
        if self.form.fields["next_review"].disabled or plain(wanted) == was:
            return False
        row = TopicLanguage.objects.filter(pk=self.topic_language.pk)
        stored = row.get()
        if stored.next_review == wanted:
            return False
        if plain(stored.next_review) != was:
            raise Stale(stored)
        row.update(next_review=wanted)
        bump_generation(names_stay=True)
        return True

    @cached_property
    def checker(self) -> Checker:
        """What cleans the texts of this page."""
        return Checker(self.topic_language, bound_links(self._stored_html()))

    @property
    def notes(self) -> list[str]:
        """What was changed in the texts while they were cleaned, in sentences."""
        return self.checker.notes

    def _stored_html(self) -> list[str | None]:
        """Every stored text of the language that may hold links."""
        sides = ("heading", "body")
        rows = [getattr(row, f"{side}_{self.language}") for row in self.rows for side in sides]
        return [self._text("attribution"), *rows]

    def _save_texts(self) -> list[bool]:
        values, of = self.form.cleaned_data, self.topic_language
        texts = {name: self._text(name) for name in ("title", "meta_description", "attribution")}
        if values["title"] != (texts["title"] or "").strip():
            texts["title"] = values["title"]
        if not same_text(values["meta_description"], texts["meta_description"]):
            texts["meta_description"] = values["meta_description"].strip() or None
        if not same_text(values["attribution"], shown(texts["attribution"])):
            texts["attribution"] = self.checker.line(values["attribution"]) or None
        return [
            parts.store_texts(of, **texts),
            parts.store_names(of, TopicName.Kind.ALSO_CALLED, values["also_called"]),
            parts.store_names(of, TopicName.Kind.SEE_REFERENCE, values["see_references"]),
            parts.store_groups(of, values["groups"]),
        ]

    def _save_rows(self) -> list[bool]:
        of = self.topic_language
        names = ("name", "vernacular_name", "url")
        return [
            parts.store_sections(of, self._wanted_sections()),
            parts.store_related(
                of,
                [
                    (form.cleaned_data["key"], form.cleaned_data["topic"])
                    for form in self.related.kept()
                ],
            ),
            parts.store_other_languages(
                of,
                [
                    (form.cleaned_data["key"], {name: form.cleaned_data[name] for name in names})
                    for form in self.others.kept()
                    if form.cleaned_data["name"]
                ],
            ),
        ]

    def _wanted_sections(self) -> list[parts.KeyedSection]:
        """What is to be stored; a section nobody touched stays exactly as it was."""
        present = {row.pk: row for row in parts.in_order(self.rows, self.language)}
        wanted: list[parts.KeyedSection] = []
        for form in self.sections.kept():
            values = form.cleaned_data
            row = present.get(values["key"])
            stored = row and section_of(row, self.language)
            if (
                stored
                and values["level"] == stored.level
                and same_text(values["heading"], shown(stored.heading))
                and same_text(values["body"], shown(stored.body))
            ):
                wanted.append((values["key"], stored))
                continue
            pieces = self.checker.sections(values["level"], values["heading"], values["body"])
            keys = [values["key"], *[None] * len(pieces)]
            wanted += zip(keys, pieces, strict=False)
        return wanted


def _key(form: Any) -> int | None:
    """The key of a row, as stored or as posted."""
    return whole_number(form["key"].value())


@language_view(VIEW, CHANGE_TEXT)
def edit(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Show the form of one language, or save what was posted; the public page stays as it is.

    Lists of topics lead here; whoever may only look goes on to the preview.
    """
    if not may(request.user, CHANGE_TEXT, topic_language):
        if request.method == "POST":
            raise PermissionDenied
        return redirect("admin:topics_topiclanguage_preview", topic_language.pk)

    def build(of: TopicLanguage, data: Any) -> LanguagePage:
        return LanguagePage(of, data, may_publish=may(request.user, PUBLISH, of))

    kind = Kind(
        name=LanguagePage.name,
        template="editorial/language.html",
        build=build,
        context=_context,
        saved=lambda _page: _("Saved."),
        onward=_onward,
    )
    return answer(request, topic_language, kind)


def _context(page: LanguagePage, context: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the fields: the other language, what is new in the original, a review."""
    news = new_words(descent_of(page.topic_language))
    rows = parts.in_order(page.rows, context["other_language"])
    unplaced = put_beside(news, page.sections.forms, rows)
    return {
        "beside": _beside(context["other"]),
        "news": news,
        "unplaced": unplaced,
        "text_links": text_links(page.topic_language),
        "asked": change_asked_for(page.topic_language),
    }


def _onward(data: QueryDict, topic_language: TopicLanguage) -> HttpResponse:
    """Where the button that was pressed leads."""
    for name in ("preview", "publish"):
        if f"_{name}" in data:
            return redirect(f"admin:topics_topiclanguage_{name}", topic_language.pk)
    return redirect("admin:topics_topiclanguage_change", topic_language.pk)


def _beside(other: TopicLanguage | None) -> dict[str, Any]:
    """The other language's fields as finished values; nothing of it is posted."""
    if other is None:
        return {}
    names = list(other.names.all())
    return {
        "slug": other.slug,
        **{
            name: getattr(other.topic, f"{name}_{other.language}") or ""
            for name in ("title", "meta_description")
        },
        "attribution": SafeString(getattr(other.topic, f"attribution_{other.language}") or ""),
        "also_called": [row.name for row in names if row.kind == TopicName.Kind.ALSO_CALLED],
        "see_references": [row.name for row in names if row.kind == TopicName.Kind.SEE_REFERENCE],
        "groups": [
            getattr(row.group, f"name_{other.language}") or str(row.group)
            for row in other.memberships.select_related("group")
        ],
        "institute_name": other.institute_name,
        "institute_url": other.institute_url or "",
        "related": [
            row.target.title if row.target else row.title
            for row in other.related.select_related("target__topic")
        ],
        "others": [row.name for row in other.other_languages.all()],
    }
