"""PDF: the text as ``pdftotext`` gives it, page by page; the parser mends what pages did to it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile

from import_content.sources.decoding import Decoded
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.readers.plain_text import text_source
from import_content.sources.source import Source

TOOL = "pdftotext"
MAX_SECONDS = 10
MAX_MEMORY_KIB = 350 * 1024
MAX_TEXT_CHARACTERS = 5_000_000
_LIMITED = f'ulimit -v {MAX_MEMORY_KIB}; ulimit -t {MAX_SECONDS}; exec "$0" -enc UTF-8 -eol unix -q "$1" -'


def read(key: str, data: bytes) -> Source:
    tool = shutil.which(TOOL)
    if tool is None:
        detail = f"PDF is read with the program {TOOL}, which is not installed (it comes with poppler-utils)"
        raise SourceError(key, SourceErrorCode.UNSUPPORTED, detail=detail)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        try:
            done = subprocess.run(  # noqa: S603 -- a fixed program, the file's name our own
                ["/bin/sh", "-c", _LIMITED, tool, file.name], capture_output=True, timeout=MAX_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise SourceError(key, SourceErrorCode.TIMEOUT) from error
    text = done.stdout[: 4 * MAX_TEXT_CHARACTERS].decode("utf-8", "replace").replace("\0", "")
    if done.returncode and not text.strip():
        raise SourceError(key, SourceErrorCode.DAMAGED, detail=_reason(done))
    if not text.strip():
        detail = "it has no text, only pictures of pages"
        raise SourceError(key, SourceErrorCode.BLANK, detail=detail)
    if len(text) > MAX_TEXT_CHARACTERS:
        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {MAX_TEXT_CHARACTERS:,} characters")
    return text_source(key, data, Decoded(text, "utf-8", False, 1.0))


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """What the program says; codes as its manual has them."""
    if done.returncode == 3:
        return "it is protected"
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said[0] if said else f"{TOOL} gives up with code {done.returncode}")[:200]
