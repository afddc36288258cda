"""Moving what answers at a public address, so that the address it leaves redirects from then on."""

from typing import Any

from django.conf import settings

from resources.models import Language

from .alphabet import LISTS
from .models import ADDRESS_TAKEN, Address, TopicLanguage

# The first parts of addresses that the site itself answers, or will (the public map in
# docs/architecture.md).
_RESERVED = frozenset(
    "about admin api connect draft feeds healthz languages media readyz report search"
    " static ws xml".split()
) | {prefix.strip("/") for prefix in settings.PUBLIC_LANGUAGE_PREFIXES.values() if prefix}


def reserved(slug: str, *, page: bool = False) -> bool:
    """Whether the site itself answers at this address, so that no topic, group or page may.

    Only about pages may stand below a folder, and only below “about/”.
    """
    folder, _slash, rest = slug.partition("/")
    if rest:
        return not (page and folder == "about" and "/" not in rest)
    return folder in _RESERVED or bool(LISTS.fullmatch(folder))


class AddressTaken(Exception):
    """The public address `address` is in use by something else."""

    def __init__(self, address: str):
        super().__init__(ADDRESS_TAKEN % {"address": address})
        self.address = address


def answer_everywhere(slug: str, **target: Any) -> None:
    """Let a group or an about page (`group=…` or `page=…`) answer at `slug` in every language."""
    for language in Language.values:
        current = Address.objects.filter(language=language, **target).first()
        taken = Address.objects.filter(language=language, slug=slug).first()
        if current is None or current != taken:
            move(current, taken, language=language, slug=slug, **target)


def refuse_taken(topic_language: TopicLanguage, slug: str) -> None:
    """Raise AddressTaken when a topic, published at this address now, would find it in use."""
    taken = Address.objects.filter(language=topic_language.language, slug=slug).first()
    current = Address.objects.filter(topic_language=topic_language).first()
    if taken != current:
        _refuse(current, taken)


def _refuse(current: Address | None, taken: Address | None) -> None:
    if taken is not None and (current is None or taken.redirect_to_id != current.pk):
        raise AddressTaken(str(taken))


def move(
    current: Address | None, taken: Address | None, *, language: str, slug: str, **target: Any
) -> None:
    """Let the target answer at `slug` instead of at `current`, which redirects there from now on.

    `taken` is what stands at the new address by now. Raises AddressTaken unless that is an address
    of the target's own, left earlier.
    """
    _refuse(current, taken)
    if current is not None:
        # A target answers at one address a language, so the old one lets go of it first.
        for name in target:
            setattr(current, name, None)
        current.gone_reason = ""
        current.save()
    if taken is None:
        taken = Address(language=language, slug=slug)
    taken.redirect_to, taken.gone_reason = None, None
    for name, value in target.items():
        setattr(taken, name, value)
    taken.save()
    if current is not None:
        current.gone_reason, current.redirect_to = None, taken
        current.save()
        Address.objects.filter(redirect_to=current).update(redirect_to=taken)
