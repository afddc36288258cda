"""One address replaced by another wherever it stands, in working copies and on live pages."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.audit import note_act, note_acts
from editorial.models import Act
from editorial.saving import hold_topics
from resources.models import Language, LinkCheck, Resource, address_digest, validate_address
from topics.editions.embedding import retitled
from topics.models import AddressChange, OtherLanguage, Placement, RefreshJob, TopicLanguage
from topics.refresh import live_pages_with, request_refresh
from topics.working_copy.places import mapped_on, topics_showing

from .deeds import may_replace
from .in_texts import finish, texts_with


class Taken(Exception):
    """Another shared link has the new address already; `resource` is that link."""

    def __init__(self, resource: Resource):
        super().__init__(str(resource))
        self.resource = resource


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of a wish: on how many live pages the address stood, and what follows when.

    `places` live pages or saved texts follow, whichever are more.
    """

    live_pages: int
    places: int
    at_once: bool


def replace_for(
    request: HttpRequest, old: str, new: str, *, live_pages: int, room: int
) -> Replaced:
    """Replace an address that stands on `live_pages` for who asks, and note the acts.

    Texts and pages follow at once where no more than `room` have to. Raises PermissionDenied, and
    what `replace_everywhere` raises; then nothing was written.
    """
    if not may_replace(request.user, live_pages):
        raise PermissionDenied
    places = max(live_pages, len(texts_with(old)))
    with transaction.atomic():
        keys = topics_showing([old]).get(old, set()) | mapped_on(old) | set(live_pages_with(old))
        pages = list(TopicLanguage.objects.filter(pk__in=keys).order_by("pk"))
        at_once = replace_everywhere(old, new, by=request.user, at_once=places <= room)
        # One for the address, and one in the record of each page whose links or text it changes.
        note = {"by": request.user, "request": request, "detail": f"{old} → {new}"}
        note_act(Act.What.REPLACED, **note)
        note_acts(Act.What.REPLACED, on=pages, **note)
    return Replaced(live_pages, places, at_once)


@transaction.atomic
def replace_everywhere(old: str, new: str, *, by: AbstractBaseUser, at_once: bool) -> bool:
    """Put `new` in the place of `old` in shared links and on single pages, and ask for a refresh.

    With `at_once` texts and live pages follow as soon as this is committed, unless an older
    replacement still waits for the command `refresh`, which then does both in their order. Returns
    whether they follow at once. Raises ValidationError for what is no address, Taken when the new
    one belongs to another link. Topics are locked before links, as everywhere.
    """
    validate_address(new)
    if new == old:
        raise ValidationError(_("This is the address that the link has already."))
    concerned = _concerned(old, new)
    hold_topics([topic for _page, topic in concerned])
    for language in Language.values:
        _replace_shared(language, old, new)
    _replace_own([page for page, _topic in concerned], old, new, by)
    # Nothing leads there any more, so it is nobody's work.
    LinkCheck.objects.filter(digest=address_digest(old)).delete()
    change = AddressChange.objects.create(old=old, new=new, at=timezone.now(), by=by)
    job = request_refresh(RefreshJob.Kind.ADDRESS, change.pk, by=by)
    older = RefreshJob.objects.filter(kind=job.kind, finished_at=None, pk__lt=job.pk)
    at_once = at_once and not older.exists()
    if at_once:
        transaction.on_commit(lambda: finish(job), robust=True)
    return at_once


def _replace_shared(language: str, old: str, new: str) -> None:
    digest = f"url_digest_{language}"
    links = Resource.objects.select_for_update()
    link = links.filter(**{digest: address_digest(old)}).first()
    if link is None:
        return
    taken = Resource.objects.filter(**{digest: address_digest(new)}).first()
    if taken is not None:
        raise Taken(taken)
    title = getattr(link, f"title_{language}")
    setattr(link, f"title_{language}", title and retitled(title, old, new))
    setattr(link, f"url_{language}", new)
    link.save(update_fields=[f"url_{language}", f"title_{language}"])


def _rows(old: str) -> list[tuple[Any, str, str]]:
    """Rows that hold an address of their own, its field, and the way to their TopicLanguage."""
    placements = Placement.objects.all()
    return [
        (placements.filter(own_url=old), "own_url", "topic_language"),
        (placements.filter(own_mapped_url=old), "own_mapped_url", "topic_language"),
        (OtherLanguage.objects.filter(url=old), "url", "topic_language"),
        (TopicLanguage.objects.filter(institute_url=old), "institute_url", "pk"),
    ]


def _concerned(old: str, new: str) -> set[tuple[int, int]]:
    """Keys of the TopicLanguages, and of their topics, of which something of their own is to change."""
    keys = {key for rows, _field, way in _rows(old) for key in rows.values_list(way, flat=True)}
    showing = topics_showing([old]).get(old, set()) | mapped_on(old)
    keys |= {row.topic_language_id for row in _titled(showing, old, new)}
    return set(TopicLanguage.objects.filter(pk__in=keys).values_list("pk", "topic"))


def _titled(pages: Collection[int], old: str, new: str) -> list[Placement]:
    """The links with a title of their own that is the address, on pages that show it; not yet saved.

    Live pages change theirs in the same way, whichever of their links has the address.
    """
    rows = Placement.objects.filter(topic_language__in=pages).exclude(own_title=None)
    changed = []
    for row in rows:
        title = retitled(row.own_title, old, new)
        if title != row.own_title:
            row.own_title = title
            changed.append(row)
    return changed


def _replace_own(pages: Collection[int], old: str, new: str, by: AbstractBaseUser) -> None:
    """A form that was loaded before must not put the old address back, so the versions rise."""
    Placement.objects.bulk_update(_titled(pages, old, new), ["own_title"])
    for rows, field, _way in _rows(old):
        rows.update(**{field: new})
    TopicLanguage.objects.filter(pk__in=pages).update(
        version=F("version") + 1, changed_at=timezone.now(), changed_by=by
    )
