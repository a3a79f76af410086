"""Generated articles as the parser and `content_of` hand them to a writer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from import_content.article_content import content_of
from import_content.parsing import parse
from import_content.sources.source import Source
from import_content.writer import NewArticle
from tests.benchmarks import generated


def source(key: str, text: str) -> Source:
    data = text.encode()
    return Source(
        key,
        text,
        "utf-8",
        bom=False,
        newline="lf",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding_confidence=1.0,
    )


def new_articles(
    count: int, *, start: int = 0, live: bool = True, make: Callable[[int], str] = generated.text
) -> Iterator[NewArticle]:
    for key, text in generated.texts(count, start=start, make=make):
        yield NewArticle(key, content_of(key, parse(source(key, text)).document), live)
