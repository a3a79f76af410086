"""One file as a job: what to do with it, doing it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from import_content.parsing.parse import ParseResult, parse
from import_content.sources import DEFAULT_MAX_BYTES, read
from import_content.sources.errors import SourceError
from import_content.sources.profiles import Profile
from import_content.sources.source import Source, SourceFile


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file: `parsed` and `source`, or `error`."""

    key: str
    file: SourceFile | None = None
    source: Source | None = None
    """Without its text unless `keep_text` was asked for."""
    parsed: ParseResult | None = None
    error: SourceError | None = None
    profile: Profile | None = None
    """What it was read with."""


FileParser = Callable[[SourceFile | SourceError, "ParseJob", BinaryIO | None], FileResult]
Then = Callable[[FileResult], Any]


@dataclass(frozen=True, slots=True)
class ParseJob:
    """What a worker needs to know besides the file."""

    max_bytes: int = DEFAULT_MAX_BYTES
    profile: Profile | None = None
    use_profiles: bool = True
    known_schools: frozenset[str] = frozenset()
    seen_schools: frozenset[str] = frozenset()
    keep_text: bool = False
    keep_bytes: bool = False
    """The raw bytes come with each result."""
    parser: FileParser | None = None
    then: Then | None = None
    """What else is to be made of each result, in the process that parsed it."""


def parse_file(file: SourceFile | SourceError, job: ParseJob, stdin: BinaryIO | None = None) -> FileResult:
    """Read and parse one file in this process.  Never raises for what is wrong with the file."""
    if isinstance(file, SourceError):
        return FileResult(file.source, error=file)
    try:
        profile = profile_for(file, job)
        source = read(file, max_bytes=job.max_bytes, stdin=stdin)
        parsed = parse_source(source, profile, job)
    except SourceError as error:
        return FileResult(file.key, file, error=error)
    kept = source if job.keep_text else source.without_text(keep_bytes=job.keep_bytes)
    return FileResult(file.key, file, kept, parsed, profile=profile)


def parse_source(source: Source, profile: Profile | None, job: ParseJob) -> ParseResult:
    return parse(source, profile=profile, known_schools=job.known_schools, seen_schools=job.seen_schools)


def profile_for(file: SourceFile, job: ParseJob) -> Profile | None:
    """The profile of the job, or the one that lies nearest to the file."""
    if job.profile is not None or not job.use_profiles:
        return job.profile
    return file.profile()
