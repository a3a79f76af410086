from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from api.journal import receivers, sequencer  # noqa: F401 -- they listen
        from api.paths import redirects as old_paths  # noqa: F401 -- they listen

        receivers.connect()
