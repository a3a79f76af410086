"""Makes a new installation usable: an article index, an editor's account, sample articles.  Safe to repeat."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction
from wagtail.models import Page, Site

from pages.models import ArticleIndexPage

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
EDITOR = "editor"
STOCK_HOME_TITLE = "Welcome to your new Wagtail site!"


class Command(BaseCommand):
    help = (
        "Prepare a new installation: an article index under the site's root page, an editor's account (its password is "
        "printed once), and the sample articles, imported through import_content. Repeating it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000", help="where the site will listen, for the links")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        index = ensure_index(address)
        password = ensure_editor()
        parent = index.url_path.removeprefix(root_page().url_path.rstrip("/"))
        call_command("import_content", str(SAMPLES), parent=parent, publish=True, stdout=self.stdout)
        self.stdout.write(summary(address, password))


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


def ensure_editor() -> str | None:
    """The new account's password, or None where the account is there already."""
    users = get_user_model().objects
    if users.filter(username=EDITOR).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser(EDITOR, f"{EDITOR}@example.com", password)
    return password


def summary(address: str, password: str | None) -> str:
    login = password or "as printed when it was made (new one: manage.py changepassword editor)"
    rows = {
        "Site": f"http://{address}/",
        "Admin": f"http://{address}/admin/",
        "API": f"http://{address}/api/v1/",
        "API docs": f"http://{address}/api/v1/docs/",
        "User": EDITOR,
        "Password": login,
    }
    return "\n" + "\n".join(f"  {name:<10}{value}" for name, value in rows.items()) + "\n"
