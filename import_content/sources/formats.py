"""The table of formats: which files are sources, by what they are told, and who reads them.

Discovery, reading and unpacking all ask this table.  To add a format: a module in `import_content.sources.readers` and
an entry here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from import_content.sources import signs
from import_content.sources.errors import SourceError, SourceErrorCode

if TYPE_CHECKING:
    from import_content.sources.left_out import LeftOutFiles
    from import_content.sources.source import Source, SourceFile

Reader = Callable[[str, bytes], "Source"]
"""From key and bytes to what the file says: text, or a document with its text.  Raises `SourceError`."""
Unpacker = Callable[["SourceFile", bytes, "LeftOutFiles"], Iterator["SourceFile | SourceError"]]
"""From a container and its bytes to the sources in it, each with its contents; what is no source is counted."""
Sniffer = Callable[[bytes], bool]
"""Whether these bytes, whatever the file is called, are of the format."""

READERS = "import_content.sources.readers"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    name: str
    """As people call it, with its article: ``a Markdown file``."""
    endings: tuple[str, ...]
    """Of files in a folder that are taken for sources, in lower case with the dot; ``""``: files without an ending."""
    module: str = ""
    """Of its reader, below `READERS`: with a function `read`, or, for a container, `unpack`."""
    holds_many: bool = False
    """Whether it is a container of several articles."""
    is_it: Sniffer | None = None
    """What decides, before the ending does; None: the ending alone."""
    needs_sign: bool = False
    """Whether a file of its ending is of the format only where `is_it` says so."""
    shares_ending: bool = False
    """Files of other kinds have its ending too: in a folder, only those with the sign are sources."""
    advice: str = ""
    """For a format that is not read: what to do instead."""

    @property
    def reader(self) -> Reader:
        return cast(Reader, import_module(f"{READERS}.{self.module}").read)

    @property
    def unpacker(self) -> Unpacker:
        return cast(Unpacker, import_module(f"{READERS}.{self.module}").unpack)


PLAIN_TEXT = Format("a plain text", (".txt", ".text", ""), "plain_text")

_AS_DOCX = "open it in a word processor and save it as DOCX"

FORMATS: tuple[Format, ...] = (
    Format("a row of a table or a post of an export", (), "record", is_it=signs.is_record),
    Format("a Word document", (".docx", ".docm"), "docx", is_it=signs.is_docx, needs_sign=True),
    Format("an e-book", (".epub",), "epub", is_it=signs.is_epub, needs_sign=True),
    Format("an OpenDocument text", (".odt",), is_it=signs.is_open_document, needs_sign=True, advice=_AS_DOCX),
    Format("a workbook or a presentation", (), is_it=signs.is_other_office, advice="save its text as CSV or DOCX"),
    Format("a ZIP archive", (".zip",), "archive", holds_many=True, is_it=signs.is_zip, needs_sign=True),
    Format("a TAR archive", (".tar", ".tgz"), "archive", holds_many=True, is_it=signs.is_tar, needs_sign=True),
    Format("a PDF", (".pdf",), "pdf", is_it=signs.is_pdf, needs_sign=True),
    Format("an RTF document", (".rtf",), is_it=signs.is_rtf, needs_sign=True, advice=_AS_DOCX),
    Format("a Word document of the old kind", (".doc",), is_it=signs.is_old_office, needs_sign=True, advice=_AS_DOCX),
    Format(
        "a WordPress export",
        (".xml", ".wxr"),
        "wordpress",
        holds_many=True,
        is_it=signs.is_wordpress_export,
        needs_sign=True,
        shares_ending=True,
    ),
    Format("a mailbox", (".mbox",), "mailbox", holds_many=True, is_it=signs.is_mailbox, needs_sign=True),
    Format("a mail", (".eml",), "mail", is_it=signs.is_mail),
    Format("a web page", (".html", ".htm", ".xhtml"), "html", is_it=signs.is_web_page),
    Format("a Markdown file", (".md", ".markdown", ".mdown", ".mkd"), "markdown"),
    Format("a table", (".csv", ".tsv"), "csv", holds_many=True),
    Format("JSON Lines", (".jsonl", ".ndjson"), "json_lines", holds_many=True),
    PLAIN_TEXT,
)
"""Asked in this order; the first whose `is_it` says yes, else the first of the file's ending, else plain text."""

NOT_ARTICLES = frozenset(
    {
        ".c",
        ".cfg",
        ".conf",
        ".cpp",
        ".cs",
        ".css",
        ".db",
        ".go",
        ".h",
        ".ini",
        ".ipynb",
        ".java",
        ".js",
        ".json",
        ".jsx",
        ".kt",
        ".less",
        ".lock",
        ".log",
        ".php",
        ".pl",
        ".py",
        ".rb",
        ".rs",
        ".sass",
        ".scss",
        ".sh",
        ".sql",
        ".svg",
        ".swift",
        ".toml",
        ".ts",
        ".tsx",
        ".xml",
        ".xsl",
        ".xsd",
        ".yaml",
        ".yml",
    }
)
"""Endings of files that are text and no article: refused by name, unless what they hold is one of the formats."""

_ENDING = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)


def ending_of(name: str) -> str:
    """``.txt`` for ``a/B.TXT``; empty where there is none."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if _ENDING.fullmatch(ending) else ""


@cache
def formats_by_ending() -> dict[str, Format]:
    """Ending to format: what a folder is searched for."""
    return {ending: entry for entry in reversed(FORMATS) for ending in entry.endings}


def format_of(key: str, data: bytes) -> Format:
    """What a file is.  Raises `SourceError` for one that is no article."""
    for entry in FORMATS:
        if entry.is_it is not None and entry.is_it(data):
            return entry
    ending = ending_of(key)
    if ending in NOT_ARTICLES:
        raise SourceError(key, SourceErrorCode.UNSUPPORTED, detail=f"a file of the kind {ending} is no article")
    entry = formats_by_ending().get(ending, PLAIN_TEXT)
    return PLAIN_TEXT if entry.needs_sign else entry
