"""Files that hold several sources: archives, tables, exports."""

from __future__ import annotations

from collections.abc import Iterator

from import_content.sources.errors import SourceError
from import_content.sources.formats import ending_of, format_of, formats_by_ending
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.reading import read_bytes
from import_content.sources.source import SourceFile

ARCHIVE = "archive"


def unpacked(
    file: SourceFile, left_out: LeftOutFiles, *, max_bytes: int, within: bool = False
) -> Iterator[SourceFile | SourceError]:
    """The sources in a container, one by one, each with its contents; any other file as it is.

    A container is told by what it is; only files with the ending of one are opened to see.  Tables, exports and
    mailboxes in an archive are opened too (`within` says that it is one of these).
    """
    expected = formats_by_ending().get(ending_of(file.key))
    if file.path is None or expected is None or not expected.holds_many:
        yield file
        return
    try:
        data = read_bytes(file, max_bytes=max_bytes)
        found = format_of(file.key, data)
        if found.holds_many and not within:
            for member in found.unpacker(file, data, left_out):
                if isinstance(member, SourceFile) and found.module == ARCHIVE:
                    yield from unpacked(member, left_out, max_bytes=max_bytes, within=True)
                else:
                    yield member
        elif found.holds_many and found.module != ARCHIVE:
            yield from found.unpacker(file, data, left_out)
        else:
            yield file
    except SourceError as error:
        yield error
