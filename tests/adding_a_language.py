"""Adds French to the database of an installation, uses it and takes it away again.

A program of test_third_language.py, to be run with the settings tests.third_language, because
django-modeltranslation makes the columns of a language when models are loaded. Prints what it saw.
"""

import json

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations import Migration  # noqa: E402
from django.db.migrations.autodetector import MigrationAutodetector  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402

from topics import triggers  # noqa: E402
from topics.models import HealthTopic, TopicLanguage  # noqa: E402
from topics.working_copy import assemble  # noqa: E402


def written_for_it(before: ProjectState, loader: MigrationLoader) -> list[Migration]:
    """What makemigrations would write."""
    detector = MigrationAutodetector(before, ProjectState.from_apps(apps))
    return [one for app in detector.changes(graph=loader.graph).values() for one in app]


def columns(migrations: list[Migration]) -> list[tuple[str, str, bool]]:
    """What is done to which column, and whether it may be empty."""
    operations = [operation for migration in migrations for operation in migration.operations]
    return [(type(one).__name__, one.name, one.field.null) for one in operations]


def main() -> None:
    loader = MigrationLoader(connection)
    states = [loader.project_state()]
    migrations = written_for_it(states[0], loader)
    triggers.remove()
    for migration in migrations:
        with connection.schema_editor() as editor:
            states.append(migration.apply(states[-1].clone(), editor))
    triggers.install()
    empty = HealthTopic.objects.filter(title_fr=None).update(title_fr="Douleur abdominale")
    rows = list(TopicLanguage.objects.all())
    digests = {row.number: assemble([row])[row.pk].content_digest() for row in rows}
    triggers.remove()
    for migration, state in zip(reversed(migrations), reversed(states[:-1]), strict=True):
        with connection.schema_editor() as editor:
            migration.unapply(state, editor)
    triggers.install()
    print(json.dumps({"columns": columns(migrations), "empty": empty, "digests": digests}))  # noqa: T201


if __name__ == "__main__":
    main()
