"""What a source says and is called, or why nothing can be made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from import_content.article_content import MAX_LINE, content_of
from import_content.options import ImportOptions, record_key
from import_content.parsing import FileResult, uncertain_json
from import_content.planning.plan import PlanItem, RefuseSource
from import_content.planning.reading import SourceBytes, SourceReading
from import_content.sources.errors import SENTENCES, SourceError
from import_content.sources.profiles import Profile
from import_content.sources.source import STDIN_KEY, Source, SourceFile
from import_content.writer.bulk.articles import prepare
from import_content.writer.schools import MAX_NAME_CHARACTERS
from pages.names import normalise_name


@dataclass(frozen=True, slots=True)
class SourceInterpreter:
    """Finishes what the parser began.  A value that goes to the processes that parse; asks no database."""

    collection: str = ""
    key: str = ""
    """The key of standard input."""
    strict: bool = False
    live: bool = False
    """New articles go live."""
    prepares: bool = False
    """New articles are prepared for writing."""
    keeps: bool = False
    """The bytes of sources are kept."""
    _roots: dict[Path | None, str] = field(default_factory=dict, compare=False)
    """Folders met in this run, and where they really lie."""

    @classmethod
    def of(cls, options: ImportOptions, *, prepares: bool) -> SourceInterpreter:
        return cls(
            collection=options.collection,
            key=options.key,
            strict=options.strict,
            live=options.publish,
            prepares=prepares,
            keeps=prepares,
        )

    def __call__(self, result: FileResult) -> PlanItem | SourceReading:
        """What a parsed source says, or the refusal of one that says nothing that can be imported."""
        if result.error is not None or result.source is None or result.parsed is None:
            return refused_source(result, self.collection)
        file = result.file
        key = record_key(self.collection, self._key(result.key, result.source))
        content = content_of(key, result.parsed.document)
        may_be_on_record = file is None or file.path is None or file.known
        reading = SourceReading(
            key,
            source_hash=stamp(result.source.sha256, result.profile),
            root=self._root(file),
            content=content,
            printed=tuple(content.school_names()),
            uncertain=tuple(uncertain_json(doubt) for doubt in result.parsed.uncertain),
            may_be_on_record=may_be_on_record,
            kept=SourceBytes.pack(result.source.sha256, result.source.data) if self.keeps else None,
        )
        refusal = self._refusal(reading)
        if refusal is not None:
            return PlanItem(key, refusal)
        if self.prepares and not may_be_on_record:
            return replace(reading, prepared=prepare(content, live=self.live and not content.is_draft))
        return reading

    def _refusal(self, reading: SourceReading) -> RefuseSource | None:
        """Why what was read cannot be imported, whatever the database holds."""
        number = len(reading.uncertain)
        if self.strict and number:
            noun = "1 block is" if number == 1 else f"{number} blocks are"
            return RefuseSource("uncertain", f"{noun} uncertain", reading=reading)
        problem = problem_with(reading.content.title, reading.printed)
        return RefuseSource("invalid", problem, reading=reading) if problem else None

    def _root(self, file: SourceFile | None) -> str:
        """The folder that a file's key is relative to; empty for standard input."""
        if file is None or file.path is None:
            return ""
        if file.contents is not None:
            return str(file.root or "")
        folder = file.root or file.path.parent
        if folder not in self._roots:
            self._roots[folder] = str(folder.resolve())
        return self._roots[folder]

    def _key(self, key: str, source: Source) -> str:
        """Text on standard input has no name: without one that is given, its content is its identity."""
        return self.key or f"{STDIN_KEY}-{source.sha256[:12]}" if key == STDIN_KEY else key


def stamp(sha256: str, profile: Profile | None) -> str:
    """The identity of a source's content: its bytes, and the profile that they are read with."""
    if profile is None:
        return sha256
    return hashlib.sha256(f"{sha256}{replace(profile, path=None)!r}".encode()).hexdigest()


def refused_source(result: FileResult, collection: str) -> PlanItem:
    error = result.error
    if error is None:
        raise ValueError(f"{result.key}: neither a document nor an error")
    detail = f" ({error.detail})" if error.detail else ""
    key = record_key(collection, result.key) if result.file is not None else result.key
    return PlanItem(key, RefuseSource(error.code.value, f"{SENTENCES[error.code]}{detail}", error.line))


def refused_file(error: SourceError, options: ImportOptions, file: SourceFile | None = None) -> PlanItem:
    """The refusal of a source that nobody has tried to parse."""
    return refused_source(FileResult(file.key if file else error.source, file, error=error), options.collection)


def problem_with(title: str, schools: Sequence[str]) -> str:
    """Why these cannot be an article's title and the schools it lists; empty where they can."""
    if len(title) > MAX_LINE:
        return f"its title has {len(title)} characters; {MAX_LINE} is the limit"
    for name in schools:
        if not normalise_name(name) or len(name) > MAX_NAME_CHARACTERS:
            return f"“{name[:60]}…” cannot be the name of a school: 1 to {MAX_NAME_CHARACTERS} characters"
    return ""
