from __future__ import annotations

from django.apps import AppConfig


class ImportContentConfig(AppConfig):
    name = "import_content"

    def ready(self) -> None:
        from import_content.applying import merged_schools  # noqa: F401 -- connects its receiver
        from import_content.merge.fields import define_fields
        from import_content.planning.block_fields import block_fields  # needs the models, which are loaded by now
        from pages.blocks import BODY

        define_fields(block_fields(BODY))
