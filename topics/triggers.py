"""Database triggers: what was published stays as it was, whoever holds the keyboard.

Installed after every migration and taken away before it, because SQLite rebuilds a table to
alter it, which drops the table's triggers and stumbles over those that name it.
"""

from django.db import connections

# Table -> (condition under which a DELETE is allowed, or None for never). A demonstration is
# evidence of nothing, so remove_demo may delete what load_demo published.
INSERT_ONLY = {
    "topics_edition": "OLD.origin = 'demo'",
    "topics_publicationevent": (
        "EXISTS (SELECT 1 FROM topics_edition e WHERE e.id = OLD.edition_id AND e.origin = 'demo')"
    ),
    "topics_pageedition": None,
    "topics_review": None,
    # Who did what is kept as long as was decided when it was written.
    "editorial_act": "OLD.keep_until < CURRENT_DATE",
}
MESSAGE = "Published editions and events are never changed or deleted."
POINTER = "topics_topiclanguage"
POINTER_WRONG = (
    "NEW.live_edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM topics_edition e "
    "WHERE e.id = NEW.live_edition_id AND e.topic_language_id = NEW.id)"
)
POINTER_MESSAGE = "The live edition must belong to the same topic and language."


def install(*, using: str = "default", **_signal: object) -> None:
    """Create the triggers that are missing (signal receiver for post_migrate)."""
    _execute(using, {"sqlite": _sqlite, "postgresql": _postgresql}[connections[using].vendor]())


def remove(*, using: str = "default", **_signal: object) -> None:
    """Drop SQLite's triggers (signal receiver for pre_migrate); PostgreSQL's do not stand in the way."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                "AND (tbl_name LIKE 'topics_%' OR tbl_name LIKE 'editorial_%')"
            )
            names = [row[0] for row in cursor.fetchall()]
        _execute(using, [("", f"DROP TRIGGER {name}") for name in names])


def _execute(using: str, statements: list[tuple[str, str]]) -> None:
    """Run each statement whose table exists; an empty table name means always."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, statement in statements:
            if not table or table in tables:
                cursor.execute(statement)


def _sqlite() -> list[tuple[str, str]]:
    statements = []
    for table, allowed in INSERT_ONLY.items():
        statements.append(
            (
                table,
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            )
        )
        when = f"WHEN NOT ({allowed}) " if allowed else ""
        statements.append(
            (
                table,
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            )
        )
    statements.append(
        (
            POINTER,
            f"CREATE TRIGGER IF NOT EXISTS {POINTER}_live_edition BEFORE UPDATE OF live_edition_id "
            f"ON {POINTER} WHEN {POINTER_WRONG} BEGIN SELECT RAISE(ABORT, '{POINTER_MESSAGE}'); END",
        )
    )
    return statements


def _postgresql() -> list[tuple[str, str]]:
    statements = []
    for table, allowed in INSERT_ONLY.items():
        body = f"IF TG_OP = 'DELETE' AND ({allowed}) THEN RETURN OLD; END IF; " if allowed else ""
        statements += _function(table, f"{table}_insert_only", body, MESSAGE)
        statements += _trigger(table, f"{table}_insert_only", "UPDATE OR DELETE")
    statements += _function(
        POINTER,
        f"{POINTER}_live_edition",
        f"IF NOT ({POINTER_WRONG}) THEN RETURN NEW; END IF; ",
        POINTER_MESSAGE,
    )
    statements += _trigger(POINTER, f"{POINTER}_live_edition", "UPDATE OF live_edition_id")
    return statements


def _function(table: str, name: str, body: str, message: str) -> list[tuple[str, str]]:
    return [
        (
            table,
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{body}RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$",
        )
    ]


def _trigger(table: str, name: str, events: str) -> list[tuple[str, str]]:
    return [
        (table, f"DROP TRIGGER IF EXISTS {name} ON {table}"),
        (
            table,
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    ]
