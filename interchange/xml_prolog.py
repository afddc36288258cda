"""What stands before the first topic of a file: checked before anything else is parsed."""

from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

ROOT = "health-topics"
PROLOG_MAX_BYTES = 1024 * 1024
CHUNK = 32 * 1024
_ENDS_EARLY = {expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN}


class FileRefused(Exception):
    """The file as a whole cannot be used; the message is a sentence for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the root says: the number of topics and when the file was made, as text, if it does."""

    total: str | None
    date_generated: str | None


def read_header(stream: BinaryIO) -> Header:
    """Check everything before the first topic; leaves the seekable stream at its beginning.

    Raises FileRefused for what is not XML, has another root, or declares anything itself: entities
    and elements declared inside a file are how parsers are attacked, and real files have none.
    """
    prolog = _Prolog()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = prolog.doctype
    parser.StartElementHandler = prolog.root
    stream.seek(0)
    try:
        for _chunk in range(PROLOG_MAX_BYTES // CHUNK):
            data = stream.read(CHUNK)
            parser.Parse(data, not data)
    except _RootSeen:
        pass
    except expat.ExpatError as error:
        raise FileRefused(_unreadable(error, stream)) from error
    except (LookupError, ValueError) as error:  # what Python's codecs say to the declared name
        raise FileRefused(
            "The file says that it is in an encoding that cannot be read. "
            "The files of this format are in UTF-8."
        ) from error
    finally:
        stream.seek(0)
    if prolog.header is None:
        raise FileRefused("This is not a health-topic file: no topic list begins in it.")
    return prolog.header


def _unreadable(error: expat.ExpatError, stream: BinaryIO) -> str:
    """A sentence for what the parser calls by its own names."""
    stream.seek(0)
    if not stream.read(CHUNK).strip():
        return "The file is empty."
    if expat.ErrorString(error.code) in _ENDS_EARLY:
        return (
            "The file breaks off before the list of topics begins: it was probably not downloaded "
            "completely."
        )
    return (
        f"This is not an XML file, or a damaged one: what stands on line {error.lineno} is no XML."
    )


class _RootSeen(Exception):
    pass


class _Prolog:
    """What expat reports before the content begins."""

    def __init__(self) -> None:
        self.header: Header | None = None

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            raise FileRefused(
                "The file declares entities or elements of its own (an internal DTD subset). Files of this "
                "format never do, and such declarations are used for attacks, so nothing was read."
            )

    def root(self, name: str, attributes: dict[str, str]) -> None:
        if name == "MedicalTopics":
            raise FileRefused(
                "This is the format that was in use before June 2012 (root element MedicalTopics). "
                "Only files whose root element is health-topics can be read."
            )
        if name != ROOT:
            raise FileRefused(
                f"This is not a health-topic file: its root element is “{name[:80]}” and not “{ROOT}”."
            )
        self.header = Header(attributes.get("total"), attributes.get("date-generated"))
        raise _RootSeen
