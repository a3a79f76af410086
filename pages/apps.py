from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self) -> None:
        from pages import publication, renditions  # noqa: F401 -- connects its receivers

        renditions.connect()
