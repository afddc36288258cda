"""What a site's robots.txt lets programs visit (RFC 9309)."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

# RFC 9309, 2.5: at least 500 kibibytes have to be read; the rest of a longer file is not.
MOST_BYTES = 500 * 1024
# What is asked for beyond this is not waited for; the site's links then take several runs.
LONGEST_DELAY = 30.0
_UNRESERVED = "-._~"


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines that concern one program: (allowed, pattern), and the seconds between visits."""

    lines: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allow(self, target: str) -> bool:
        """Whether path and query of an address may be visited: the longest pattern decides.

        Of an allowing and a forbidding one of equal length the allowing one does.
        """
        if target == "/robots.txt":
            return True
        target = _normal(target)
        fitting = [
            (len(pattern), allowed) for allowed, pattern in self.lines if _fits(pattern, target)
        ]
        return max(fitting)[1] if fitting else True


EVERYTHING = Rules()


def read_rules(content: bytes, agent: str) -> Rules:
    """The rules for a program by its product token; those for “*” where none names it."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    names: set[str] = set()
    naming = False
    own = agent.lower()
    for key, value in _lines(content):
        if key == "user-agent":
            token = re.match(r"[A-Za-z_-]+|\*|", value)[0].lower()
            names = names if naming else set()
            naming = True
            # Nobody else's: a file of countless names and rules would take hours.
            if token in (own, "*"):
                names.add(token)
                groups.setdefault(token, [])
        elif key in ("allow", "disallow"):
            naming = False
            for name in names if value else ():
                groups[name].append((key == "allow", _normal(value)))
        elif key == "crawl-delay":
            naming = False
            delays |= dict.fromkeys(names, _seconds(value))
    name = own if own in groups else "*"
    return Rules(tuple(groups.get(name, ())), delays.get(name, 0.0))


def _lines(content: bytes) -> list[tuple[str, str]]:
    text = content[:MOST_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    pairs = []
    for line in re.split(r"\r\n|\r|\n", text):
        key, colon, value = line.split("#", 1)[0].partition(":")
        if colon:
            pairs.append((key.strip().lower(), value.strip()))
    return pairs


def _seconds(value: str) -> float:
    """A crawl delay, which is no part of the RFC but widely meant; nonsense counts as none."""
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(seconds, LONGEST_DELAY) if seconds > 0 else 0.0


def _normal(path: str) -> str:
    """One spelling for paths that differ only in what is percent-encoded."""

    def one(match: re.Match) -> str:
        byte = unquote_to_bytes(match[0])
        letter = byte.decode("latin-1")
        return (
            letter
            if letter.isascii() and (letter.isalnum() or letter in _UNRESERVED)
            else match[0].upper()
        )

    escaped = quote(path.encode("utf-8", "replace"), safe="%/?#[]@!$&'()*+,;=:-._~")
    return re.sub(r"%[0-9A-Fa-f]{2}", one, escaped)


def _fits(pattern: str, target: str) -> bool:
    """Whether a pattern fits the beginning of a target; “*” is anything, “$” at its end the end.

    By pieces from left to right, which takes linear time whatever the pattern: a regular
    expression made from a stranger's text might not.
    """
    ends = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    if not pieces:
        return not ends or at == len(target)
    last = pieces.pop() if ends else ""
    for piece in pieces:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return target.endswith(last) and len(target) - len(last) >= at
