"""Sources are kept: their bytes, once, in the transaction of what was made of them."""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from import_content.applying.kept_sources import content_of_source, purge_sources
from import_content.models import KeptSource, SourceVersion
from pages.models import ArticleIndexPage, ArticlePage
from tests.import_content.imports import ARTICLE, write

pytestmark = pytest.mark.django_db


def run(folder: Path, **options: Any) -> None:
    call_command("import_content", str(folder), publish=True, verbosity=0, stdout=StringIO(), **options)


def kept() -> dict[str, list[bytes]]:
    """Key to the bytes of its versions, the oldest first."""
    found: dict[str, list[bytes]] = {}
    for version in SourceVersion.objects.select_related("record", "source"):
        found.setdefault(version.record.key, []).append(content_of_source(version.source))
    return found


def test_every_imported_source_is_kept_byte_for_byte(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    write(tmp_path, "a.txt", ARTICLE)
    (tmp_path / "b.md").write_bytes(b"\xef\xbb\xbf# Sail\r\n\r\nWe go.\r\n")
    run(tmp_path)
    assert kept() == {"a.txt": [ARTICLE.encode()], "b.md": [b"\xef\xbb\xbf# Sail\r\n\r\nWe go.\r\n"]}
    source = KeptSource.objects.get(versions__record__key="a.txt")
    assert source.sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert len(source.data) < source.size


def test_the_same_bytes_are_stored_once_and_an_unchanged_source_not_again(
    tmp_path: Path, article_index: ArticleIndexPage
) -> None:
    write(tmp_path, "one/a.txt", ARTICLE)
    run(tmp_path / "one")
    run(tmp_path / "one")
    write(tmp_path, "two/a.txt", ARTICLE)
    run(tmp_path / "two", collection="two")
    assert KeptSource.objects.count() == 1
    assert SourceVersion.objects.count() == 2


def test_each_version_of_a_source_is_kept_until_it_is_purged(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    texts = [ARTICLE.replace("four thousand", f"{number} thousand") for number in ("five", "six", "seven")]
    for text in texts:
        write(tmp_path, "a.txt", text)
        run(tmp_path)
    assert kept() == {"a.txt": [text.encode() for text in texts]}
    assert purge_sources(1) == (2, 2)
    assert kept() == {"a.txt": [texts[-1].encode()]}
    assert purge_sources(1) == (0, 0)


def test_the_current_version_is_never_purged(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    write(tmp_path, "a.txt", ARTICLE)
    run(tmp_path)
    version = SourceVersion.objects.get()
    SourceVersion.objects.create(record=version.record, source=version.source, source_hash="another")
    purge_sources(1)
    assert version in SourceVersion.objects.all()


def test_what_is_not_imported_is_not_kept(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    write(tmp_path, "a.txt", "x" * 300)
    run(tmp_path, dry_run=True)
    assert not KeptSource.objects.exists()


def test_an_object_store_takes_them_where_a_setting_says_so(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "store"}}
    write(tmp_path, "in/a.txt", ARTICLE)
    with override_settings(STORAGES={**settings.STORAGES, "sources": store}, IMPORT_SOURCES_STORAGE="sources"):
        run(tmp_path / "in")
        source = KeptSource.objects.get()
        assert bytes(source.data) == b""
        assert (tmp_path / "store" / source.storage_name).exists()
        assert content_of_source(source) == ARTICLE.encode()


def test_the_command_counts_them(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    write(tmp_path, "a.txt", ARTICLE)
    run(tmp_path)
    out = StringIO()
    call_command("import_runs", "sources", purge=2, stdout=out)
    stored = len(KeptSource.objects.get().data)
    assert out.getvalue() == (
        "forgotten: 0 versions, 0 stored sources\n"
        f"1 source kept in 1 version: {len(ARTICLE.encode()):,} bytes, {stored:,} in the database\n"
    )
    assert ArticlePage.objects.count() == 1
