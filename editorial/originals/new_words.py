"""What is new in an original since the edition from which a translation was made."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from editorial.fields import whole_number
from topics.document import Section, TopicDocument
from topics.editions.descent import Descent
from topics.models import TopicSection
from topics.wording import Piece, SectionChange, paired, pieces, plain, section_changes
from topics.working_copy.sections import section_of


class NewWords(NamedTuple):
    """The words that are new: of single fields by their label, and of sections.

    `before` and `after` are numbers of editions; `sections` are in the order of the newer one.
    """

    language: str
    before: int
    after: int
    texts: list[tuple[str, list[Piece]]]
    sections: list[SectionChange]
    summary: tuple[Section, ...]

    def by_row(self, rows: Sequence[TopicSection]) -> dict[int, SectionChange]:
        """The changes by the key of the row of the original's working copy that they are about.

        `rows` are those of the original in its order. Where the working copy went on, sections
        are found again by their headings.
        """
        now = [plain(section_of(row, self.language).heading) for row in rows]
        then = [plain(section.heading) for section in self.summary]
        places = {live: place for live, place in paired(then, now) if live is not None}
        found = {}
        for change in self.sections:
            place = places.get(change.after)
            if place is not None:
                found[rows[place].pk] = change
        return found


def put_beside(
    news: NewWords | None, forms: Sequence[Any], rows: Sequence[TopicSection]
) -> list[SectionChange]:
    """Give the form of each section what is new in the original's; the changes without a form."""
    changes = news.by_row(rows) if news else {}
    keys = [whole_number(form["key"].value()) for form in forms]
    for form, key in zip(forms, keys, strict=True):
        form.news = changes.get(key)
    shown = [changes[key] for key in keys if key in changes]
    return [change for change in news.sections if change not in shown] if news else []


def new_words(descent: Descent | None) -> NewWords | None:
    """The new words; None when there are none, or when nobody said what the translation is made from."""
    if descent is None or descent.is_current or descent.made_from is None:
        return None
    before = TopicDocument.from_json(descent.made_from.document)
    after = TopicDocument.from_json(descent.newest.document)
    texts = [
        (_("Title"), before.title, after.title),
        (
            _("Description for search engines"),
            before.meta_description or "",
            after.meta_description or "",
        ),
        (_("Attribution"), plain(before.attribution), plain(after.attribution)),
    ]
    changes = section_changes(before.summary or (), after.summary or ())
    return NewWords(
        after.language,
        descent.made_from.number,
        descent.newest.number,
        [(label, pieces(old, new)) for label, old, new in texts if old != new],
        [
            change
            for change in changes
            if change.words or change.before is None or change.after is None
        ],
        after.summary or (),
    )
