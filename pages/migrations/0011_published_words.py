"""Full-text search over published articles: FTS5 on SQLite, a generated tsvector with GIN on PostgreSQL."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQLITE = [
    """
    CREATE VIRTUAL TABLE pages_publishedtext_fts USING fts5(
        title, words, content='pages_publishedtext', content_rowid='page_id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER pages_publishedtext_ai AFTER INSERT ON pages_publishedtext BEGIN
        INSERT INTO pages_publishedtext_fts (rowid, title, words) VALUES (new.page_id, new.title, new.words);
    END
    """,
    """
    CREATE TRIGGER pages_publishedtext_ad AFTER DELETE ON pages_publishedtext BEGIN
        INSERT INTO pages_publishedtext_fts (pages_publishedtext_fts, rowid, title, words)
        VALUES ('delete', old.page_id, old.title, old.words);
    END
    """,
    """
    CREATE TRIGGER pages_publishedtext_au AFTER UPDATE ON pages_publishedtext BEGIN
        INSERT INTO pages_publishedtext_fts (pages_publishedtext_fts, rowid, title, words)
        VALUES ('delete', old.page_id, old.title, old.words);
        INSERT INTO pages_publishedtext_fts (rowid, title, words) VALUES (new.page_id, new.title, new.words);
    END
    """,
]


def postgresql():
    """The dictionary follows the site's main language; one that PostgreSQL does not know is not stemmed."""
    languages = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese"}
    config = languages.get(settings.LANGUAGE_CODE.split("-")[0], "simple")
    return [
        f"""
        ALTER TABLE pages_publishedtext ADD COLUMN vector tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('{config}', title), 'A') || setweight(to_tsvector('{config}', words), 'D')
        ) STORED
        """,
        "CREATE INDEX pages_publishedtext_vector ON pages_publishedtext USING gin (vector)",
    ]


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else postgresql():
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE pages_publishedtext_fts")


class Migration(migrations.Migration):

    dependencies = [("pages", "0010_published_text")]

    operations = [
        migrations.CreateModel(
            name="PublishedText",
            fields=[
                ("page", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="published_text", serialize=False, to="wagtailcore.page")),
                ("title", models.TextField()),
                ("words", models.TextField()),
            ],
            options={"verbose_name": "published text"},
        ),
        migrations.RunPython(create, drop),
    ]
