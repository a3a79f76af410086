from django.apps import AppConfig


class ImportContentConfig(AppConfig):
    name = "import_content"

    def ready(self) -> None:
        from import_content.applying import merged_schools  # noqa: F401 -- connects its receiver
