"""The index that the admin's search needs on PostgreSQL.

Wagtail's database backend asks for ``title || body @@ query`` and has no index of that expression, so that every
search, one without hits included, reads the whole table.
"""

from django.db import migrations

NAME = "pages_indexentry_title_body"


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {NAME} ON wagtailsearch_indexentry USING gin ((title || body))")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):

    dependencies = [("pages", "0003_lz4_compression"), ("wagtailsearch", "0010_add_text_fields")]

    operations = [migrations.RunPython(forwards, backwards)]
