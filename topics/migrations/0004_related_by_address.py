from django.db import migrations, models


class Migration(migrations.Migration):
    """Lets a related topic be known by its address alone."""

    dependencies = [("topics", "0003_slug_without_line_feed")]

    operations = [
        migrations.RemoveConstraint(
            model_name="relatedtopic", name="related_topic_points_somewhere"
        ),
        migrations.AddConstraint(
            model_name="relatedtopic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("target__isnull", False),
                    ("number__isnull", False),
                    models.Q(("url", ""), _negated=True),
                    _connector="OR",
                ),
                name="related_topic_points_somewhere",
            ),
        ),
    ]
