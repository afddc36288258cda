"""How names are sorted and filed: case and accents are ignored, as on the real site."""

import unicodedata

# The pages of the A–Z list, in order; the last two gather what is rare.
LETTERS = (*"abcdefghijklmnopqrstuvw", "xyz", "0-9")


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
