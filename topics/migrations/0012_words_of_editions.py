"""A digest of the words of each edition, and which original the imported translations were made from."""

from django.db import migrations, models

from topics.document import TopicDocument
from topics.editions.descent import text_digest


def fill(apps, schema_editor):
    """What is written once may be completed once; the triggers come back when this is done."""
    Edition = apps.get_model("topics", "Edition")
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute("ALTER TABLE topics_edition DISABLE TRIGGER USER")
    for edition in Edition.objects.only("document").iterator(chunk_size=100):
        digest = text_digest(TopicDocument.from_json(edition.document))
        Edition.objects.filter(pk=edition.pk).update(text_digest=digest)
    imported = Edition.objects.filter(made_from=None, origin__in=["import", "demo"])
    imported = imported.exclude(topic_language__language=models.F("topic_language__topic__source_language"))
    for edition in imported.select_related("topic_language__topic").defer("document").iterator():
        topic = edition.topic_language.topic
        originals = Edition.objects.filter(
            topic_language__topic=topic.pk, topic_language__language=topic.source_language
        )
        before = originals.filter(created_at__lte=edition.created_at).order_by("-number")
        original = before.first() or originals.order_by("number").first()
        if original is not None:
            Edition.objects.filter(pk=edition.pk).update(made_from=original.pk)
    if postgresql:
        # Changed references are looked at now; a table that still waits for that cannot be altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("ALTER TABLE topics_edition ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("topics", "0011_text_not_saved_yet")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="text_digest",
            field=models.CharField(
                default="",
                editable=False,
                help_text="Of the words that a translator translates (editions.descent).",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
