"""What a source says and is called, or why nothing can be made of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from import_content.content import MAX_LINE, ArticleContent, content_of
from import_content.errors import SENTENCES, SourceError
from import_content.options import ImportOptions
from import_content.parsing import Outcome, uncertain_json
from import_content.plan import Planned, Verdict
from import_content.profile import Profile
from import_content.source import Source, SourceFile
from import_content.writer.schools import MAX_NAME
from pages.names import normalise_name

STDIN_KEY = "stdin"


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that says something, not yet compared with any page."""

    planned: Planned
    content: ArticleContent


def read(outcome: Outcome, options: ImportOptions) -> Planned | Reading:
    """What a parsed source says, or the refusal of one that says nothing that can be imported."""
    if outcome.error is not None or outcome.source is None or outcome.parsed is None:
        return refused_source(outcome, options)
    uncertain = tuple(uncertain_json(doubt) for doubt in outcome.parsed.uncertain)
    planned = Planned(
        options.record_key(_key(outcome.key, outcome.source, options)),
        Verdict.CREATE,
        source_hash=stamp(outcome.source.sha256, profile_of(outcome.file, options)),
        root=root_of(outcome.file),
        path=outcome.file.path if outcome.file else None,
        uncertain=uncertain,
    )
    content = content_of(planned.key, outcome.parsed.document)
    if options.strict and uncertain:
        noun = "1 block is" if len(uncertain) == 1 else f"{len(uncertain)} blocks are"
        return planned.refused("uncertain", f"{noun} uncertain")
    problem = problem_with(content)
    return planned.refused("invalid", problem) if problem else Reading(planned, content)


def _key(key: str, source: Source, options: ImportOptions) -> str:
    """Text on standard input has no name: without one that is given, its content is its identity."""
    return options.key or f"{STDIN_KEY}-{source.sha256[:12]}" if key == STDIN_KEY else key


def profile_of(file: SourceFile | None, options: ImportOptions) -> Profile | None:
    """The profile that a file is read with.  Raises `SourceError` for one that is not valid."""
    return options.profile if options.profile is not None or file is None else file.profile()


def stamp(sha256: str, profile: Profile | None) -> str:
    """The identity of a source's content: its bytes, and the profile that they are read with."""
    if profile is None:
        return sha256
    return hashlib.sha256(f"{sha256}{replace(profile, path=None)!r}".encode()).hexdigest()


def refused_source(outcome: Outcome, options: ImportOptions) -> Planned:
    error = outcome.error
    if error is None:
        raise ValueError(f"{outcome.key}: neither a document nor an error")
    detail = f" ({error.detail})" if error.detail else ""
    key = options.record_key(outcome.key) if outcome.file is not None else outcome.key
    return Planned(
        key,
        Verdict.REFUSE,
        code=error.code.value,
        message=f"{SENTENCES[error.code]}{detail}",
        line=error.line,
        path=outcome.file.path if outcome.file else None,
    )


def refused_file(error: SourceError, options: ImportOptions, file: SourceFile | None = None) -> Planned:
    """The refusal of a source that nobody has tried to parse."""
    return refused_source(Outcome(file.key if file else error.source, file, error=error), options)


def problem_with(content: ArticleContent) -> str:
    """Why content cannot be an article; empty where it can."""
    if len(content.title) > MAX_LINE:
        return f"its title has {len(content.title)} characters; {MAX_LINE} is the limit"
    for name in content.school_names():
        if not normalise_name(name) or len(name) > MAX_NAME:
            return f"“{name[:60]}…” cannot be the name of a school: 1 to {MAX_NAME} characters"
    return ""


def root_of(file: SourceFile | None) -> str:
    """The folder that a file's key is relative to; empty for standard input."""
    if file is None or file.path is None:
        return ""
    if file.carried is not None:
        return str(file.root or "")
    return str((file.root or file.path.parent).resolve())
