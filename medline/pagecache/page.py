"""One finished page, in the encodings that were asked for so far."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from topics.encoding import COMPRESS, SHORTEST

Headers = list[tuple[str, str]]

# What a 304 repeats, by RFC 9110 section 15.4.5.
_WITH_NOT_MODIFIED = {"cache-control", "content-language", "etag", "vary"}
_PACKED = {"content-length", "vary"}
# Said anew for every encoding.
_OWN = {"content-length", "content-encoding", "etag", "vary"}


class Answer(NamedTuple):
    """What a server needs to answer a request."""

    status: str
    headers: Headers
    body: bytes


class Page:
    """An answer that everybody may be given. `weight` is about how many bytes of memory it takes."""

    __slots__ = ("_answers", "_not_modified", "body", "etag", "headers", "status")

    def __init__(
        self, status: str, headers: Sequence[tuple[str, str]], body: bytes, *, release: str
    ):
        self.status = status
        self.headers: Headers = [
            (name, value) for name, value in headers if name.lower() not in _OWN
        ]
        self.body = body
        # Weak, so that it names the page in whatever encoding it was sent. The release stands for the
        # headers, in which some sets are written in the order of the day.
        self.etag = f'W/"{blake2b(body, digest_size=12, key=release.encode()).hexdigest()}"'
        self._answers: dict[str, Answer] = {}
        self._not_modified = Answer(
            "304 Not Modified",
            [pair for pair in self._headers() if pair[0].lower() in _WITH_NOT_MODIFIED],
            b"",
        )

    @property
    def weight(self) -> int:
        bodies = sum(len(answer.body) for answer in self._answers.values())
        return 2000 + len(self.body) + bodies

    def answer(self, encoding: str) -> Answer:
        """The page in an encoding, made when it is asked for first."""
        found = self._answers.get(encoding)
        if found is None:
            compress = COMPRESS.get(encoding)
            body = compress(self.body) if compress else self.body
            found = self._answers[encoding] = self._in(encoding, body)
        return found

    def has(self, encoding: str) -> bool:
        """Whether the page was asked for in this encoding before."""
        return encoding in self._answers

    def adopt(self, encoding: str, body: bytes) -> None:
        """Take over the compressed form that another process has made."""
        self._answers[encoding] = self._in(encoding, body)

    def not_modified(self, condition: str | None) -> Answer | None:
        """The answer to a conditional request whose page is still this one."""
        if condition is None or not self.status.startswith("200"):
            return None
        strong = self.etag.removeprefix("W/")
        for wanted in condition.split(","):
            if wanted.strip().removeprefix("W/") in (strong, "*"):
                return self._not_modified
        return None

    def _in(self, encoding: str, body: bytes) -> Answer:
        headers = [*self._headers(), ("Content-Length", str(len(body)))]
        if encoding in COMPRESS:
            headers.append(("Content-Encoding", encoding))
        return Answer(self.status, headers, body)

    def _headers(self) -> Headers:
        return [*self.headers, ("ETag", self.etag), ("Vary", "Accept-Encoding")]


def packed(answer: Answer, encoding: str) -> Answer:
    """An answer that is not kept, such as 404, in an encoding; made from the address alone."""
    if len(answer.body) < SHORTEST:
        return answer
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _PACKED]
    compress = COMPRESS.get(encoding)
    if compress:
        headers.append(("Content-Encoding", encoding))
    body = compress(answer.body) if compress else answer.body
    headers += [("Content-Length", str(len(body))), ("Vary", "Accept-Encoding")]
    return Answer(answer.status, headers, body)
