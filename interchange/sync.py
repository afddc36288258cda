"""Taking in a topic file: spool, plan, apply, and leave an ImportRun that says what happened."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from editorial.audit import note_act
from topics.models import Origin

from .loading.apply import Job, apply
from .loading.going_live import written_at
from .loading.plan import Plan, make_plan
from .loading.report import Report
from .loading.spool import Spool, spooled
from .models import ImportRun
from .xml_reader import Note

# A batch takes a second or two; a run without a sign of life for so long is dead.
SILENCE = timedelta(minutes=10)

# The keys of links lie all over their index, so each commit of a large import changes pages everywhere
# in it. With its log of writes 32 MB long, SQLite copies a page that several commits changed only once
# (4 % of the time of 20,000 records). Its own default is 1,000 pages, of 4 KB each.
LOG_PAGES = 8_000

# Called with what is going on, how much is done and how much there is.
Progress = Callable[[str, int, int], None]


class Busy(Exception):
    """Another import is running; the message says which."""


def import_file(
    source: str,
    *,
    origin: Origin = Origin.IMPORT,
    publish: bool = True,
    dry_run: bool = False,
    by: AbstractBaseUser | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Import a topic file: a path, an https: address or `-`, plain or zipped.

    What is new here is made and published, what nobody changed here follows the file, and edits
    made here stay. A file that says nothing new writes nothing at all. Raises FileRefused when the
    file cannot be used and Busy when another import is running; then nothing was written.
    """
    with spooled(source) as spool:
        return import_spool(
            spool, origin=origin, publish=publish, dry_run=dry_run, by=by, progress=progress
        )


def import_spool(
    spool: Spool,
    *,
    origin: Origin = Origin.IMPORT,
    publish: bool = True,
    dry_run: bool = False,
    by: AbstractBaseUser | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """As `import_file`, for a file that is here already."""
    with tempfile.TemporaryFile() as records, translation.override("en"):
        if not dry_run:
            _make_way()
        size = spool.file.seek(0, os.SEEK_END)
        plan = make_plan(spool.file, records, progress=lambda done: progress("Reading", done, size))
        plan.report.file_name, plan.report.dry_run = spool.name, dry_run
        plan.report.notes += _older_file(plan)
        total = len(plan.units)

        def applied(done: int) -> None:
            progress("Comparing" if dry_run else "Importing", done, total)

        if dry_run or not plan.units:
            return apply(Job(plan, None, origin, publish, by), progress=applied)
        with _recorded(spool, plan, origin, by) as run, _long_log():
            return apply(Job(plan, run, origin, publish, by), progress=applied)


@contextmanager
def _long_log() -> Iterator[None]:
    """Let SQLite write a longer log before it copies that into the database; then as before."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()
        cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {before}")


def _older_file(plan: Plan) -> list[Note]:
    """A warning where a file made later at the source was imported before this one."""
    made = written_at(plan.header.date_generated or "")
    imported = ImportRun.objects.filter(origin=Origin.IMPORT, state=ImportRun.State.FINISHED)
    newest = max(
        filter(None, map(written_at, imported.values_list("date_generated", flat=True))),
        default=None,
    )
    # Without anything to do, the file has been taken in already.
    if not plan.units or made is None or newest is None or made >= newest:
        return []
    return [
        Note(
            0,
            "",
            f"This file was made on {made:%Y-%m-%d %H:%M}, and one of {newest:%Y-%m-%d %H:%M} was "
            "imported before. What it changes is older than what was here: import the newer file again.",
        )
    ]


def _make_way() -> None:
    """Raise Busy while another import lives; mark one that died as broken off."""
    run = ImportRun.objects.filter(state=ImportRun.State.RUNNING).first()
    if run is None:
        return
    if _is_alive(run):
        raise Busy(
            f"Another import is running: {run.file_name}, since {run.started_at:%Y-%m-%d %H:%M} UTC. "
            "Wait until it has finished, then try again."
        )
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
        state=ImportRun.State.FAILED, finished_at=timezone.now()
    )


def _is_alive(run: ImportRun) -> bool:
    if timezone.now() - run.heartbeat_at > SILENCE:
        return False
    if run.host != socket.gethostname() or run.process is None:
        return True
    if run.process == os.getpid():
        return False  # numbers come again, in containers at once
    try:
        os.kill(run.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _recorded(
    spool: Spool, plan: Plan, origin: Origin, by: AbstractBaseUser | None
) -> Iterator[ImportRun]:
    """An ImportRun around the work. A kill leaves it running; the next import notices that."""
    now = timezone.now()
    run = ImportRun(
        origin=origin,
        file_name=spool.name[:300],
        checksum=spool.checksum,
        date_generated=(plan.header.date_generated or "")[:40],
        started_at=now,
        heartbeat_at=now,
        by=by,
        host=socket.gethostname()[:255],
        process=os.getpid(),
    )
    try:
        with transaction.atomic():
            run.save()
            note_act("imported", by=by, detail=f"{origin}: {run.file_name}")
    except IntegrityError:
        raise Busy(
            "Another import has just begun. Wait until it has finished, then try again."
        ) from None
    state = ImportRun.State.FAILED
    try:
        yield run
        state = ImportRun.State.FINISHED
    finally:
        ImportRun.objects.filter(pk=run.pk).update(
            state=state, finished_at=timezone.now(), **plan.report.stored()
        )
