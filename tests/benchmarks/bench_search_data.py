"""Fills a database with published articles to search in, quickly: raw rows, as far as searching needs them.

Words follow Zipf's law, so that there are words of every rarity.  ``training`` and ``students`` are in every article,
``apprenticeship`` in one out of ten, ``luthiery`` in thirty of all, ``zymurgy`` in one.  The later an article, the newer.
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

FIRST, BATCH = 2_000, 500
STEMS = [a + b + c for a in ("bar", "con", "del", "mar", "pro", "ser", "tan", "vel", "lun", "fro")
         for b in ("a", "e", "i", "o", "u", "ude", "ine", "ora") for c in ("b", "c", "d", "f", "ling", "m", "n", "st")]  # fmt: skip
VOCABULARY = ["the", "of", "and", "to", "in", "is", "for", "program", "work", "school", "degree", "career"] + [
    stem + ending for ending in ("", "er", "ing", "ed", "ation", "ship", "ful", "less", "ity") for stem in STEMS
]
WEIGHTS = list(accumulate(1 / (place + 3) for place in range(len(VOCABULARY))))


def words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(VOCABULARY, cum_weights=WEIGHTS, k=count))


@cache
def pool() -> list[str]:
    """Paragraphs of 55 words, which articles are put together from."""
    rng = random.Random(0)  # noqa: S311 -- text to measure with
    return [words(rng, 55) for _ in range(20_000)]


def sections(rng: random.Random, number: int) -> list[dict[str, Any]]:
    """About 700 words."""
    special = ["training of students"]
    special += ["apprenticeship"] if number % 10 == 0 else []
    texts = [f"<p>{rng.choice(pool())}. {rng.choice(pool())}.</p>" for _ in range(6)]
    texts[rng.randrange(6)] += f"<p>{words(rng, 8)} {' '.join(special)} {words(rng, 8)}.</p>"
    return [
        {
            "type": "section",
            "id": str(uuid.UUID(int=rng.getrandbits(128))),
            "value": {"heading": words(rng, 4).title(), "text": text, "level": "2", "anchor": f"part-{place}"},
        }
        for place, text in enumerate(texts)
    ]


def articles(numbers: range, parent: Any, kind: Any) -> Iterator[Any]:
    from wagtail.models import Page

    from pages.models import ArticlePage

    for number in numbers:
        rng = random.Random(number)  # noqa: S311 -- text to measure with
        day = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(minutes=7 * (FIRST - number))
        title = words(rng, 7).title() + (" Students" if number % 7 == 0 else "")
        pk = parent.pk + 1 + number
        yield ArticlePage(
            pk=pk,
            page_ptr_id=pk,
            title=title,
            draft_title=title,
            slug=f"article-{number}",
            path=Page._get_path(parent.path, parent.depth + 1, number + 1),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}article-{number}/",
            content_type=kind,
            locale_id=parent.locale_id,
            live=True,
            first_published_at=day,
            last_published_at=day,
            introduction=f"<p>{words(rng, 40)}.</p>",
            body=json.dumps(sections(rng, number)),
        )


def fill(total: int) -> tuple[float, float]:
    """Until there are `total` articles.  Gives the milliseconds that the words of one of the first cost in `store`,
    and how many of them were spent on a processor by this process.

    The first are written as a bulk import writes them; the others are copies of their rows under other ids.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from wagtail.models import Site

    from pages.models import ArticleIndexPage, ArticlePage

    if ArticlePage.objects.exists():
        return 0.0, 0.0
    shelf = ArticleIndexPage(title="Shelf")
    Site.objects.get(is_default_site=True).root_page.add_child(instance=shelf)
    kind = ContentType.objects.get_for_model(ArticlePage)
    spent = [write_first(range(start, start + BATCH), shelf, kind) for start in range(0, FIRST, BATCH)]
    for start in range(FIRST, total, FIRST):
        copy(range(start, start + FIRST), shelf, kind)
        sys.stderr.write(f"\r{start + FIRST} articles")
    sys.stderr.write("\n")
    add_word("luthiery", range(0, total, total // 30), shelf.pk + 1)
    add_word("zymurgy", range(total // 2, total // 2 + 1), shelf.pk + 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return sum(wall for wall, _ in spent) / FIRST * 1000, sum(cpu for _, cpu in spent) / FIRST * 1000


def write_first(numbers: range, shelf: Any, kind: Any) -> tuple[float, float]:
    """Gives the seconds that the words cost, in all and on a processor."""
    from unittest.mock import patch

    from django.db import connection, transaction
    from wagtail.models import Page

    from pages.models import ArticlePage
    from pages.publication import render, store
    from pages.search import index
    from pages.search.text import published_words

    made = list(articles(numbers, shelf, kind))
    rows = [render(article) for article in made]
    with transaction.atomic():
        names = [field.attname for field in Page._meta.concrete_fields]
        Page._base_manager.bulk_create(Page(**{name: getattr(page, name) for name in names}) for page in made)
        ArticlePage._base_manager._insert(made, fields=ArticlePage._meta.local_concrete_fields, using="default")
        with patch.object(index, "write"):
            store(rows)
        began, cpu = time.perf_counter(), time.process_time()
        for article, row in zip(made, rows, strict=True):
            row.published_words = published_words(article.title, *_public(row))
        index.write([(row.page_id, row.published_words) for row in rows])
        if connection.vendor == "sqlite":  # otherwise FTS5 writes at commit: make it write now
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pages_publishedtext_fts WHERE title MATCH 'training'")
        spent = time.perf_counter() - began, time.process_time() - cpu
        stock_entries(kind, [(row.page_id, row.published_words) for row in rows])
    return spent


def _public(row: Any) -> tuple[str, list[dict[str, Any]]]:
    return json.loads(row.introduction), json.loads(row.body)


def copy(numbers: range, shelf: Any, kind: Any) -> None:
    """Articles with the words of the first ones."""
    from django.db import connection, transaction
    from wagtail.models import Page

    first = shelf.pk + 1
    postgres = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS copies (source integer, pk integer, path text, uuid text)")
        cursor.execute("DELETE FROM copies")
        cursor.executemany(
            "INSERT INTO copies VALUES (%s, %s, %s, %s)",
            [
                (
                    first + number % FIRST,
                    first + number,
                    Page._get_path(shelf.path, shelf.depth + 1, number + 1),
                    uuid.uuid4().hex,
                )
                for number in numbers
            ],
        )
        for table, key, others in (
            (
                "wagtailcore_page",
                "id",
                {"path": "copies.path", "translation_key": "copies.uuid::uuid" if postgres else "copies.uuid"},
            ),
            ("pages_articlepage", "page_ptr_id", {}),
            ("pages_publishedarticle", "page_id", {}),
            ("pages_publishedtext", "page_id", {}),
        ):
            _copy_table(cursor, table, key, {key: "copies.pk", **others}, "copies.source = CAST(t.{key} AS integer)")
        _copy_table(
            cursor,
            "wagtailsearch_indexentry",
            "object_id",
            {"object_id": "CAST(copies.pk AS text)", "id": None},
            "CAST(copies.source AS text) = t.{key} AND t.content_type_id = " + str(kind.pk),
        )


def _copy_table(cursor: Any, table: str, key: str, changes: dict[str, str | None], join: str) -> None:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 -- tables named above
    columns = [column[0] for column in cursor.description if changes.get(column[0], "") is not None]
    values = ", ".join(changes.get(column) or f't."{column}"' for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    on = join.format(key=key)
    cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM copies JOIN {table} t ON {on}")  # noqa: S608


def add_word(word: str, numbers: range, first: int) -> None:
    """To these articles alone."""
    from wagtail.search.models import IndexEntry

    from pages.models import PublishedText
    from pages.search import index
    from pages.search.text import Words

    rows = list(PublishedText.objects.filter(pk__in=[first + number for number in numbers]))
    for row in rows:
        row.text = f"{row.text}\n{word}"
    texts = [(row.pk, Words(row.title, row.headings, row.text)) for row in rows]
    index.write(texts)
    entries = IndexEntry._base_manager.filter(object_id__in=[str(row.pk) for row in rows])
    kind = entries[0].content_type
    entries.delete()
    stock_entries(kind, texts)


def stock_entries(kind: Any, texts: list[tuple[int, Any]]) -> None:
    """What Wagtail's own index holds of these articles."""
    from django.db import connection
    from wagtail.search.models import IndexEntry

    if connection.vendor == "sqlite":
        IndexEntry._base_manager.bulk_create(
            IndexEntry(
                content_type=kind,
                object_id=str(pk),
                title_norm=1.0,
                title=words.title,
                autocomplete=words.title,
                body=f"{words.headings} {words.text}",
            )
            for pk, words in texts
        )
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title_norm, title, autocomplete, body,"
            " title_text, body_text)"
            " SELECT %s, id, 1.0, setweight(to_tsvector(title), 'B'), to_tsvector('simple', title), to_tsvector(body),"
            " title, body FROM unnest(%s::text[], %s::text[], %s::text[]) AS given (id, title, body)",
            [
                kind.pk,
                [str(pk) for pk, _ in texts],
                [words.title for _, words in texts],
                [f"{words.headings} {words.text}" for _, words in texts],
            ],
        )
