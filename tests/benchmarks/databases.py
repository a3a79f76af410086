"""Databases for benchmarks: made, copied and dropped here, beside the one that `DATABASE_URL` names."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import django
from django.core.management import call_command


class BenchDatabase:
    """A database of the kind that `DATABASE_URL` names (SQLite without it), under names of its own.

    `fresh` switches Django's default connection to a new database with tables, a site and an index.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bench-import-"))
        url = os.environ.get("DATABASE_URL", "")
        self.postgresql = url.startswith("postgres")
        if not self.postgresql:
            os.environ["DATABASE_URL"] = f"sqlite:///{self._folder / 'start.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
        django.setup()
        from django.db import connection

        self._connection = connection
        self._base = connection.settings_dict["NAME"]
        self._made: list[str] = []
        self._template = self._name("template")
        if self.postgresql:
            self._admin(f'DROP DATABASE IF EXISTS "{self._template}"', f'CREATE DATABASE "{self._template}"')
        self._use(self._template)
        call_command("migrate", verbosity=0)
        from tests.import_content.writer.tree import new_site

        new_site()
        self._connection.close()

    def fresh(self, name: str) -> str:
        """A new database; returns its name, for `use`."""
        full = self._name(name)
        self._connection.close()
        if self.postgresql:
            self._admin(f'DROP DATABASE IF EXISTS "{full}"', f'CREATE DATABASE "{full}" TEMPLATE "{self._template}"')
        else:
            self._unlink(full)
            shutil.copy(self._template, full)
        self._use(full)
        return full

    def keep(self) -> None:
        """From now on `fresh` makes databases that hold what the present one holds."""
        present = str(self._connection.settings_dict["NAME"])
        self._connection.close()
        if self.postgresql:
            self._admin(f'DROP DATABASE "{self._template}"', f'CREATE DATABASE "{self._template}" TEMPLATE "{present}"')
        else:
            shutil.copy(present, self._template)

    def use(self, name: str) -> None:
        self._connection.close()
        self._use(name)

    def drop(self, name: str) -> None:
        self._connection.close()
        if self.postgresql:
            self._admin(f'DROP DATABASE IF EXISTS "{name}"')
        else:
            self._unlink(name)

    def close(self) -> None:
        self._connection.close()
        if self.postgresql:
            for name in [*self._made]:
                self._admin(f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(self._folder, ignore_errors=True)

    def _unlink(self, name: str) -> None:
        """The file and its journals: a journal left behind would be played into the next file of that name."""
        for path in self._folder.glob(Path(name).name + "*"):
            path.unlink()

    def _name(self, name: str) -> str:
        full = f"{self._base}_bench_{name}" if self.postgresql else str(self._folder / f"{name}.sqlite3")
        self._made.append(full)
        return full

    def _use(self, name: str) -> None:
        from django.contrib.contenttypes.models import ContentType
        from wagtail.models import Site

        self._connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    def _admin(self, *statements: str) -> None:
        import psycopg

        settings = self._connection.settings_dict
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"] or 5432,
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname="postgres",
            autocommit=True,
        ) as connection:
            for statement in statements:
                connection.execute(statement)
