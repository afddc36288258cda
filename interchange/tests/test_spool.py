"""Where files come from, and what is refused on the way."""

import hashlib
import io
import zipfile
from http.client import BadStatusLine, IncompleteRead, InvalidURL
from urllib.error import URLError

import pytest

from interchange.loading import spool
from interchange.loading.spool import https_opener, spooled
from interchange.xml_prolog import FileRefused


def content(source: object) -> bytes:
    with spooled(str(source)) as found:
        return found.file.read()


def refused(source: object) -> str:
    with pytest.raises(FileRefused) as caught, spooled(str(source)):
        pass
    return str(caught.value)


def zipped(path, members: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_file_is_copied_with_its_name_and_checksum(tmp_path):
    (tmp_path / "topics.xml").write_bytes(b"<a/>")
    with spooled(str(tmp_path / "topics.xml")) as found:
        assert found.name == "topics.xml"
        assert found.checksum == hashlib.sha256(b"<a/>").hexdigest()
        assert found.file.read() == b"<a/>"


def test_a_zip_is_known_by_its_content_and_unpacked(tmp_path):
    path = zipped(
        tmp_path / "topics.dat", {"readme.txt": b"x", "mplus_topics_2026-10-02.xml": b"<a/>"}
    )
    assert content(path) == b"<a/>"


@pytest.mark.parametrize(
    ("members", "count"), [({}, 0), ({"a.txt": b""}, 0), ({"a.xml": b"", "b.XML": b""}, 2)]
)
def test_a_zip_must_hold_exactly_one_xml_file(tmp_path, members, count):
    zipped(tmp_path / "a.zip", {**members, "other": b"x"})
    assert f"holds {count} XML files" in refused(tmp_path / "a.zip")


def test_what_a_mac_notes_beside_the_file_in_a_zip_does_not_count(tmp_path):
    beside = {"__MACOSX/a.xml/._a.xml": b"\0", "a.xml/": b"", "a.xml/a.xml": b"<a/>"}
    assert content(zipped(tmp_path / "a.zip", beside)) == b"<a/>"


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = zipped(tmp_path / "bomb.zip", {"a.xml": b" " * 20_000_000})
    assert path.stat().st_size < 30_000
    assert "unpacks to 20,000,000 bytes" in refused(path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    path = zipped(tmp_path / "lie.zip", {"a.xml": b"x" * 100_000})
    data = path.read_bytes()
    path.write_bytes(data.replace((100_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert "cannot be unpacked" in refused(path)


def test_a_damaged_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.xml": b"<a/>"})
    path.write_bytes(path.read_bytes()[:-30])
    assert "cannot be unpacked" in refused(path)


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_zip_whose_bytes_changed_on_the_way_is_refused(tmp_path, packing):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", packing) as archive:
        archive.writestr("a.xml", bytes(range(256)) * 20)
    whole = (tmp_path / "a.zip").read_bytes()
    start, end = whole.index(b"a.xml") + 5, whole.rindex(b"PK\x01\x02")
    for place in range(start, end):
        (tmp_path / "b.zip").write_bytes(
            whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :]
        )
        try:
            content(tmp_path / "b.zip")
        except FileRefused as error:
            assert "cannot be unpacked" in str(error)


@pytest.mark.parametrize(("place", "value"), [(6, 1), (8, 99)], ids=["password", "packing"])
def test_a_zip_that_is_locked_or_packed_strangely_is_refused(tmp_path, place, value):
    path = zipped(tmp_path / "a.zip", {"a.xml": b"<a/>"})
    data = bytearray(path.read_bytes())
    data[place] = value
    data[data.rindex(b"PK\x01\x02") + place + 2] = value
    path.write_bytes(bytes(data))
    assert "cannot be unpacked" in refused(path)


def test_folders_and_missing_files_are_sentences(tmp_path):
    assert "is a folder" in refused(tmp_path)
    assert "There is no file" in refused(tmp_path / "nothing.xml")


@pytest.mark.parametrize(
    "address", ["http://x.org/a.xml", "ftp://x.org/a.xml", "file:///etc/passwd"]
)
def test_only_https_addresses_are_fetched(address):
    assert "Only https: addresses are fetched" in refused(address)


def test_a_file_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "MAX_BYTES", 10)
    (tmp_path / "a.xml").write_bytes(b"x" * 11)
    assert "nothing was read" in refused(tmp_path / "a.xml")


def test_a_file_that_never_ends_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "SECONDS_IN_ALL", -1)
    (tmp_path / "a.xml").write_bytes(b"x")
    assert "did not arrive within" in refused(tmp_path / "a.xml")


class Opener:
    """Stands in for urllib's; answers with a file or an error."""

    answer: object = b"<a/>"
    handlers: list[str] = []

    def add_handler(self, handler: object) -> None:
        self.handlers.append(type(handler).__name__)

    def open(self, address: str, timeout: float) -> io.BytesIO:
        if isinstance(self.answer, Exception):
            raise self.answer
        return io.BytesIO(self.answer)


@pytest.fixture
def opener(monkeypatch):
    monkeypatch.setattr(Opener, "handlers", [])
    monkeypatch.setattr(spool.request, "OpenerDirector", Opener)
    return Opener


def test_an_https_address_is_fetched_by_an_opener_that_knows_nothing_else(opener):
    with spooled("https://x.org/xml/mplus_topics_2026-10-02.xml") as found:
        assert found.name == "mplus_topics_2026-10-02.xml"
        assert found.file.read() == b"<a/>"
    assert "HTTPSHandler" in opener.handlers
    assert not {"HTTPHandler", "FileHandler", "FTPHandler", "DataHandler"} & set(opener.handlers)


@pytest.mark.parametrize("address", ["https://exa mple.org/x", "https://x:notaport/", "https://[/"])
def test_an_address_that_is_none_is_a_sentence(address):
    assert "could not be fetched" in refused(address)


@pytest.mark.parametrize(
    "error", [URLError("no route"), BadStatusLine("x"), InvalidURL("x"), TimeoutError()]
)
def test_an_address_that_does_not_answer_is_a_sentence(opener, monkeypatch, error):
    monkeypatch.setattr(opener, "answer", error)
    assert "could not be fetched" in refused("https://x.org/a.xml")


def test_a_redirect_away_from_https_is_an_error():
    director = https_opener()
    with pytest.raises(URLError, match="unknown url type"):
        director.open("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("error", "text"),
    [(ConnectionResetError("reset by peer"), "reset by peer"), (IncompleteRead(b"x", 9), "9 more")],
)
def test_a_connection_that_breaks_is_a_sentence(opener, monkeypatch, error, text):
    class Broken(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            raise error

    monkeypatch.setattr(opener, "open", lambda self, address, timeout: Broken())
    assert "Reading broke off: " in refused("https://x.org/a.xml")
    assert text in refused("https://x.org/a.xml")


def test_a_file_that_may_not_be_read_is_a_sentence(monkeypatch):
    def forbidden(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(spool.Path, "open", forbidden)
    assert "cannot be read: Permission denied" in refused("secret.xml")
