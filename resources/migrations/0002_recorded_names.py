"""Categories remember the names by which records call them."""

from django.db import migrations, models


def remember_names(apps, schema_editor):
    categories = apps.get_model("resources", "InformationCategory")
    for category in categories.objects.all():
        category.recorded_names = {
            language: [name]
            for language, name in (("en", category.name_en), ("es", category.name_es))
            if name
        }
        category.save(update_fields=["recorded_names"])


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="informationcategory",
            name="recorded_names",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="Per language, the names by which records call it, whatever its name here is by now.",
            ),
        ),
        migrations.RunPython(remember_names, migrations.RunPython.noop),
    ]
