"""Reads typed values from environment variables, with errors that name the variable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

CONNECT_TIMEOUT_SECONDS = 5
"""A request does not wait longer for a database server that does not answer."""
SQLITE_OPTIONS: dict[str, Any] = {
    # Writers queue at BEGIN instead of failing half-way, which a deferred transaction does when it
    # turns from reading to writing while another writer holds the lock.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def env_list(name: str, default: str = "") -> list[str]:
    """The comma-separated values of a variable, without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off; it is {value!r}")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}") from error


def required(*names: str) -> dict[str, str]:
    """The values of variables that must be set.

    Raises `ImproperlyConfigured` naming all that are missing, so that one failed start tells everything.
    """
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"set these environment variables first: {', '.join(missing)}")
    return {name: os.environ[name] for name in names}


def keep_private(directory: Path, *, ours: bool) -> None:
    """Make a directory that its owner alone may look into; one that was there already is closed only where it is
    `ours`, since a person may have chosen one that others need."""
    if directory.exists():
        if ours and directory.stat().st_uid == os.getuid():
            directory.chmod(0o700)
    else:
        directory.mkdir(mode=0o700, parents=True)


def _keep_file_private(path: Path) -> None:
    """A SQLite database holds passwords and drafts.  Its journals take the permissions that it has."""
    if path.parent.is_dir():
        path.touch(mode=0o600)
        if path.stat().st_uid == os.getuid():
            path.chmod(0o600)


def database(default_url: str) -> dict[str, Any]:
    """Django's settings for `DATABASE_URL` (``sqlite:///path``, ``postgres://user@host/name``).

    https://github.com/jazzband/dj-database-url lists every form of the URL.
    """
    url = os.environ.get("DATABASE_URL") or default_url
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        if config["NAME"] != ":memory:":
            _keep_file_private(Path(config["NAME"]))
    else:
        config["OPTIONS"] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **config.get("OPTIONS", {})}
    return config


def reading_only(config: dict[str, Any], statement_timeout_seconds: int) -> dict[str, Any]:
    """The same database for a connection that cannot write, and whose statements are stopped after so many seconds."""
    limits = f"-c default_transaction_read_only=on -c statement_timeout={statement_timeout_seconds * 1000}"
    options = {**config.get("OPTIONS", {})}
    options["options"] = " ".join(filter(None, (options.get("options"), limits)))
    return {**config, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
