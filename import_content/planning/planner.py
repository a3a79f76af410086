"""From sources to a plan.  Reads the database, writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from import_content import merge
from import_content.batches import in_batches
from import_content.merge import Article
from import_content.models import SourceRecord
from import_content.options import ImportOptions, site_path
from import_content.parsing.parse_job import ParseJob
from import_content.parsing.process_pool import PoolOptions, run_job
from import_content.planning.edit_guards import find_edit_guards
from import_content.planning.interpreter import SourceInterpreter, SourceReading, refused_file
from import_content.planning.lookups import (
    BatchLookups,
    bound_where_known,
)
from import_content.planning.missing_sources import plan_missing_sources
from import_content.planning.page_state import PageState, article_of_json
from import_content.planning.plan import (
    PlanItem,
    Tracks,
    Verdict,
    as_article,
)
from import_content.planning.unchanged_sources import UnchangedSources
from import_content.schools.matching import SchoolLookup, known_school_names
from import_content.schools.similar_names import NearNames
from import_content.sources import discover
from import_content.sources.errors import SourceError
from import_content.sources.source import SourceFile
from pages.names import normalise_name

MIN_SOURCES_FOR_POOL = 300
"""Fewer sources than this are read in this process: others need more than a second to get ready."""
SOURCES_DECIDED_TOGETHER = 50
"""Sources that are compared with their pages at a time."""


class Planner:
    """Plans one import."""

    def __init__(self, options: ImportOptions, *, stdin: BinaryIO | None = None, prepares: bool = False) -> None:
        """`prepares`: the plan is to be carried out at once, so that new articles are prepared for writing."""
        self._options = options
        self._interpreter = SourceInterpreter.of(options, prepares=prepares)
        self._stdin = stdin
        self._unchanged: list[PlanItem] = []
        self._unreadable = False
        self._seen: set[str] = set()
        self._near: NearNames | None = None
        self._schools = SchoolLookup(options.parent.locale_id)

    def plan(self, sources: Sequence[str]) -> Iterator[PlanItem]:
        """A decision for each source, lazily, more or less in order; then one for each source that is gone."""
        options = self._options
        found = discover(sources, stdin=self._stdin, root=options.root)
        readings = self._read(self._changed(found), known_school_names(), two_passes=options.two_passes)
        for batch in in_batches(readings, SOURCES_DECIDED_TOGETHER):
            yield from self._take_unchanged()
            yield from self._decide(batch)
        yield from self._take_unchanged()
        if not self._unreadable:
            yield from plan_missing_sources(sources, self._seen, options)

    def split(self, sources: Sequence[str]) -> Iterator[PlanItem | SourceFile]:
        """As `plan`, for those who have sources read elsewhere: each one that needs a look comes as its file."""
        options = self._options
        for entry in self._changed(discover(sources, stdin=self._stdin, root=options.root)):
            yield from self._take_unchanged()
            yield refused_file(entry, options) if isinstance(entry, SourceError) else entry
        yield from self._take_unchanged()
        if not self._unreadable:
            yield from plan_missing_sources(sources, self._seen, options)

    def plan_files(self, files: Sequence[SourceFile], known_schools: Collection[str]) -> Iterator[PlanItem]:
        """A decision for each of the files that `split` handed out, wherever they are now."""
        for batch in in_batches(self._read(self._changed(files), known_schools), SOURCES_DECIDED_TOGETHER):
            yield from self._decide(batch)
        yield from self._take_unchanged()

    def _read(
        self,
        files: Iterable[SourceFile | SourceError],
        known_schools: Collection[str],
        *,
        two_passes: bool = False,
    ) -> Iterator[PlanItem | SourceReading]:
        options = self._options
        job = ParseJob(
            max_bytes=options.max_bytes,
            profile=options.profile,
            known_schools=frozenset(known_schools),
            then=self._interpreter,
        )
        pool = PoolOptions(
            options.workers, preload="import_content.planning.worker_setup", min_files=MIN_SOURCES_FOR_POOL
        )
        return run_job(files, job, pool, stdin=self._stdin, two_passes=two_passes)

    # --- which sources need a look --------------------------------------------------------------------------

    def _changed(self, found: Iterable[SourceFile | SourceError]) -> Iterator[SourceFile | SourceError]:
        """The files that are not, byte for byte, what was imported last; the others are noted as unchanged."""
        for entry, is_unchanged in UnchangedSources(self._options).look(found):
            if isinstance(entry, SourceError):
                self._unreadable = True
                yield entry
                continue
            key = self._options.record_key(entry.key)
            self._seen.add(key)
            if is_unchanged:
                self._unchanged.append(PlanItem(key, Verdict.UNCHANGED, path=entry.path))
            else:
                yield entry

    def _take_unchanged(self) -> Iterator[PlanItem]:
        taken, self._unchanged = self._unchanged, []
        yield from taken

    # --- decisions ------------------------------------------------------------------------------------------

    def _decide(self, readings: Sequence[PlanItem | SourceReading]) -> Iterator[PlanItem]:
        said = [reading for reading in readings if isinstance(reading, SourceReading)]
        known = BatchLookups.load([reading for reading in said if reading.known], self._options)
        new = [reading for reading in said if reading.planned.key not in known.records]
        self._schools.look_up(normalise_name(name) for reading in new for name in reading.planned.printed)
        decisions = [self._decision(reading, known) for reading in readings]
        wanted = [planned.state.page_id for planned in decisions if planned.state and planned.changes_page]
        guards = find_edit_guards(wanted, self._options.user)
        for planned in decisions:
            guard = guards.get(planned.state.page_id) if planned.state and planned.changes_page else None
            yield planned.refused(guard.code, guard.message) if guard is not None else planned

    def _decision(self, reading: PlanItem | SourceReading, known: BatchLookups) -> PlanItem:
        """But for those who may be at work on its page."""
        if isinstance(reading, PlanItem):
            return reading
        self._seen.add(reading.planned.key)
        record = known.records.get(reading.planned.key)
        return self._new(reading, self._schools.ids) if record is None else self._compare(reading, record, known)

    def _new(self, reading: SourceReading, schools: Mapping[str, int]) -> PlanItem:
        printed = reading.planned.printed
        names = {name: schools[name] for name in map(normalise_name, printed) if name in schools}
        near = self._near_names(name for name in printed if normalise_name(name) not in names)
        return replace(reading.planned, content=reading.content, names=names, near=near)

    def _compare(self, reading: SourceReading, record: SourceRecord, known: BatchLookups) -> PlanItem:
        planned = self._new(reading, known.names_for(record))
        planned = replace(planned, content=bound_where_known(reading.content, planned.names))
        if record.parent_id is not None and record.parent_id != self._options.parent.pk:
            return planned.refused("elsewhere", _elsewhere(record))
        if not self._is_same_source(record, planned.root):
            return planned.refused("elsewhere", _other_folder(record, planned.root))
        state = known.states.get(record.page_id) if record.page_id else None
        if state is None:
            return _deleted(planned, record)
        return self._compare_with_page(replace(planned, state=state), record, state, known)

    def _near_names(self, new: Iterable[str]) -> tuple[tuple[str, str], ...]:
        if self._near is None:
            self._near = NearNames(known_school_names())
        found = ((name, self._near.near(name)) for name in new)
        return tuple((name, other) for name, other in found if other is not None)

    def _is_same_source(self, record: SourceRecord, root: str) -> bool:
        moved_from = self._options.moved_from
        return record.root == root or (moved_from is not None and record.root == str(moved_from.resolve()))

    def _compare_with_page(
        self, planned: PlanItem, record: SourceRecord, state: PageState, known: BatchLookups
    ) -> PlanItem:
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
        return replace(planned, tracks=tracks, publish=publish, verdict=_verdict(tracks, publish=publish))

    def _is_to_be_published(self, record: SourceRecord, state: PageState) -> bool:
        """A page that this importer made or unpublished, that never was public or was only hidden with its source,
        and that no editor has touched."""
        pruned = record.source_hash == ""
        untouched = record.page_state == state.fingerprint
        return self._options.publish and not state.is_live and untouched and (pruned or not state.was_published)


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


def _deleted(planned: PlanItem, record: SourceRecord) -> PlanItem:
    if record.source_hash == planned.source_hash:
        return replace(planned, verdict=Verdict.UNCHANGED, message="its page was deleted and stays so")
    return planned.refused("deleted", "the source changed, but its page was deleted")


def _elsewhere(record: SourceRecord) -> str:
    where = site_path(record.parent) if record.parent else "elsewhere"
    return f"a source of this name was imported under {where}; tell them apart with --collection"


def _other_folder(record: SourceRecord, root: str) -> str:
    return (
        f"a source of this name was imported from {record.root or 'standard input'}, this one is in "
        f"{root or 'standard input'}; keep them apart with --collection, "
        "or say with --moved-from that it is the same folder"
    )
