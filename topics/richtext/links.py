"""The links in canonical HTML: where they lead, and giving them other addresses."""

import html
import re
from collections.abc import Callable, Mapping

from .tags import LINK_OR_PICTURE, attributes_of, start_tag

# Attributes and label of every link.
ANCHOR = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>([^<]*(?:<(?!/a>)[^<]*)*)</a>")
_ANCHOR_START = re.compile(r"<a((?:\s+[a-z-]+=\"[^\"]*\")+)\s*>")
_LEADS_BY = {"a": "href", "img": "src"}
_TAG = re.compile(r"(<[^>]*>)")
_ON_THE_WEB = re.compile(r"(?i)https?:")


def addresses(text: str) -> set[str]:
    """The addresses of all links that do not yet say which topic they mean."""
    return {
        html.unescape(attributes["href"])
        for written in _ANCHOR_START.findall(text)
        if "data-topic" not in (attributes := attributes_of(written)) and "href" in attributes
    }


def outside_addresses(text: str) -> set[str]:
    """The web addresses to which the text leads readers itself.

    A link that says which topic it means is none of them; a picture is, because pages show it as a
    link.
    """
    return {
        address
        for written in LINK_OR_PICTURE.finditer(text)
        if (address := _outside(written[2], attributes_of(written[3])))
        and _ON_THE_WEB.match(address)
    }


def with_address(text: str, old: str, new: str) -> str:
    """The text with `new` wherever it leads readers to the outside address `old`.

    Where the words of such a link are the address itself, they become the new one too.
    """

    def reworded(match: re.Match[str]) -> str:
        if _outside("a", attributes_of(match[1])) != old:
            return match[0]
        pieces = _TAG.split(match[2])
        pieces[::2] = [_reworded(piece, old, new) for piece in pieces[::2]]
        return f"<a{match[1]}>{''.join(pieces)}</a>"

    def readdressed(match: re.Match[str]) -> str:
        name, attributes = match[2], attributes_of(match[3])
        if _outside(name, attributes) != old:
            return match[0]
        return start_tag(name, {**attributes, _LEADS_BY[name]: html.escape(new)})

    return LINK_OR_PICTURE.sub(readdressed, ANCHOR.sub(reworded, text))


def words_with_address(words: str, old: str, new: str) -> str:
    """The words of a link, which become `new` where they are the address `old` itself.

    As people write it, with `https://` or without. The blanks around it stay.
    """
    addresses = {old: new, _without_scheme(old): _without_scheme(new)}
    address = words.strip()
    return words.replace(address, addresses[address]) if address in addresses else words


def _without_scheme(address: str) -> str:
    return address.partition("://")[2] or address


def _reworded(text: str, old: str, new: str) -> str:
    """A piece of HTML without tags, with other words where it is the address."""
    words = html.unescape(text)
    after = words_with_address(words, old, new)
    return text if after == words else html.escape(after, quote=False)


def _outside(name: str, attributes: Mapping[str, str]) -> str | None:
    if "data-topic" in attributes:
        return None
    return html.unescape(attributes.get(_LEADS_BY[name], "")) or None


def bind(text: str, number_of: Callable[[str], int | None]) -> str:
    """Store links to topics by topic: `data-topic` where `number_of(address)` knows a number."""

    def rebound(match: re.Match[str]) -> str:
        attributes = attributes_of(match[1])
        if "data-topic" in attributes or "href" not in attributes:
            return match[0]
        number = number_of(html.unescape(attributes["href"]))
        if number is None:
            return match[0]
        return f"{start_tag('a', {**attributes, 'data-topic': str(number)})}{match[2]}</a>"

    return ANCHOR.sub(rebound, text)


def rewrite_links(
    text: str, address_of: Callable[[str, int | None], str | None], *, keep: bool = False
) -> str:
    """Give every link the address that `address_of(stored address, topic number)` returns.

    None makes the link plain text. `keep` keeps the attributes of the source's format (for the
    writer); otherwise the link carries its address only (for pages).
    """

    def rewritten(match: re.Match[str]) -> str:
        attributes = attributes_of(match[1])
        number = attributes.pop("data-topic", None)
        address = address_of(html.unescape(attributes.pop("href", "")), number and int(number))
        if address is None:
            return match[2]
        kept = attributes if keep else {}
        return f"{start_tag('a', {'href': html.escape(address), **kept})}{match[2]}</a>"

    return ANCHOR.sub(rewritten, text)
