"""How every table is emptied after a test with transactions of its own.

Django's flush meets our triggers, which refuse to delete what was published, and on PostgreSQL it
truncates: each of some seventy tables gets new files on the disk, which takes seconds where the few
rows of a test are deleted in a moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.core.management.color import Style
from django.core.management.commands import flush
from django.db import connections

from topics import triggers


@contextmanager
def installed() -> Iterator[None]:
    """Let flush delete everything, in the block.

    It ends with post_migrate, as a migration does, and that brings the triggers back.
    """
    original = flush.Command.handle

    def handle(self: flush.Command, **options: object) -> None:
        connection = connections[str(options["database"])]
        if connection.vendor == "sqlite":
            triggers.remove(using=connection.alias)
            original(self, **options)
        else:
            with mock.patch.object(connection.ops, "sql_flush", _deletions):
                original(self, **options)

    with mock.patch.object(flush.Command, "handle", handle):
        yield


def _deletions(style: Style, tables: list[str], **_options: object) -> list[str]:
    """Statements for one transaction, at whose end PostgreSQL looks at foreign keys."""
    return [
        *(
            f"ALTER TABLE {name} DISABLE TRIGGER USER"
            for name in (*triggers.INSERT_ONLY, triggers.POINTER)
        ),
        *(f'DELETE FROM "{name}"' for name in tables),  # noqa: S608 - names of our tables
    ]
