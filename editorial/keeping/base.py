"""What a form said when it was loaded: the base of a merge, carried by the form itself.

Nothing has to be kept on the server for it, so it never expires, and no import, no other save and
no second window can take it away. It is signed: a text that was cut off on its way is noticed.
"""

import zlib
from dataclasses import dataclass, field

import msgspec
from django.core import signing

from topics.models import TopicLanguage

from .merging import Collision, FormValues


@dataclass(frozen=True)
class Base:
    """The values of a loaded form.

    `opened_at` is in seconds since 1970. `keys` are, by list, the keys in merges of rows that the
    form names by other keys. `undecided` are the collisions that a person was asked about.
    """

    values: FormValues
    opened_at: float
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    undecided: tuple[Collision, ...] = ()

    def signed(self, of: TopicLanguage, page: str) -> str:
        """The value of the form's hidden field."""
        packed = zlib.compress(msgspec.json.encode(self))
        return signing.Signer(salt=_salt(of, page)).sign(signing.b64_encode(packed).decode())

    @classmethod
    def read(cls, text: str, of: TopicLanguage, page: str) -> "Base | None":
        """What `signed` wrote for the same page; None for everything else."""
        try:
            packed = signing.Signer(salt=_salt(of, page)).unsign(text)
        except signing.BadSignature:
            return None
        try:
            return msgspec.json.decode(
                zlib.decompress(signing.b64_decode(packed.encode())), type=cls
            )
        except msgspec.MsgspecError:
            # A form that was loaded from an older release, which wrote something else.
            return None


def _salt(of: TopicLanguage, page: str) -> str:
    return f"editorial.base.{page}.{of.pk}"
