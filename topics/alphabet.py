"""How names are sorted, filed and made addresses: case is ignored, as on the real site."""

import re
import unicodedata

# The pages of the A–Z list, in order; the last two gather what is rare.
LETTERS = (*"abcdefghijklmnopqrstuvw", "xyz", "0-9")
# The addresses of the lists of topics, and all that look like them: no topic, group or page has one.
LISTS = re.compile(r"(?:all_)?healthtopics(?:_[a-z0-9-]+)?")


def sort_key(name: str) -> str:
    """The name without case and accents, at most 300 characters, to order by."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()[:300]


def letter(name: str) -> str:
    """The page of the A–Z list on which a name stands; what is no letter stands under 0-9."""
    for character in sort_key(name):
        if character in "xyz":
            return "xyz"
        if "a" <= character <= "w":
            return character
        if character.isalnum():
            return "0-9"
    return "0-9"


def slug_of(name: str) -> str:
    """The format's rule for addresses: small letters and digits of the name, nothing else."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def slug_of_address(url: str | None) -> str:
    """The slug in a page's address: its last part without “.html”; empty when there is none."""
    last = (url or "").split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    return slug_of(last.removesuffix(".html"))
