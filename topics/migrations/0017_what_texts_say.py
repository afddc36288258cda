"""To which addresses the texts of working copies lead, and how hard they are to read."""

from collections import defaultdict
from hashlib import sha256
from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

# These are the functions of today, not those of the day of this migration: whoever changes one so
# that `fill` can no longer call it, or so that it needs a column which a later migration adds, copies
# into this file what `fill` needs of it, as it was before. One that comes to find other addresses
# or to count otherwise may stay, with a migration of its own that fills the rows again.
from topics.document import Section, TopicDocument
from topics.richtext import outside_addresses
from topics.working_copy.texts import level_of

AT_ONCE = 200


def fill(apps, schema_editor):
    """Read every working copy once, a few at a time."""
    TopicLanguage = apps.get_model("topics", "TopicLanguage")
    TextAddress = apps.get_model("topics", "TextAddress")
    fields = ("pk", "topic", "language", "has_summary")
    rows = iter(TopicLanguage.objects.order_by("pk").values_list(*fields))
    while batch := list(islice(rows, AT_ONCE)):
        documents = documents_of(apps, batch)
        TopicLanguage.objects.bulk_update(
            [
                TopicLanguage(pk=key, reading_level=level_of(document))
                for key, document in documents.items()
            ],
            ["reading_level"],
            batch_size=50,
        )
        TextAddress.objects.bulk_create(
            TextAddress(
                topic_language_id=key, digest=sha256(address.encode()).hexdigest(), address=address
            )
            for key, document in documents.items()
            for address in sorted(outside_addresses(document.rich_text()))
            if len(address) <= TextAddress._meta.get_field("address").max_length
        )


def documents_of(apps, batch):
    """The texts of these working copies and nothing else of them, by key."""
    topics = {topic for _key, topic, _language, _has_summary in batch}
    attributions = {
        topic.pk: topic for topic in apps.get_model("topics", "HealthTopic").objects.filter(pk__in=topics)
    }
    sections = defaultdict(list)
    for row in apps.get_model("topics", "TopicSection").objects.filter(topic__in=topics):
        sections[row.topic_id].append(row)
    documents = {}
    for key, topic, language, has_summary in batch:
        summary = tuple(
            Section(
                getattr(row, f"level_{language}"),
                getattr(row, f"heading_{language}"),
                getattr(row, f"body_{language}") or "",
            )
            for row in sections[topic]
            if getattr(row, f"position_{language}") is not None
        )
        documents[key] = TopicDocument(
            language=language,
            number=None,
            slug="",
            url="",
            date_created=None,
            title="",
            summary=summary if has_summary else None,
            attribution=getattr(attributions[topic], f"attribution_{language}"),
        )
    return documents


class Migration(migrations.Migration):

    dependencies = [
        ('topics', '0016_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='topiclanguage',
            name='reading_level',
            field=models.FloatField(editable=False, help_text="Of the working copy's summary: Flesch–Kincaid grade, in Spanish Szigriszt-Pazos.", null=True, verbose_name='reading level'),
        ),
        migrations.CreateModel(
            name='TextAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('address', models.CharField(editable=False, max_length=2048, verbose_name='address')),
                ('topic_language', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='text_addresses', to='topics.topiclanguage')),
            ],
            options={
                'verbose_name': 'address in a text',
                'verbose_name_plural': 'addresses in texts',
                'constraints': [models.UniqueConstraint(fields=("digest", "topic_language"), name='an_address_once_in_a_text')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
