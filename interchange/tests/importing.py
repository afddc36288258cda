"""Importing small files in tests, and looking at what became of them."""

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from interchange.export import export_topics
from interchange.loading.report import Report
from interchange.loading.spool import Spool
from interchange.sync import import_spool
from topics import publishing
from topics.document import TopicDocument
from topics.models import TopicLanguage
from topics.working_copy import assemble, store

# Many rows at once are noted with the number of times.
WRITES = re.compile(r"\s*(?:\S+ times: )?(?:INSERT|UPDATE|DELETE|COPY)", re.IGNORECASE)
GENERATED = datetime(2026, 10, 2, 2, 30, 33)


def take_in(xml: bytes, **options: object) -> Report:
    """Import a file given as bytes."""
    with tempfile.TemporaryFile() as file:
        file.write(xml)
        return import_spool(Spool(file, "test.xml", hashlib.sha256(xml).hexdigest()), **options)


def give_out(**options: object) -> bytes:
    """Export everything that is live."""
    out = io.BytesIO()
    export_topics(out, generated=GENERATED, **options)
    return out.getvalue()


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that change the database, filled in when the block ends."""
    written: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield written
    written += [q["sql"] for q in queries if WRITES.match(q["sql"])]


def row(number: int) -> TopicLanguage:
    return TopicLanguage.objects.select_related("topic", "live_edition").get(number=number)


def live(number: int) -> TopicDocument | None:
    """The document that the public sees."""
    edition = row(number).live_edition
    return edition and TopicDocument.from_json(edition.document)


def working(number: int) -> TopicDocument:
    """The document that editors see."""
    found = row(number)
    return assemble([found])[found.pk]


def edit(number: int, *, publish: bool = False, **changes: object) -> None:
    """Change the working copy as an editor does."""
    store([(row(number), replace(working(number), **changes))])
    if publish:
        publishing.publish(row(number).pk, by=None)
