"""A site from nothing, the same each time."""

from __future__ import annotations

import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management import call_command
from wagtail.models import Locale, Page, Site

from pages.models import ArticleIndexPage

KEYS = [uuid.UUID(int=number) for number in range(1, 9)]


def new_site() -> tuple[ArticleIndexPage, AbstractBaseUser]:
    """Empties the database, sequences too, and makes a root, a home and an index."""
    call_command("flush", interactive=False, reset_sequences=True, verbosity=0)
    locale = Locale.objects.create(language_code="en")
    user = get_user_model().objects.create(
        username="ann", email="ann@example.org", password="!", is_superuser=True, is_staff=True
    )
    root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale, translation_key=KEYS[0]))
    home = ArticleIndexPage(title="Home", slug="home", locale=locale, translation_key=KEYS[1])
    root.add_child(instance=home)
    Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    # Titles of unlike length: Wagtail weighs an entry again and again for as long as its title is exactly average.
    index = ArticleIndexPage(title="Guides to the Trades", slug="guides", locale=locale, translation_key=KEYS[2])
    home.add_child(instance=index)
    return index, user
