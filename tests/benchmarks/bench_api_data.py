"""Fills a database with many articles of a given size, quickly, for measuring the API.

    python -m tests.benchmarks.bench_api_data 50000

Rows are written as the importer's end state has them, as far as reading needs them: page, article, public form,
listings, search text.  The database is named by ``DATABASE_URL``; what is there already is kept, and counted.
"""

from __future__ import annotations

import json
import random
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

PARENTS = 20
SCHOOLS = 500
BATCH = 1000
VARIETY = 1200
ALIASES = 200
LANGUAGES = ("es", "fr")
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "training",
    "students",
    "programs",
    "work",
    "school",
    "degree",
    "career",
]
VOCABULARY = [
    a + b + c
    for a in ("bar", "con", "del", "mar", "pro", "ser", "tan", "vel")
    for b in ("a", "e", "i", "o", "ude", "ine")
    for c in ("ber", "cal", "don", "fer", "ling", "mit", "ner", "ster")
]


def sentence(rng: random.Random, words: int = 14) -> str:
    picked = [rng.choice(COMMON) if rng.random() < 0.45 else rng.choice(VOCABULARY) for _ in range(words)]
    return " ".join(picked).capitalize() + "."


def paragraph(rng: random.Random, sentences: int = 5) -> str:
    return "<p>" + " ".join(sentence(rng) for _ in range(sentences)) + "</p>"


def body(rng: random.Random, schools: list[int]) -> list[dict[str, Any]]:
    """About 6.7 KB: six sections, one listing of three schools, a call to action."""

    def new() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128)))

    blocks = [
        {
            "type": "section",
            "id": new(),
            "value": {
                "heading": sentence(rng, 4).rstrip("."),
                "text": paragraph(rng) + paragraph(rng, 4),
                "level": "2",
                "anchor": f"part-{number}",
            },
        }
        for number in range(6)
    ]
    entries = [
        {"type": "item", "id": new(), "value": {"school": pk, "description": paragraph(rng, 2)}}
        for pk in rng.sample(schools, 3)
    ]
    return [
        *blocks,
        {"type": "school_listing", "id": new(), "value": {"schools": entries}},
        {"type": "call_to_action", "id": new(), "value": {"text": "Search programs", "page": None, "url": ""}},
    ]


def make_schools() -> list[int]:
    from wagtail.models import Locale

    from pages.models import School

    locale = Locale.objects.get(language_code="en")
    have = list(School.objects.values_list("pk", flat=True))
    names = [f"{VOCABULARY[number % len(VOCABULARY)].title()} College {number}" for number in range(SCHOOLS)]
    School.objects.bulk_create(
        School(name=name, normalised_name=name.lower(), slug=name.lower().replace(" ", "-"), locale=locale, city="Hull")
        for name in names[len(have) :]
    )
    return list(School.objects.values_list("pk", flat=True))


def make_parents() -> list[Any]:
    from wagtail.models import Site

    from pages.models import ArticleIndexPage

    home = Site.objects.get(is_default_site=True).root_page
    for number in range(ArticleIndexPage.objects.count(), PARENTS):
        home.add_child(instance=ArticleIndexPage(title=f"Shelf {number}"))
    return list(ArticleIndexPage.objects.all()[:PARENTS])


def add_variety(parents: list[Any]) -> None:
    """What a site gathers over the years: aliases, restrictions, redirects, another site, other languages, menus."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import Locale, Page, PageViewRestriction, Site

    from pages.models import ArticleIndexPage, ArticlePage

    Page.objects.filter(pk__in=[parent.pk for parent in parents]).update(show_in_menus=True)
    articles = list(ArticlePage.objects.order_by("pk")[:VARIETY])
    shelf = ArticleIndexPage.objects.get(pk=parents[0].pk)
    for article in articles[:ALIASES]:
        article.create_alias(parent=shelf, update_slug=f"alias-of-{article.pk}", log_action=None)
    for article in articles[ALIASES:]:
        PageViewRestriction.objects.get_or_create(page=article, restriction_type="login")
    Redirect.objects.bulk_create(
        Redirect(old_path=f"/former/{article.pk}", redirect_page=article, automatically_created=True)
        for article in articles
    )
    root = Page.get_first_root_node()
    if not Site.objects.filter(hostname="other.example").exists():
        other = root.add_child(instance=Page(title="Other", slug="other"))
        Site.objects.create(hostname="other.example", root_page=other, port=80)
        other.add_child(instance=ArticleIndexPage(title="Other shelf"))
    home = Site.objects.get(is_default_site=True).root_page
    for code in LANGUAGES:
        locale, made = Locale.objects.get_or_create(language_code=code)
        if made:
            home.copy_for_translation(locale).save_revision().publish()


def fill(total: int) -> None:
    from pages.models import ArticlePage

    parents, schools = make_parents(), make_schools()
    have = ArticlePage.objects.count()
    for start in range(have, total, BATCH):
        write(range(start, min(start + BATCH, total)), parents, schools)
        sys.stderr.write(f"\r{min(start + BATCH, total)} articles")
    sys.stderr.write("\n")
    if have < total:
        add_variety(parents)
    analyse()


def write(numbers: range, parents: list[Any], schools: list[int]) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction
    from django.db.models import Max
    from wagtail.models import Page

    from pages.models import ArticlePage
    from pages.publication import render, store

    kind = ContentType.objects.get_for_model(ArticlePage)
    first = (Page.objects.aggregate(top=Max("pk"))["top"] or 0) + 1
    articles = []
    for offset, number in enumerate(numbers):
        rng = random.Random(number)  # noqa: S311 -- text to measure with
        parent = parents[number % len(parents)]
        day = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(minutes=7 * number)
        article = ArticlePage(
            title=f"{sentence(rng, 6).rstrip('.')} {number}",
            slug=f"article-{number}",
            path=Page._get_path(parent.path, parent.depth + 1, number // len(parents) + 1),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}article-{number}/",
            content_type=kind,
            locale_id=parent.locale_id,
            live=True,
            first_published_at=day,
            last_published_at=day,
            introduction=paragraph(rng, 4),
            body=json.dumps(body(rng, schools)),
        )
        article.pk = article.page_ptr_id = first + offset
        article.draft_title = article.title
        articles.append(article)
    with transaction.atomic():
        pages = [Page(**{f.attname: getattr(a, f.attname) for f in Page._meta.concrete_fields}) for a in articles]
        Page._base_manager.bulk_create(pages)
        ArticlePage._base_manager._insert(
            articles, fields=list(ArticlePage._meta.local_concrete_fields), using="default"
        )
        store([render(article) for article in articles])
        for parent in parents:
            Page.objects.filter(pk=parent.pk).update(numchild=Page.objects.filter(path__startswith=parent.path).count())


def analyse() -> None:
    """Statistics for the query planner, as a database in use has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), MAX(id)) FROM wagtailcore_page"
            )


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(int(sys.argv[1]))
