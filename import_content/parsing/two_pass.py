"""Two passes: names of schools that one file is sure of help with the doubtful ones of all others."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace

from import_content.document import (
    Document,
    List,
    Paragraph,
    SchoolListing,
)
from import_content.parsing.parse_job import (
    FileResult,
    ParseJob,
    parse_source,
    profile_for,
)
from import_content.parsing.structure.institution_names import fold
from import_content.sources.errors import SourceError

SURE_NAME, DOUBTFUL_NAME = 0.93, 0.96
"""Confidence from which a name is passed on, and below which an entry is read again."""


def second_pass(results: Iterator[FileResult], job: ParseJob) -> Iterator[FileResult]:
    """Hold the first pass on disk, then parse again those that names from other files can change."""
    seen: set[str] = set()
    with tempfile.TemporaryFile() as spool:
        for result in results:
            if result.parsed is not None:
                seen.update(sure_names(result.parsed.document))
            pickle.dump(result, spool)
        spool.seek(0)
        again = replace(job, seen_schools=frozenset(seen))
        folded = frozenset(map(fold, seen))
        while True:
            try:
                result = pickle.load(spool)  # noqa: S301 - written by this function a moment ago
            except EOFError:
                return
            yield _again(result, again, folded)


def _again(result: FileResult, job: ParseJob, seen: frozenset[str]) -> FileResult:
    source, parsed = result.source, result.parsed
    if source is None or parsed is None or result.file is None:
        return result
    if may_change(parsed.document, seen):
        try:
            parsed = parse_source(source, profile_for(result.file, job), job)
        except SourceError as error:
            return FileResult(result.key, result.file, error=error)
    return replace(
        result, parsed=parsed, source=source if job.keep_text else source.without_text(keep_bytes=job.keep_bytes)
    )


def sure_names(document: Document) -> set[str]:
    """Names of schools that this document leaves no doubt about."""
    return {
        entry.name
        for block in document.blocks
        if isinstance(block, SchoolListing)
        for entry in block.items
        if entry.origin.confidence >= SURE_NAME
    }


def may_change(document: Document, seen: Collection[str]) -> bool:
    """Whether a doubtful entry, or a paragraph or item that begins with a seen name, could be read anew."""
    for block in document.blocks:
        if isinstance(block, SchoolListing):
            if any(entry.origin.confidence < DOUBTFUL_NAME for entry in block.items):
                return True
        elif isinstance(block, Paragraph):
            if _begins_with_name(block.text, seen):
                return True
        elif isinstance(block, List) and any(_begins_with_name(item, seen) for item in block.items):
            return True
    return False


def _begins_with_name(text: str, seen: Collection[str]) -> bool:
    tokens = fold(text[:120]).split()
    return any(" ".join(tokens[:count]).rstrip(":,") in seen for count in range(1, min(len(tokens), 12) + 1))
