import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def say_who_saved(apps, schema_editor):
    """Until now, whoever saved a text last counted as who wrote it."""
    rows = apps.get_model("topics", "TopicLanguage").objects.using(schema_editor.connection.alias)
    rows.update(written_by=F("changed_by"))


class Migration(migrations.Migration):

    dependencies = [
        ('topics', '0019_words_of_pictures_per_language'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='topiclanguage',
            name='written_by',
            field=models.ForeignKey(editable=False, help_text='Who last changed what readers would see, which a new owner or address does not.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='PageWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='writers', to='topics.page')),
            ],
            options={
                'verbose_name': 'writer of an about page',
                'verbose_name_plural': 'writers of about pages',
                'constraints': [models.UniqueConstraint(fields=('page', 'language'), name='one_writer_a_page_and_language')],
            },
        ),
        migrations.RunPython(say_who_saved, migrations.RunPython.noop),
    ]
