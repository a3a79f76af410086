from django.apps import AppConfig


class ImportContentConfig(AppConfig):
    name = "import_content"
