"""From sources to a plan.  Reads the database, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

from import_content import merge
from import_content.content import MAX_LINE, ArticleContent, RawBlock, content_of, listed
from import_content.errors import SENTENCES, SourceError
from import_content.merge import Article
from import_content.models import SourceRecord
from import_content.options import ImportOptions, site_path
from import_content.parsing import Outcome, parse_many, uncertain_json
from import_content.plan import Planned, Tracks, Verdict, as_article
from import_content.profile import Profile, find_profile
from import_content.readers import discover
from import_content.source import SourceFile
from import_content.state import PageState, article_of_json, load_states, obstacle
from import_content.writer.schools import MAX_NAME, find_schools
from pages.models import School, SchoolAlias
from pages.names import normalise_name

T = TypeVar("T")

STDIN_KEY = "stdin"
LOOK_UP = 200
"""Sources whose records are looked up at a time."""
DECIDE = 50
"""Sources that are compared with their pages at a time."""


class Planner:
    """Plans one import.  `seen` fills with the keys of all sources that are there."""

    def __init__(self, options: ImportOptions, *, stdin: BinaryIO | None = None) -> None:
        self._options = options
        self._stdin = stdin
        self._unchanged: list[Planned] = []
        self._unreadable = False
        self.seen: set[str] = set()

    def plan(self, sources: Sequence[str]) -> Iterator[Planned]:
        """A decision for each source, lazily, more or less in order; then one for each source that is gone."""
        options = self._options
        found = discover(sources, stdin=self._stdin, root=options.root)
        outcomes = parse_many(
            self._changed(found),
            workers=options.workers,
            profile=options.profile,
            known_schools=known_names(),
            max_bytes=options.max_bytes,
            stdin=self._stdin,
        )
        for batch in in_batches(outcomes, DECIDE):
            yield from self._take_unchanged()
            yield from self._decide(batch)
        yield from self._take_unchanged()
        yield from self._gone(sources)

    # --- which sources need a look --------------------------------------------------------------------------

    def _changed(self, found: Iterable[SourceFile | SourceError]) -> Iterator[SourceFile | SourceError]:
        """The files that are not, byte for byte, what was imported last; the others are noted as unchanged."""
        for batch in in_batches(found, LOOK_UP):
            keys = [self._options.record_key(entry.key) for entry in batch if isinstance(entry, SourceFile)]
            self.seen.update(keys)
            self._unreadable |= any(isinstance(entry, SourceError) for entry in batch)
            known = SourceRecord.objects.filter(key__in=keys).select_related("page").defer("base", "provenance")
            records = {record.key: record for record in known}
            for entry in batch:
                record = records.get(self._options.record_key(entry.key)) if isinstance(entry, SourceFile) else None
                if record is not None and isinstance(entry, SourceFile) and self._is_unchanged(entry, record):
                    self._unchanged.append(Planned(record.key, Verdict.UNCHANGED, path=entry.path))
                else:
                    yield entry

    def _is_unchanged(self, file: SourceFile, record: SourceRecord) -> bool:
        options = self._options
        if options.reparse or file.path is None or file.size > options.max_bytes:
            return False
        if record.parent_id != options.parent.pk:
            return False
        if options.publish and record.page is not None and not record.page.live:
            return False  # perhaps it is to be published now
        try:
            sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
            return record.source_hash == stamp(sha256, self._profile(file))
        except (OSError, SourceError):
            return False

    def _profile(self, file: SourceFile | None) -> Profile | None:
        if self._options.profile is not None or file is None or file.path is None:
            return self._options.profile
        return find_profile(file.path, file.root)

    def _take_unchanged(self) -> Iterator[Planned]:
        taken, self._unchanged = self._unchanged, []
        yield from taken

    # --- decisions ------------------------------------------------------------------------------------------

    def _decide(self, outcomes: Sequence[Outcome]) -> Iterator[Planned]:
        drafts = [self._read(outcome) for outcome in outcomes]
        known = Known.load([draft for draft in drafts if isinstance(draft, _Read)], self._options)
        for draft in drafts:
            yield draft if isinstance(draft, Planned) else self._compare(draft, known)

    def _read(self, outcome: Outcome) -> Planned | _Read:
        """What the source says, or why nothing can be made of it."""
        options = self._options
        path = outcome.file.path if outcome.file else None
        if outcome.error is not None or outcome.source is None or outcome.parsed is None:
            return refused_source(outcome, options)
        key = outcome.key
        if path is None:
            key = options.key or f"{STDIN_KEY}-{outcome.source.sha256[:12]}"
        key = options.record_key(key)
        self.seen.add(key)
        source_hash = stamp(outcome.source.sha256, self._profile(outcome.file))
        content = content_of(key, outcome.parsed.document)
        uncertain = tuple(uncertain_json(doubt) for doubt in outcome.parsed.uncertain)
        root = root_of(outcome.file)
        planned = Planned(key, Verdict.CREATE, source_hash=source_hash, path=path, root=root, uncertain=uncertain)
        if options.strict and uncertain:
            message = "1 block is uncertain" if len(uncertain) == 1 else f"{len(uncertain)} blocks are uncertain"
            return replace(planned, verdict=Verdict.REFUSE, code="uncertain", message=message)
        problem = problem_with(content)
        if problem:
            return replace(planned, verdict=Verdict.REFUSE, code="invalid", message=problem)
        return _Read(planned, content)

    def _compare(self, read: _Read, known: Known) -> Planned:
        record = known.records.get(read.planned.key)
        names = known.names_for(record)
        printed = tuple(read.content.school_names())
        names = {name: names[name] for name in map(normalise_name, printed) if name in names}
        planned = replace(read.planned, content=read.content, printed=printed, names=names)
        if record is None:
            return planned
        planned = replace(planned, content=bound_where_known(read.content, names))
        if record.parent_id is not None and record.parent_id != self._options.parent.pk:
            return _refuse(planned, "elsewhere", _elsewhere(record))
        if not self._is_same_source(record, planned.root):
            return _refuse(planned, "elsewhere", _other_folder(record, planned.root))
        state = known.states.get(record.page_id) if record.page_id else None
        if state is None:
            return _deleted(planned, record)
        return self._compare_with_page(replace(planned, state=state), record, state, known)

    def _is_same_source(self, record: SourceRecord, root: str) -> bool:
        moved_from = self._options.moved_from
        return record.root == root or (moved_from is not None and record.root == str(moved_from.resolve()))

    def _compare_with_page(self, planned: Planned, record: SourceRecord, state: PageState, known: Known) -> Planned:
        base = article_of_json(record.base)
        content = planned.content
        if content is None:
            raise ValueError(f"{planned.key}: nothing was read")
        title = base.title if content.title_from_key else content.title
        theirs = as_article(replace(content, title=title))
        theirs = merge.continued(base, theirs, taken=state.block_ids)
        publish = self._is_to_be_published(record, state)
        if merge.same_article(base, theirs) and not publish:
            return replace(planned, verdict=Verdict.UNCHANGED)
        tracks = _tracks(base, theirs, state, known.school_names)
        planned = replace(planned, tracks=tracks, publish=publish, verdict=_verdict(tracks, publish=publish))
        if tracks.has_changes or publish:
            hindered = obstacle(state.page_id)
            if hindered is not None:
                return _refuse(planned, hindered.code, hindered.message)
        return planned

    def _is_to_be_published(self, record: SourceRecord, state: PageState) -> bool:
        """A page that this importer made or unpublished, that never was public or was only hidden with its source,
        and that no editor has touched."""
        pruned = record.source_hash == ""
        untouched = record.page_state == state.fingerprint
        return self._options.publish and not state.is_live and untouched and (pruned or not state.was_published)

    # --- sources that are gone ------------------------------------------------------------------------------

    def _gone(self, sources: Sequence[str]) -> Iterator[Planned]:
        """Records that came from the folders that were named, into this index, and have no source any more."""
        if self._unreadable:
            return
        below = [record for folder in map(Path, sources) if folder.is_dir() for record in self._known_below(folder)]
        gone = [record for record in below if record.key not in self.seen]
        too_many = len(gone) > self._options.prune_share * len(below)
        for record in gone:
            yield self._plan_gone(record, too_many=too_many, share=f"{len(gone)} of {len(below)}")

    def _known_below(self, folder: Path) -> list[SourceRecord]:
        options = self._options
        root = options.root or folder
        prefix = options.record_key("") + _prefix(folder, root)
        records = SourceRecord.objects.imported_under(options.parent.pk, options.collection)
        known = records.from_folder(str((options.moved_from or root).resolve()))
        return list(
            known.filter(key__startswith=prefix).exclude(page=None).exclude(source_hash="").defer("base", "provenance")
        )

    def _plan_gone(self, record: SourceRecord, *, too_many: bool, share: str) -> Planned:
        state = load_states([record.page_id or 0]).get(record.page_id or 0)
        planned = Planned(record.key, Verdict.VANISHED, message="its source is gone", state=state)
        if not self._options.prune or state is None or not state.is_live:
            return planned
        if too_many:
            limit = f"{self._options.prune_share:.0%}"
            return _refuse(planned, "prune_share", f"{share} sources are gone, more than {limit}: nothing is pruned")
        if state.fingerprint != record.page_state:
            return _refuse(planned, "edited", "its source is gone, but an editor has changed the page")
        hindered = obstacle(state.page_id)
        if hindered is not None:
            return _refuse(planned, hindered.code, hindered.message)
        return replace(planned, verdict=Verdict.UNPUBLISH)


@dataclass(frozen=True, slots=True)
class _Read:
    planned: Planned
    content: ArticleContent


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows about a batch of sources."""

    records: Mapping[str, SourceRecord]
    states: Mapping[int, PageState]
    found: Mapping[str, int]
    """Normalised names to records of schools."""
    school_names: Mapping[int, str]

    @classmethod
    def load(cls, drafts: Sequence[_Read], options: ImportOptions) -> Known:
        keys = [draft.planned.key for draft in drafts]
        records = {record.key: record for record in SourceRecord.objects.filter(key__in=keys)}
        states = load_states([record.page_id for record in records.values() if record.page_id])
        names = {name for draft in drafts for name in draft.content.school_names()}
        found = find_schools(names, locale_id=options.parent.locale_id)
        ids = {*found.values(), *(pk for record in records.values() for pk in record.base["names"].values())}
        return cls(records, states, found, dict(School.objects.filter(pk__in=ids).values_list("pk", "name")))

    def names_for(self, record: SourceRecord | None) -> dict[str, int]:
        """A printed name means what it meant when this source was imported last, also if the record was renamed."""
        meant = record.base["names"] if record is not None else {}
        return {**self.found, **{name: pk for name, pk in meant.items() if pk in self.school_names}}


def known_names() -> list[str]:
    """Names and aliases of all schools, for the parser."""
    return [
        *School.objects.values_list("name", flat=True),
        *SchoolAlias.objects.values_list("name", flat=True),
    ]


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


def problem_with(content: ArticleContent) -> str:
    """Why content cannot be an article; empty where it can."""
    if len(content.title) > MAX_LINE:
        return f"its title has {len(content.title)} characters; {MAX_LINE} is the limit"
    for name in content.school_names():
        if not normalise_name(name) or len(name) > MAX_NAME:
            return f"“{name[:60]}…” cannot be the name of a school: 1 to {MAX_NAME} characters"
    return ""


def bound_where_known(content: ArticleContent, names: Mapping[str, int]) -> ArticleContent:
    """The same content in which listed schools that have a record are its id."""
    return replace(content, body=tuple(_bound(block, names) for block in content.body))


def _bound(block: RawBlock, names: Mapping[str, int]) -> RawBlock:
    entries = [
        {**entry, "value": {**entry["value"], "school": names.get(normalise_name(name), name)}}
        for entry in listed(block)
        if isinstance(name := entry["value"]["school"], str)
    ]
    return {**block, "value": {**block["value"], "schools": entries}} if entries else block


def _tracks(base: Article, theirs: Article, state: PageState, names: Mapping[int, str]) -> Tracks:
    return Tracks(
        live=merge.merge(base, state.live, theirs, names=names) if state.live else None,
        draft=merge.merge(base, state.draft, theirs, names=names) if state.draft else None,
    )


def _verdict(tracks: Tracks, *, publish: bool) -> Verdict:
    if tracks.has_conflicts:
        return Verdict.CONFLICT
    alone = not tracks.has_edits and (tracks.has_changes or publish)
    return Verdict.UPDATE if alone else Verdict.MERGE


def _refuse(planned: Planned, code: str, message: str) -> Planned:
    return replace(planned, verdict=Verdict.REFUSE, code=code, message=message)


def _deleted(planned: Planned, record: SourceRecord) -> Planned:
    if record.source_hash == planned.source_hash:
        return replace(planned, verdict=Verdict.UNCHANGED, message="its page was deleted and stays so")
    return _refuse(planned, "deleted", "the source changed, but its page was deleted")


def _elsewhere(record: SourceRecord) -> str:
    where = site_path(record.parent) if record.parent else "elsewhere"
    return f"a source of this name was imported under {where}; tell them apart with --collection"


def root_of(file: SourceFile | None) -> str:
    """The folder that a file's key is relative to; empty for standard input."""
    if file is None or file.path is None:
        return ""
    return str((file.root or file.path.parent).resolve())


def _other_folder(record: SourceRecord, root: str) -> str:
    return (
        f"a source of this name was imported from {record.root or 'standard input'}, this one is in "
        f"{root or 'standard input'}; keep them apart with --collection, "
        "or say with --moved-from that it is the same folder"
    )


def _prefix(folder: Path, root: Path) -> str:
    """How keys of sources in a folder begin."""
    relative = folder.resolve().relative_to(root.resolve()).as_posix()
    return "" if relative == "." else f"{relative}/"


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for thing in things:
        batch.append(thing)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
