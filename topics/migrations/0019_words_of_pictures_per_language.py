from django.db import migrations, models
from django.db.models import F


def say_in_both(apps, schema_editor):
    """What stood under the picture on the page of each language stays there."""
    topics = apps.get_model("topics", "HealthTopic").objects.using(schema_editor.connection.alias)
    topics.update(image_credit_es=F("image_credit_en"), image_license_es=F("image_license_en"))


class Migration(migrations.Migration):

    dependencies = [
        ('topics', '0018_where_readers_were_sent'),
    ]

    operations = [
        migrations.RenameField('healthtopic', 'image_credit', 'image_credit_en'),
        migrations.AlterField(
            model_name='healthtopic',
            name='image_credit_en',
            field=models.CharField(blank=True, help_text='Who made it or owns it, as the page shall say.', max_length=300, null=True, verbose_name='credit of the picture'),
        ),
        migrations.AddField(
            model_name='healthtopic',
            name='image_credit_es',
            field=models.CharField(blank=True, help_text='Who made it or owns it, as the page shall say.', max_length=300, null=True, verbose_name='credit of the picture'),
        ),
        migrations.AddField(
            model_name='healthtopic',
            name='image_credit',
            field=models.CharField(blank=True, help_text='Who made it or owns it, as the page shall say.', max_length=300, default='', verbose_name='credit of the picture'),
            preserve_default=False,
        ),
        migrations.RenameField('healthtopic', 'image_license', 'image_license_en'),
        migrations.AlterField(
            model_name='healthtopic',
            name='image_license_en',
            field=models.CharField(blank=True, help_text='On what terms it may be shown, such as “Public domain”, which is “Dominio público” in Spanish, or “CC BY 4.0”.', max_length=300, null=True, verbose_name='license of the picture'),
        ),
        migrations.AddField(
            model_name='healthtopic',
            name='image_license_es',
            field=models.CharField(blank=True, help_text='On what terms it may be shown, such as “Public domain”, which is “Dominio público” in Spanish, or “CC BY 4.0”.', max_length=300, null=True, verbose_name='license of the picture'),
        ),
        migrations.AddField(
            model_name='healthtopic',
            name='image_license',
            field=models.CharField(blank=True, help_text='On what terms it may be shown, such as “Public domain”, which is “Dominio público” in Spanish, or “CC BY 4.0”.', max_length=300, default='', verbose_name='license of the picture'),
            preserve_default=False,
        ),
        migrations.RunPython(say_in_both, migrations.RunPython.noop),
    ]
