"""The list of topics as a table for spreadsheets: what the filters leave, row by row as it is read."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from editorial.states import by_language, state_of, who
from resources.models import Language
from topics.live import path_of
from topics.models import HealthTopic, TopicLanguage

from .filters import name_of_group
from .reading import band_of

AT_ONCE = 200
# Without it spreadsheets take UTF-8 for the system's own letters.
BYTE_ORDER_MARK = "\ufeff"
# With these a spreadsheet begins a formula; the wide ones count in East Asian editions.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    _("title"),
    _("address"),
    _("state"),
    _("outdated"),
    _("goes live"),
    _("owner"),
    _("last reviewed"),
    _("next review due"),
    _("broken links"),
    _("reading level, as saved"),
    _("how hard to read"),
    _("last saved"),
    _("last saved by"),
)


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 5.0, 1.2.10)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


class _Line:
    """What the writer of the standard library writes to: it hands each line back."""

    def write(self, text: str) -> str:
        return text


def lines(topics: QuerySet[HealthTopic], keys: Sequence[int]) -> Iterator[str]:
    """The table of these topics, in this order; a bounded number of queries for every 200."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(map(harmless, head()))
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found = topics.prefetch_related("tags").in_bulk(some)
        for key in some:
            # One that went away meanwhile is not missed.
            if key in found:
                yield writer.writerow(map(harmless, row(found[key])))


def head() -> list[str]:
    """The names of the columns; those of a language say which."""
    by_tongue = [f"{column} ({name})" for _code, name in Language.choices for column in COLUMNS]
    return [gettext("number"), *by_tongue, gettext("groups"), gettext("tags")]


def row(topic: HealthTopic) -> list[Any]:
    """The cells of one topic."""
    versions = by_language(topic)
    cells = [cell for code in Language.values for cell in _cells(topic, versions.get(code), code)]
    groups = {group.pk: group for version in versions.values() for group in version.groups.all()}
    tags = sorted(tag.name for tag in topic.tags.all())
    return [topic.pk, *cells, "; ".join(map(name_of_group, groups.values())), "; ".join(tags)]


def _cells(topic: HealthTopic, version: TopicLanguage | None, language: str) -> list[Any]:
    if version is None:
        return [None, None, state_of(None).label, *[None] * (len(COLUMNS) - 3)]
    level, band = version.reading_level, band_of(version)
    return [
        getattr(topic, f"title_{language}"),
        path_of(language, version.slug),
        state_of(version).label,
        _yes(version.is_outdated),
        _moment(version.due_at),
        who(version.review_owner) if version.review_owner else None,
        version.last_reviewed,
        version.next_review,
        _yes(version.has_broken_links),
        None if level is None else round(level, 1),
        band and band.name,
        _moment(version.changed_at),
        who(version.changed_by) if version.changed_at else None,
    ]


def _yes(holds: bool) -> str:
    return gettext("yes") if holds else ""


def _moment(moment: Any) -> str:
    """Date and time as every spreadsheet reads them, in the site's time zone."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def export(options: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The table of the list at the same address with the same filters."""
    if not options.has_view_or_change_permission(request):
        raise PermissionDenied
    try:
        shown = options.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return redirect("admin:topics_healthtopic_changelist")
    keys = list(shown.queryset.values_list("pk", flat=True))
    response = StreamingHttpResponse(
        _in_language(get_language(), lines(options.get_queryset(request), keys)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"topics-{localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_language(language: str, written: Iterator[str]) -> Iterator[str]:
    """The lines in the reader's language: they are written after the request has let go of it."""
    with override(language):
        yield from written
