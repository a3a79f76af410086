"""Large columns are compressed with lz4 on PostgreSQL: quicker to write and to read than its own default, pglz."""

from django.db import migrations

COLUMNS = [
    ("pages_articlepage", "body"),
    ("pages_publishedarticle", "body"),
    ("pages_publishedtext", "text"),
    ("pages_publishedtext", "vector"),
    ("wagtailcore_revision", "content"),
    ("wagtailsearch_indexentry", "body"),
    ("wagtailsearch_indexentry", "body_text"),
]


def compress_with(method):
    def alter(apps, schema_editor):
        connection = schema_editor.connection
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
            )
            known = cursor.fetchone()
            if not known or not known[0]:
                return  # older than PostgreSQL 14, or built without lz4
            for table, column in COLUMNS:
                # Of new values only: what is stored stays as it is.
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET COMPRESSION {method}')

    return alter


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_search_index"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(compress_with("lz4"), compress_with("default"))]
