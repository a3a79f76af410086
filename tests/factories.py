"""Plain functions that make what tests need, with sensible defaults."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page, Site

from pages.models import ArticleIndexPage, ArticlePage, School


def ensure_site() -> None:
    """The default site with its root page, where a test that emptied the database took them away."""
    if Site.objects.exists():
        return
    locale, _ = Locale.objects.get_or_create(language_code="en")
    root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    home = root.add_child(instance=Page(title="Home", slug="home", locale=locale))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


def make_index(parent: Page | None = None, *, title: str = "Articles", **fields: Any) -> ArticleIndexPage:
    """A published index below `parent`, or below the default site's root page."""
    parent = parent or Site.objects.get(is_default_site=True).root_page
    index = ArticleIndexPage(title=title, **fields)
    parent.add_child(instance=index)
    index.save_revision().publish()
    index.refresh_from_db()
    return index


def make_article(
    parent: ArticleIndexPage, *, title: str = "An Article", live: bool = True, **fields: Any
) -> ArticlePage:
    """An article below `parent`, published the way the admin publishes; a draft where not `live`."""
    article = ArticlePage(title=title, live=False, **fields)
    parent.add_child(instance=article)
    revision = article.save_revision()
    if live:
        revision.publish()
    article.refresh_from_db()
    return article


def make_school(name: str = "Riverbend College", **fields: Any) -> School:
    school = School(name=name, locale=Locale.get_default(), **fields)
    school.full_clean()
    school.save()
    return school


def section(heading: str, text: str = "<p>Text.</p>", *, level: str = "2", anchor: str = "") -> tuple[str, Any]:
    return "section", {"heading": heading, "level": level, "text": text, "anchor": anchor}


def listing(*entries: tuple[School, str]) -> tuple[str, Any]:
    return "school_listing", {
        "schools": [{"school": school, "description": description} for school, description in entries]
    }
