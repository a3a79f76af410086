"""An imported article in conflict, and people with different rights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from pages.models import ArticlePage
from tests.import_content.editing import edit, words
from tests.import_content.imports import ARTICLE, run, write

COSTS = "about four thousand dollars"


def client_of(name: str, *groups: str, permissions: tuple[str, ...] = ("access_admin",)) -> Client:
    user = User.objects.create_user(name, password=None)
    user.groups.set(Group.objects.filter(name__in=groups))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> Client:
    """In the group Editors and nothing else."""
    return client_of("ines", "Editors")


@pytest.fixture
def moderator(db: None) -> Client:
    return client_of("mona", "Moderators")


@pytest.fixture
def stranger(db: None) -> Client:
    """May enter the admin and has no right to imports."""
    return client_of("udo")


@pytest.fixture
def in_conflict(article_index: Any, tmp_path: Path) -> ArticlePage:
    write(tmp_path, "clocks.txt")
    run(tmp_path / "clocks.txt", publish=True)
    edit(ArticlePage.objects.get(), words(COSTS, "almost four thousand dollars"))
    write(tmp_path, "clocks.txt", ARTICLE.replace(COSTS, "about five thousand dollars"))
    run(tmp_path / "clocks.txt", publish=True)
    return ArticlePage.objects.get()
