"""Wagtail's groups get the rights to schools and topics that they have to pages: Editors write, Moderators publish too."""

from django.db import migrations

EDITORS = {"school": ["add", "change", "view"], "topic": ["add", "change", "view"]}
MODERATORS = {
    "school": ["add", "change", "view", "delete", "publish", "lock", "unlock"],
    "topic": ["add", "change", "view", "delete"],
}


def _permissions(apps, rights):
    ContentType = apps.get_model("contenttypes.ContentType")
    Permission = apps.get_model("auth.Permission")
    for model, actions in rights.items():
        content_type, _ = ContentType.objects.get_or_create(app_label="pages", model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
            )
            yield permission


def forwards(apps, schema_editor):
    for name, rights in (("Editors", EDITORS), ("Moderators", MODERATORS)):
        group, _ = apps.get_model("auth.Group").objects.get_or_create(name=name)
        group.permissions.add(*_permissions(apps, rights))


def backwards(apps, schema_editor):
    for name, rights in (("Editors", EDITORS), ("Moderators", MODERATORS)):
        for group in apps.get_model("auth.Group").objects.filter(name=name):
            group.permissions.remove(*_permissions(apps, rights))


class Migration(migrations.Migration):

    dependencies = [
        ("pages", "0004_admin_search_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
