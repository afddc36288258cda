"""Whether records can stand at their addresses, asked before anything is written.

A rehearsal and a run refuse the same records, with the same sentence.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from interchange.xml_reader import Refusal
from topics.addresses import reserved
from topics.models import Address

from .comparing import Decided
from .matching import Case, Match
from .merging import Action

Place = tuple[str, str]


def without_place(
    cases: Sequence[Case],
    decided: Sequence[Decided],
    *,
    publish: bool,
    moved: Mapping[int, str],
) -> tuple[list[Case], list[Refusal]]:
    """The cases with a record that would go live where something else answers, and the refusals.

    A case is refused whole: one language of a topic does not go in without the other. `moved` are the
    addresses that a rehearsal would have given to topics by now, by key.
    """
    going_live = [one.match for one in decided if publish and _goes_live(one.action, one.match)]
    taken = _taken(_place(match) for match in going_live)
    reasons = {match.entry: _reason(match, taken, moved) for match in going_live}
    refused, refusals = [], []
    for case in cases:
        own = {match.entry: reasons.get(match.entry) for match in case.matches}
        if not any(own.values()):
            continue
        refused.append(case)
        for entry, reason in own.items():
            sentence = reason or "Its other language was refused, and the two go in together."
            refusals.append(Refusal(entry.line, str(entry.number), sentence))
    return refused, refusals


def _goes_live(action: Action, match: Match) -> bool:
    if action is Action.CREATE:
        return True
    return action is Action.UPDATE and match.row.live_edition_id is not None


def _place(match: Match) -> Place:
    return match.entry.language, match.entry.slug


def _taken(places: Iterable[Place]) -> dict[Place, Address]:
    slugs: dict[str, set[str]] = {}
    for language, slug in places:
        slugs.setdefault(language, set()).add(slug)
    wanted = Q(pk__in=[])
    for language, ones in slugs.items():
        wanted |= Q(language=language, slug__in=ones)
    rows = Address.objects.filter(wanted).select_related(
        "topic_language__topic", "group", "page", "redirect_to__topic_language"
    )
    return {(address.language, address.slug): address for address in rows}


def _reason(match: Match, taken: dict[Place, Address], moved: Mapping[int, str]) -> str | None:
    address = taken.get(_place(match))
    if address is None:
        return _reserved(match)
    topics = (
        address.topic_language_id,
        address.redirect_to and address.redirect_to.topic_language_id,
    )
    if match.row is not None and match.row.pk in topics:
        return None
    there = _redirected_to(address, moved)
    holder = f"a redirect to “{there}”, where that page moved" if there else _holder(address)
    sentence = f"Its address “{address}” is in use here by {holder}."
    if not there and address.gone_reason is None:
        sentence += " Give that another address, then import again."
    return sentence


def _redirected_to(address: Address, moved: Mapping[int, str]) -> Address | None:
    """Where the address leads on to, once those topics have moved that are live."""
    page = address.redirect_to or address
    topic_language = page.topic_language
    if topic_language and topic_language.live_edition_id and topic_language.pk in moved:
        return Address(language=page.language, slug=moved[topic_language.pk])
    return address.redirect_to


def _reserved(match: Match) -> str | None:
    if not reserved(match.entry.slug):
        return None
    return f"At its address “{match.entry.slug}.html” this site itself answers, so no topic can."


def _holder(address: Address) -> str:
    if address.group is not None:
        return f"the group “{address.group}”"
    if address.page is not None:
        return f"the page “{address.page}”"
    if address.topic_language is not None:
        return f"the topic “{address.topic_language.title}”"
    return "the notice that a page is gone"
