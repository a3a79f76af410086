"""Makes a new installation usable: an article index, two accounts, sample articles.  Safe to repeat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction
from wagtail.models import Page, Site

from cms.sample_decoration import decorate_samples
from pages.models import ArticleIndexPage

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ADMINISTRATOR, EDITOR = "admin", "editor"
EDITORS = "Editors"
"""The group of Wagtail's whose members write and do not publish."""
STOCK_HOME_TITLE = "Welcome to your new Wagtail site!"


class Command(BaseCommand):
    help = (
        "Prepare a new installation: an article index under the site's root page, an administrator's and an editor's "
        "account (their passwords are printed once), and the sample articles, imported through import_content. "
        "Repeating it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000", help="where the site will listen, for the links")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        index = ensure_index(address)
        accounts = ensure_accounts()
        parent = index.url_path.removeprefix(root_page().url_path.rstrip("/"))
        call_command("import_content", str(SAMPLES), parent=parent, publish=True, stdout=self.stdout)
        if any(account.password for account in accounts):
            decorate_samples()
        self.stdout.write(summary(address, accounts))


@dataclass(frozen=True, slots=True)
class Account:
    """One that somebody can sign in with."""

    name: str
    role: str
    password: str | None
    """None: it was there already."""


def root_page() -> Page:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise CommandError("There is no default site: make one in the admin under Settings > Sites.")
    return site.root_page


@transaction.atomic
def ensure_index(address: str) -> ArticleIndexPage:
    """The first article index below the site's root page, made where there is none."""
    root = root_page()
    index: ArticleIndexPage | None = ArticleIndexPage.objects.descendant_of(root, inclusive=True).first()
    if index is not None:
        return index
    if root.title == STOCK_HOME_TITLE:
        root.title = root.draft_title = "Home"
        root.save()
        host, _, port = address.partition(":")
        Site.objects.filter(is_default_site=True, hostname="localhost").update(
            hostname=host, port=int(port or 80), site_name=settings.WAGTAIL_SITE_NAME
        )
        Site.clear_site_root_paths_cache()
    index = ArticleIndexPage(title="Articles", slug="articles", introduction="<p>Training, work and schools.</p>")
    root.add_child(instance=index)
    index.save_revision().publish()
    return index


@transaction.atomic
def ensure_accounts() -> list[Account]:
    """An administrator, who may do everything, and an editor, who may do what the group Editors may."""
    return [
        Account(ADMINISTRATOR, "administrator", _ensure_user(ADMINISTRATOR, administrator=True)),
        Account(EDITOR, "editor", _ensure_user(EDITOR, administrator=False)),
    ]


def _ensure_user(name: str, *, administrator: bool) -> str | None:
    """The new account's password, or None where the account is there already."""
    users = get_user_model().objects
    if users.filter(username=name).exists():
        return None
    password = secrets.token_urlsafe(12)
    make = users.create_superuser if administrator else users.create_user
    user = make(name, f"{name}@example.com", password)
    if not administrator:
        user.groups.add(Group.objects.get(name=EDITORS))
    return password


def summary(address: str, accounts: list[Account]) -> str:
    rows = {
        "Site": f"http://{address}/",
        "Admin": f"http://{address}/admin/",
        "API": f"http://{address}/api/v1/",
        "API docs": f"http://{address}/api/v1/docs/",
    }
    for account in accounts:
        old = f"as printed when it was made (new one: manage.py changepassword {account.name})"
        rows[account.role.capitalize()] = f"{account.name}, password {account.password or old}"
    return "\n" + "\n".join(f"  {name:<15}{value}" for name, value in rows.items()) + "\n"
