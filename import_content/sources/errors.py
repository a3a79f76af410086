"""What can be wrong with a source, as facts first and a sentence last."""

from __future__ import annotations

from enum import StrEnum


class SourceErrorCode(StrEnum):
    """Why a source was refused.  The value is what reports and JSON output print."""

    MISSING = "missing"
    NOT_READABLE = "not_readable"
    NAME = "name"
    EMPTY = "empty"
    BLANK = "blank"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    UNDECODABLE = "undecodable"
    NOT_TEXT_FILE = "not_text_file"
    NO_TEXT_FILES = "no_text_files"
    DUPLICATE = "duplicate"
    UNACCOUNTED = "unaccounted"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    PROFILE = "profile"
    UNSUPPORTED = "unsupported"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"
    NOT_FOR_READERS = "not_for_readers"
    SEVERAL = "several"
    LEADS_OUT = "leads_out"


SENTENCES: dict[SourceErrorCode, str] = {
    SourceErrorCode.MISSING: "there is no such file or folder",
    SourceErrorCode.NOT_READABLE: "it cannot be read",
    SourceErrorCode.NAME: "its name is not in UTF-8; rename it",
    SourceErrorCode.EMPTY: "it is empty",
    SourceErrorCode.BLANK: "it holds nothing but white space",
    SourceErrorCode.BINARY: "it is not text",
    SourceErrorCode.TOO_LARGE: "it is too large",
    SourceErrorCode.UNDECODABLE: "its character encoding could not be determined",
    SourceErrorCode.NOT_TEXT_FILE: "it is not a plain file",
    SourceErrorCode.NO_TEXT_FILES: "there are no text files in it",
    SourceErrorCode.DUPLICATE: "another file has the same name",
    SourceErrorCode.UNACCOUNTED: "some of its text would have been lost",
    SourceErrorCode.TIMEOUT: "it took too long",
    SourceErrorCode.CRASHED: "the process that parsed it died",
    SourceErrorCode.PROFILE: "its import profile is not valid",
    SourceErrorCode.UNSUPPORTED: "its format is not read",
    SourceErrorCode.DAMAGED: "it is damaged",
    SourceErrorCode.TOO_COMPLEX: "it is too large or too deeply nested inside",
    SourceErrorCode.NOT_FOR_READERS: "it is not meant for readers",
    SourceErrorCode.SEVERAL: "it holds several articles",
    SourceErrorCode.LEADS_OUT: "its path leads out of the archive",
}


class SourceError(Exception):
    """One source that was refused.

    >>> str(SourceError("a.txt", SourceErrorCode.BINARY, detail="PNG image"))
    'a.txt: it is not text (PNG image)'
    """

    def __init__(self, source: str, code: SourceErrorCode, *, line: int | None = None, detail: str = "") -> None:
        super().__init__(source, code)
        self.source = source
        self.code = code
        self.line = line
        self.detail = detail

    def __str__(self) -> str:
        where = f"{self.source}, line {self.line}" if self.line is not None else self.source
        extra = f" ({self.detail})" if self.detail else ""
        return f"{where}: {SENTENCES[self.code]}{extra}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.source, self.code, self.line, self.detail))


def _rebuild(source: str, code: SourceErrorCode, line: int | None, detail: str) -> SourceError:
    """Make the error again in another process (keyword-only arguments do not survive plain pickling)."""
    return SourceError(source, code, line=line, detail=detail)
