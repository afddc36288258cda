"""Bringing a topic file here, from wherever it is, as one temporary file that can be read twice."""

import hashlib
import lzma
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib import request

from interchange.xml_prolog import FileRefused

# The real file has 30 MB; this leaves room for growth and none for an attack on the disk.
MAX_BYTES = 1024**3
# XML shrinks six- to tenfold, a zip bomb a thousandfold. Small files may shrink as they like.
ZIP_MAX_RATIO = 100
ZIP_FREE_BYTES = 1024**2
SECONDS_WITHOUT_ANSWER = 30
SECONDS_IN_ALL = 15 * 60
CHUNK = 256 * 1024
# What Python's own readers raise when the bytes are not what they should be.
NETWORK_ERRORS = (OSError, ValueError, HTTPException)
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # a kind of packing that Python does not know
    RuntimeError,  # a password
    ValueError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Spool:
    """The whole file, open for reading, with the name it came under and its SHA-256."""

    file: BinaryIO
    name: str
    checksum: str


@contextmanager
def spooled(source: str) -> Iterator[Spool]:
    """Copy a file, `-` (standard input) or an https: address here; a zip is unpacked.

    Raises FileRefused with a sentence when that cannot be done.
    """
    with tempfile.TemporaryFile() as file:
        with closing(_open(source)) as stream:
            checksum = _copy(stream, file)
        name = "standard input" if source == "-" else source.rstrip("/").rsplit("/", 1)[-1]
        file.seek(0)
        packed = file.read(4) == b"PK\x03\x04"
        file.seek(0)
        if not packed:
            yield Spool(file, name, checksum)
            return
        with tempfile.TemporaryFile() as unpacked:
            _unpack(file, unpacked)
            unpacked.seek(0)
            yield Spool(unpacked, name, checksum)


def _open(source: str) -> BinaryIO:
    if source == "-":
        return open(sys.stdin.fileno(), "rb", closefd=False)
    if source.lower().startswith("https://"):
        return _fetch(source)
    if "://" in source:
        raise FileRefused(f"Only https: addresses are fetched, not “{source}”.")
    path = Path(source)
    if path.is_dir():
        raise FileRefused(f"“{source}” is a folder, not a file.")
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileRefused(f"There is no file “{source}”.") from None
    except OSError as error:
        raise FileRefused(f"“{source}” cannot be read: {error.strerror}.") from error


def https_opener() -> request.OpenerDirector:
    """An opener without handlers for anything but https: a redirect elsewhere ends in an error."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
        request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _fetch(address: str) -> BinaryIO:
    try:
        return https_opener().open(address, timeout=SECONDS_WITHOUT_ANSWER)
    except NETWORK_ERRORS as error:
        raise FileRefused(f"{address} could not be fetched: {_reason(error)}.") from error


def _copy(stream: BinaryIO, file: BinaryIO) -> str:
    digest = hashlib.sha256()
    size = 0
    deadline = time.monotonic() + SECONDS_IN_ALL
    try:
        while data := stream.read(CHUNK):
            size += len(data)
            if size > MAX_BYTES:
                raise FileRefused(
                    f"The file is larger than {MAX_BYTES // 2**20:,} MB; nothing was read."
                )
            if time.monotonic() > deadline:
                raise FileRefused(f"The file did not arrive within {SECONDS_IN_ALL // 60} minutes.")
            digest.update(data)
            file.write(data)
    except NETWORK_ERRORS as error:
        raise FileRefused(f"Reading broke off: {_reason(error)}.") from error
    return digest.hexdigest()


def _unpack(packed: BinaryIO, file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(packed) as archive:
            members = [
                m
                for m in archive.infolist()
                if not m.is_dir() and _is_xml(PurePosixPath(m.filename))
            ]
            if len(members) != 1:
                raise FileRefused(
                    f"The zip file holds {len(members)} XML files; it must hold exactly one."
                )
            member = members[0]
            allowed = max(ZIP_FREE_BYTES, ZIP_MAX_RATIO * member.compress_size)
            if member.file_size > min(MAX_BYTES, allowed):
                raise FileRefused(
                    f"The zip file says it unpacks to {member.file_size:,} bytes. No real one grows so "
                    "much, so it was not unpacked."
                )
            # zipfile itself stops at the size that the member declares.
            with archive.open(member) as stream:
                shutil.copyfileobj(stream, file, CHUNK)
    except ZIP_ERRORS as error:
        raise FileRefused(f"The zip file cannot be unpacked: {_reason(error)}.") from error


def _is_xml(path: PurePosixPath) -> bool:
    """Whether a member is an XML file, and not what a Mac notes beside one (`__MACOSX/…/._name.xml`)."""
    return path.suffix.lower() == ".xml" and not path.name.startswith("._")


def _reason(error: Exception) -> str:
    """What the error says, or its name when it says nothing."""
    return str(error).rstrip(".") or type(error).__name__
