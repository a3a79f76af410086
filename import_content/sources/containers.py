"""Files that hold several sources: archives, tables, exports."""

from __future__ import annotations

from collections.abc import Iterator

from import_content.sources.errors import SourceError
from import_content.sources.formats import ending_of, format_of, formats_by_ending
from import_content.sources.reading import read_bytes
from import_content.sources.source import SourceFile


def unpacked(file: SourceFile, *, max_bytes: int) -> Iterator[SourceFile | SourceError]:
    """The sources in a container, one by one, each with its contents; any other file as it is.

    A container is told by what it is; only files with the ending of one are opened to see.
    """
    expected = formats_by_ending().get(ending_of(file.key))
    if file.path is None or expected is None or not expected.holds_many:
        yield file
        return
    try:
        data = read_bytes(file, max_bytes=max_bytes)
        found = format_of(file.key, data)
        if found.holds_many:
            yield from found.unpacker(file, data)
        else:
            yield file
    except SourceError as error:
        yield error
