"""A further language comes as empty columns and leaves without harming the others."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from editorial.tests.desk import pair
from topics.working_copy import assemble

from . import source

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.any_database("Django writes the statements; SQLite builds tables anew for some"),
]


def contents(database: Path) -> dict[str, Any]:
    """Every row of every table, and the names of all tables, indexes and triggers."""
    with closing(sqlite3.connect(database)) as connected:
        names = connected.execute("SELECT type, name FROM sqlite_master ORDER BY 1, 2").fetchall()
        found: dict[str, Any] = {"": names}
        for name in [name for kind, name in names if kind == "table"]:
            rows = connected.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            columns = [column[0] for column in rows.description]
            found[name] = sorted(
                str(sorted(zip(columns, row, strict=True), key=str)) for row in rows
            )
        return found


def test_a_third_language_comes_empty_and_leaves_no_trace(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("works on the copy of a database file")
    rows = pair()
    database = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(database)) as copy:
        connection.connection.backup(copy)
    before = contents(database)
    variables = {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.third_language",
    }
    command = [sys.executable, "-m", "tests.adding_a_language"]
    run = subprocess.run(
        command, cwd=source.ROOT, env={**os.environ, **variables}, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    seen = json.loads(run.stdout)
    assert len(seen["columns"]) > 10
    for deed, name, may_be_empty in seen["columns"]:
        assert (deed, name[-3:], may_be_empty) == ("AddField", "_fr", True)
    assert seen["empty"] == 1
    assert seen["digests"] == {
        str(row.number): assemble([row])[row.pk].content_digest() for row in rows
    }
    assert contents(database) == before
