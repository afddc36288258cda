"""The live site as a topic file and a groups file, in the format it was imported from."""

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from topics.document import TopicDocument
from topics.models import Edition

from .loading.merging import summary_digest
from .models import UpstreamRecord
from .naming import Directory, Listed, Naming, by_site, by_source
from .xml_reader import HARDENED
from .xml_record import summary_text
from .xml_writer import write, write_groups

# How topics and groups are named: as the source names them, or by this site's own addresses.
NAMINGS = {"upstream": by_source, "site": by_site}
TOPICS_A_QUERY = 100


def export_topics(
    out: BinaryIO, *, generated: datetime, addresses: str = "upstream", verbatim: bool = True
) -> int:
    """Write every live topic to a binary stream; returns how many. Memory stays flat.

    `addresses` is a key of NAMINGS. With `verbatim` a summary that still is what the import made
    of it is written exactly as it came; otherwise, and under the site's own addresses always, from
    its canonical form. Editions never change, so the texts are those that were live at the start.
    """
    directory = Directory()
    name = NAMINGS[addresses](directory)
    listed = directory.listed()
    records = _records(listed, name, verbatim=verbatim and addresses == "upstream")
    write(out, records, total=len(listed), generated=generated)
    return len(listed)


def export_groups(out: BinaryIO, *, generated: datetime, addresses: str = "upstream") -> None:
    """Write the groups that live topics stand in, each in the languages in which it has some."""
    directory = Directory()
    recorded = directory.recorded_groups if addresses == "upstream" else {}
    groups = [
        replace(group, url=recorded.get(key, group.url))
        for key, group in directory.groups.items()
        if group.name
    ]
    write_groups(out, groups, generated=generated)


def _records(
    listed: Sequence[Listed], name: Naming, *, verbatim: bool
) -> Iterator[tuple[TopicDocument, str | None]]:
    for start in range(0, len(listed), TOPICS_A_QUERY):
        here = {one.edition: one for one in listed[start : start + TOPICS_A_QUERY]}
        rows = Edition.objects.filter(pk__in=here).values_list("pk", "topic_language", "document")
        found = {edition: (key, text) for edition, key, text in rows}
        as_recorded = _recorded([key for key, _text in found.values()]) if verbatim else {}
        for edition, one in here.items():
            key, text = found[edition]
            document = TopicDocument.from_json(text)
            yield name(document, one), _verbatim(document, as_recorded.get(key))


def _recorded(keys: list[int]) -> dict[int, tuple[str, str]]:
    rows = UpstreamRecord.objects.filter(pk__in=keys)
    return {key: rest for key, *rest in rows.values_list("pk", "summary_digest", "record")}


def _verbatim(document: TopicDocument, recorded: tuple[str, str] | None) -> str | None:
    """The recorded text of the summary, while nobody changed the summary."""
    if recorded is None or document.summary is None:
        return None
    digest, record = recorded
    if not record or summary_digest(document) != digest:
        return None
    return summary_text(etree.fromstring(record, etree.XMLParser(**HARDENED)))


class NotWritten(Exception):
    """A file cannot be written; the message is a sentence for the person who named it."""


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file that appears under its name only when it is complete; `-` is standard output.

    Raises NotWritten, also for what goes wrong while the caller writes.
    """
    try:
        if path == "-":
            with open(1, "wb", closefd=False) as out:
                yield out
        else:
            yield from _complete(Path(path))
    except OSError as error:
        raise NotWritten(_why_not(path, error)) from error


def _complete(target: Path) -> Iterator[BinaryIO]:
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.chmod(partial, 0o644)  # a file for the public; mkstemp made it private
        os.replace(partial, target)
    except BaseException:
        os.unlink(partial)
        raise


def _why_not(path: str, error: OSError) -> str:
    if path == "-":
        return f"Nothing more can be written to standard output: {error.strerror or error}."
    target = Path(path)
    if target.is_dir():
        return f"“{path}” is a folder. Name a file in it."
    if not target.parent.is_dir():
        return f"There is no folder “{target.parent}”. Make it first, or name another one."
    if isinstance(error, PermissionError):
        return f"You may not write to the folder “{target.parent}”. Name another one."
    return f"“{path}” cannot be written: {error.strerror or error}."


@contextmanager
def zipped(out: BinaryIO, generated: datetime) -> Iterator[BinaryIO]:
    """A zip with one member, named as in the real ones; yields the stream of the member."""
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"mplus_topics_{generated:%Y-%m-%d}.xml", "w", force_zip64=True) as member,
    ):
        yield member
