import django.db.models.deletion
from django.db import migrations, models


LANGUAGES = ("en", "es")
COLUMNS = ("title_words", "names_words", "headings_words", "text_words")


def make_index(apps, schema_editor):
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]()
    for statement in statements:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    # PostgreSQL's goes with the table.
    if schema_editor.connection.vendor == "sqlite":
        for language in LANGUAGES:
            schema_editor.execute(f"DROP TABLE search_words_{language}")


def _sqlite():
    return [
        f"CREATE VIRTUAL TABLE search_words_{language} USING fts5("
        f"{', '.join(COLUMNS)}, content='', tokenize='ascii', prefix='2 3')"
        for language in LANGUAGES
    ]


def _postgresql():
    weighted = [
        f"setweight(to_tsvector('simple', {column}), '{weight}')"
        for column, weight in zip(COLUMNS, "ABCD", strict=True)
    ]
    # Everything is in `vector`. `heads` has it without the text: short enough to stand in the row,
    # where looking at it again for every topic found costs next to nothing.
    columns = {"vector": weighted, "heads": weighted[:-1]}
    return [
        *(
            f"ALTER TABLE search_entry ADD COLUMN {name} tsvector "
            f"GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"
            for name, parts in columns.items()
        ),
        # Uncompressed, because ranking reads it for every topic found.
        "ALTER TABLE search_entry ALTER COLUMN vector SET STORAGE EXTERNAL",
        *(
            f"CREATE INDEX search_entry_{name}_{language} ON search_entry USING gin ({name}) "
            f"WITH (fastupdate = off) WHERE language = '{language}'"
            for name in columns
            for language in LANGUAGES
        ),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("topics", "0002_publishing_rights")]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "topic_language",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="topics.topiclanguage",
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=10),
                ),
                ("title", models.CharField(max_length=300)),
                ("names", models.JSONField(default=list)),
                ("text", models.TextField()),
                ("title_words", models.TextField()),
                ("names_words", models.TextField()),
                ("headings_words", models.TextField()),
                ("text_words", models.TextField()),
            ],
            options={"verbose_name": "search entry", "verbose_name_plural": "search entries"},
        ),
        migrations.RunPython(make_index, remove_index),
    ]
