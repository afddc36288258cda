import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def take_over_writers(apps, schema_editor):
    """Until now only who wrote last was known, also of what is live by now."""
    alias = schema_editor.connection.alias
    writers = apps.get_model("topics", "TopicWriter").objects.using(alias)
    rows = apps.get_model("topics", "TopicLanguage").objects.using(alias)
    now = timezone.now()
    wrote = rows.filter(has_changes=True, written_by__isnull=False)
    writers.bulk_create(
        writers.model(topic_language_id=key, by_id=by, at=at or now)
        for key, by, at in wrote.values_list("pk", "written_by", "changed_at")
    )
    forget_writers_of_live_pages(apps, alias)


def forget_writers_of_live_pages(apps, alias):
    editions = apps.get_model("topics", "PageEdition").objects.using(alias)
    writers = apps.get_model("topics", "PageWriter").objects.using(alias)
    for writer in writers.select_related("page"):
        of = editions.filter(page=writer.page_id, language=writer.language)
        live = of.order_by("-number").first()
        if live is not None and all(
            (getattr(writer.page, f"{name}_{writer.language}") or "").strip() == getattr(live, name)
            for name in ("title", "body")
        ):
            writer.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('topics', '0020_who_wrote_last'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TopicWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='last wrote')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topic_language', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='writers', to='topics.topiclanguage')),
            ],
            options={
                'verbose_name': 'writer of a topic',
                'verbose_name_plural': 'writers of topics',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('topic_language', 'by'), name='a_writer_once_a_topic_language')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='pagewriter',
            name='one_writer_a_page_and_language',
        ),
        migrations.AddConstraint(
            model_name='pagewriter',
            constraint=models.UniqueConstraint(fields=('page', 'language', 'by'), name='a_writer_once_a_page_and_language'),
        ),
        migrations.RunPython(take_over_writers, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='topiclanguage',
            name='written_by',
        ),
    ]
