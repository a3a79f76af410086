"""Editors and Moderators may import articles and resolve conflicts; what becomes public is decided by their rights to
pages."""

from django.db import migrations

PERMISSIONS = {"import_articles": "Can import articles", "resolve_conflicts": "Can resolve import conflicts"}
GROUPS = ("Editors", "Moderators")


def _permissions(apps):
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="import_content", model="importrun"
    )
    for codename, name in PERMISSIONS.items():
        permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        yield permission


def forwards(apps, schema_editor):
    for name in GROUPS:
        group, _ = apps.get_model("auth.Group").objects.get_or_create(name=name)
        group.permissions.add(*_permissions(apps))


def backwards(apps, schema_editor):
    for group in apps.get_model("auth.Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*_permissions(apps))


class Migration(migrations.Migration):

    dependencies = [
        ("import_content", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
