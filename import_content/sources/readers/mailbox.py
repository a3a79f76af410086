"""Mailboxes (mbox): each message is an article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.members import Members, plain_name
from import_content.sources.source import SourceFile

MAX_MESSAGES = 20_000
_START = re.compile(rb"^From [^\n]*\d{4}[^\n]*\n", re.MULTILINE)
_ID = re.compile(rb"^Message-ID:\s*<([^>\n]+)>", re.IGNORECASE | re.MULTILINE)


def unpack(file: SourceFile, data: bytes, left_out: LeftOutFiles) -> Iterator[SourceFile | SourceError]:
    members = Members(file)
    data = data.replace(b"\r\n", b"\n")
    starts = list(_START.finditer(data))
    if len(starts) > MAX_MESSAGES:
        raise SourceError(file.key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {MAX_MESSAGES:,} messages")
    for number, found in enumerate(starts, start=1):
        end = starts[number].start() if number < len(starts) else len(data)
        message = re.sub(rb"^>(>*From )", rb"\1", data[found.end() : end], flags=re.MULTILINE)
        named = _ID.search(message[:20_000])
        name = plain_name(named[1].decode("utf-8", "replace")) if named else ""
        yield members.member(name or f"message-{number}", message)
