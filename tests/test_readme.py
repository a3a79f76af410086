"""What the README names is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CODE_LINES = [line.strip().removeprefix("$ ") for line in README.splitlines() if line.startswith("    ")]


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = {
        word
        for command in re.findall(r"`make ([^`]+)`|^ {4}make ([^#\n]+)", README, re.MULTILINE)
        for word in " ".join(command).split()
        if "=" not in word
    }
    assert named
    assert named <= targets


def commands_in_readme() -> list[str]:
    inline = re.findall(r"`manage\.py ([^`]+)`", README)
    blocks = [line.split("manage.py ", 1)[1] for line in CODE_LINES if "manage.py " in line]
    return sorted({command.split(" #")[0].split(" | ")[0].split(" > ")[0].strip() for command in inline + blocks})


@pytest.mark.parametrize("command", commands_in_readme())
def test_every_command_line_named_is_understood(command: str) -> None:
    name, *arguments = shlex.split(command)
    app = get_commands().get(name, "django_rq")  # installed with TASKS_BACKEND=rq only
    parser = load_command_class(app, name).create_parser("manage.py", name)
    if arguments:
        parser.parse_args(arguments)


def test_every_variable_that_settings_read_is_in_the_table() -> None:
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    pattern = re.compile(r"(?:environ\.get|env_\w+)\(\s*\"([A-Z_]+)\"")
    read: set[str] = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "WAGTAILADMIN_BASE_URL"}
    for path in (ROOT / "cms").rglob("*.py"):
        read |= set(pattern.findall(path.read_text(encoding="utf-8")))
    assert read == table


def test_every_file_linked_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
