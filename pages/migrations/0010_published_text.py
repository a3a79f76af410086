"""The public form becomes text with references.  It is derived: `manage.py render_published` writes it anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("pages", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [
        migrations.DeleteModel(name="PublishedArticle"),
        migrations.CreateModel(
            name="PublishedArticle",
            fields=[
                ("page", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="published", serialize=False, to="wagtailcore.page")),
                ("published_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=32)),
                ("references", models.TextField()),
                ("head", models.TextField()),
                ("introduction", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "verbose_name": "published article",
                "indexes": [
                    models.Index(fields=["published_at", "page"], name="pages_public_published"),
                    models.Index(fields=["updated_at", "page"], name="pages_public_updated"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["normalised_name", "id"], name="pages_school_by_name"),
        ),
    ]
