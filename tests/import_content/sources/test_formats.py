"""The table of formats: one entry is all that discovery and reading know of a format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from import_content.sources import discover, formats, read
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.formats import FORMATS, PLAIN_TEXT, Format
from import_content.sources.source import SourceFile


def files(*arguments: Path) -> list[SourceFile]:
    found = list(discover([str(argument) for argument in arguments]))
    return [entry for entry in found if isinstance(entry, SourceFile)]


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Format]:
    """A format that nobody knew of until it stood in the table."""
    entry = replace(PLAIN_TEXT, name="a song", endings=(".song",))
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, entry))
    formats.formats_by_ending.cache_clear()
    yield entry
    formats.formats_by_ending.cache_clear()


def test_a_format_in_the_table_is_read_as_a_named_file_and_in_a_folder(tmp_path: Path, entered: Format) -> None:
    path = tmp_path / "sail.SONG"
    path.write_text("Sail\n\nWe go.")
    for argument in (path, tmp_path):
        (found,) = files(argument)
        assert formats.format_of(found.key, b"Sail") is entered
        assert read(found).text == "Sail\n\nWe go."


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.name)
def test_each_format_of_the_table_has_its_reader_or_an_advice(entry: Format) -> None:
    assert entry.endings or entry.is_it
    assert entry.advice or callable(entry.unpacker if entry.holds_many else entry.reader)


def test_no_ending_has_two_formats() -> None:
    endings = [ending for entry in FORMATS for ending in entry.endings]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize("name", ["settings.yaml", "script.py", "data.xml", "style.css"])
def test_files_that_are_text_and_no_article_are_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("color: red\n")
    (found,) = discover([str(tmp_path / name)])
    if isinstance(found, SourceFile):
        with pytest.raises(SourceError) as caught:
            read(found)
        found = caught.value
    assert found.code is SourceErrorCode.UNSUPPORTED
    assert str(found).endswith(f"a file of the kind {Path(name).suffix} is no article)")
