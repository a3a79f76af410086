"""From sources to a plan.  Reads the database, writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from import_content import merge
from import_content.article_index import site_path, translation_in, translations_of
from import_content.batches import in_batches
from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.parsing.parse_job import ParseJob
from import_content.parsing.process_pool import PoolOptions, run_job
from import_content.planning.edit_guards import find_edit_guards
from import_content.planning.interpreter import SourceInterpreter, refused_file
from import_content.planning.lookups import (
    BatchLookups,
    bound_where_known,
    last_imported,
)
from import_content.planning.missing_sources import plan_missing_sources
from import_content.planning.page_state import PageState
from import_content.planning.plan import (
    ChangeArticle,
    CreateArticle,
    FollowSource,
    LeaveAlone,
    PlanDecision,
    PlanItem,
    RefuseSource,
    Tracks,
    as_article,
)
from import_content.planning.reading import SourceReading
from import_content.planning.source_contents import new_source, read_contents
from import_content.planning.source_identity import CopyOf, MovedFrom, NewSource, SourceIdentities
from import_content.planning.unchanged_sources import UnchangedSources
from import_content.schools.matching import SchoolLookup, known_school_names
from import_content.schools.new_names import NewNames
from import_content.sources import discover
from import_content.sources.errors import SourceError
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.source import SourceFile
from pages.models import ArticleIndexPage
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
        self.left_out = LeftOutFiles()
        """Files of the folders that are no sources; complete when the plan was taken."""
        self._identities = SourceIdentities(options)
        self._translations: Sequence[ArticleIndexPage] | None = None
        self._unchanged: list[PlanItem] = []
        self._unreadable = False
        self._seen: set[str] = set()
        self._new_names = NewNames(options.parent.locale_id)
        self._schools = SchoolLookup(options.parent.locale_id)

    def plan(self, sources: Sequence[str]) -> Iterator[PlanItem]:
        """A decision for each source, lazily, more or less in order; then one for each source that is gone."""
        options = self._options
        readings = self._read(
            self._changed(self._discover(sources)), known_school_names(), two_passes=options.two_passes
        )
        for batch in in_batches(readings, SOURCES_DECIDED_TOGETHER):
            yield from self._take_unchanged()
            yield from self._decide(batch)
        yield from self._take_unchanged()
        if not self._unreadable:
            yield from plan_missing_sources(sources, self._seen, options)

    def split(self, sources: Sequence[str]) -> Iterator[PlanItem | SourceFile]:
        """As `plan`, for those who have sources parsed elsewhere: each one that needs a look comes as its file, with
        its contents."""
        options = self._options
        for batch in in_batches(self._changed(self._discover(sources)), SOURCES_DECIDED_TOGETHER):
            yield from self._take_unchanged()
            yield from self._identified(batch)
        yield from self._take_unchanged()
        if not self._unreadable:
            yield from plan_missing_sources(sources, self._seen, options)

    def _identified(self, entries: Sequence[SourceFile | SourceError]) -> Iterator[PlanItem | SourceFile]:
        """The files with their contents; those that have moved, or are copies, with what is to be done."""
        files: list[SourceFile] = []
        for entry in entries:
            try:
                if isinstance(entry, SourceError):
                    raise entry
                files.append(read_contents(entry, self._options, stdin=self._stdin))
            except SourceError as error:
                yield refused_file(error, self._options, entry if isinstance(entry, SourceFile) else None)
        new = {source.key: source for file in files if (source := new_source(file, self._options)) is not None}
        identities = self._identities.of_new(list(new.values()))
        for file in files:
            key = self._options.record_key(file.key)
            yield self._item_of(new[key], identities[key]) if key in identities else file

    def plan_files(self, files: Sequence[SourceFile], known_schools: Collection[str]) -> Iterator[PlanItem]:
        """A decision for each of the files that `split` handed out, wherever they are now.

        Which of them have moved was found out where they lie.
        """
        self._identities.is_asked = False
        for batch in in_batches(self._read(self._changed(files), known_schools), SOURCES_DECIDED_TOGETHER):
            yield from self._decide(batch)
        yield from self._take_unchanged()

    def _discover(self, sources: Sequence[str]) -> Iterator[SourceFile | SourceError]:
        options = self._options
        found = discover(
            sources,
            stdin=self._stdin,
            root=options.root,
            follow_links=options.follow_links,
            left_out=self.left_out,
            max_bytes=options.max_bytes,
        )
        for entry in found:
            if isinstance(entry, SourceFile) and entry.contents is not None and entry.root is not None:
                yield replace(entry, root=entry.root.resolve())  # from a container; nobody looks at its path again
            else:
                yield entry

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
            keep_bytes=self._interpreter.keeps,
        )
        pool = PoolOptions(
            options.workers, preload="import_content.planning.worker_setup", min_files=MIN_SOURCES_FOR_POOL
        )
        return run_job(files, job, pool, stdin=self._stdin, two_passes=two_passes)

    # --- which sources need a look --------------------------------------------------------------------------

    def _changed(self, found: Iterable[SourceFile | SourceError]) -> Iterator[SourceFile | SourceError]:
        """The files that are not, byte for byte, what was imported last; the others are noted as unchanged."""
        for entry, is_unchanged in UnchangedSources(self._options, self._identities).look(found):
            if isinstance(entry, SourceError):
                self._unreadable = True
                yield entry
                continue
            key = self._options.record_key(entry.key)
            self._seen.add(key)
            if is_unchanged:
                self._unchanged.append(PlanItem(key, LeaveAlone()))
            else:
                yield entry

    def _take_unchanged(self) -> Iterator[PlanItem]:
        taken, self._unchanged = self._unchanged, []
        yield from taken

    # --- decisions ------------------------------------------------------------------------------------------

    def _decide(self, readings: Sequence[PlanItem | SourceReading]) -> Iterator[PlanItem]:
        read = [reading for reading in readings if isinstance(reading, SourceReading)]
        lookups = BatchLookups.load([reading for reading in read if reading.may_be_on_record], self._options)
        new = [reading for reading in read if reading.key not in lookups.records]
        identities = self._identities.of_new([NewSource(it.key, it.source_hash, it.root) for it in new])
        self._schools.look_up(normalise_name(name) for reading in new for name in reading.printed)
        yield from self._guarded([self._item(reading, lookups, identities) for reading in readings])

    def _guarded(self, items: Sequence[PlanItem]) -> Iterator[PlanItem]:
        """The same, without changes of pages that somebody has a claim on."""
        page_ids = [page_id for item in items if (page_id := _changed_page(item)) is not None]
        guards = find_edit_guards(page_ids, self._options.user)
        for item in items:
            guard = guards.get(page_id) if (page_id := _changed_page(item)) is not None else None
            yield item.refused(guard.code, guard.message) if guard is not None else item

    def _item(
        self,
        reading: PlanItem | SourceReading,
        lookups: BatchLookups,
        identities: Mapping[str, MovedFrom | CopyOf],
    ) -> PlanItem:
        if isinstance(reading, PlanItem):
            return reading
        self._seen.add(reading.key)
        record = lookups.records.get(reading.key)
        if record is not None:
            return PlanItem(reading.key, self._compare(reading, record, lookups))
        identity = identities.get(reading.key)
        if identity is not None:
            return self._item_of(NewSource(reading.key, reading.source_hash, reading.root), identity, reading)
        other = self._index_of_its_locale(reading)
        if other is not None:
            message = f"it says that it is in “{reading.content.fields.locale}”: import it with --parent {other.pk}"
            return PlanItem(reading.key, RefuseSource("locale", message, reading=reading))
        return PlanItem(reading.key, self._create(reading))

    def _index_of_its_locale(self, reading: SourceReading) -> ArticleIndexPage | None:
        """The translation of this index that a new source belongs under, by what it says of its language."""
        said = reading.content.fields.locale
        if not said:
            return None
        if self._translations is None:
            self._translations = translations_of(self._options.parent)
        return translation_in(said, self._options.parent, self._translations)

    def _item_of(
        self, source: NewSource, identity: MovedFrom | CopyOf, reading: SourceReading | None = None
    ) -> PlanItem:
        """What is to be done with a source that is not new."""
        if isinstance(identity, CopyOf):
            message = f"has the text of {identity.key}; --allow-copies imports it too"
            return PlanItem(source.key, RefuseSource("copy", message, reading=reading))
        record = identity.record
        self._seen.add(record.key)
        decision = FollowSource(record.key, source.root, source.source_hash, record.page_id, reading)
        return PlanItem(source.key, decision)

    def _create(self, reading: SourceReading) -> CreateArticle:
        known = self._schools.ids
        names = {name: known[name] for name in map(normalise_name, reading.printed) if name in known}
        new = [name for name in reading.printed if normalise_name(name) not in names]
        return CreateArticle(reading, names, self._new_names.near(new), self._new_names.deleted(new))

    def _compare(self, reading: SourceReading, record: SourceRecord, lookups: BatchLookups) -> PlanDecision:
        known = lookups.names_for(record)
        names = {name: known[name] for name in map(normalise_name, reading.printed) if name in known}
        reading = replace(reading, content=bound_where_known(reading.content, names))
        if record.parent_id is not None and record.parent_id != self._options.parent.pk:
            return RefuseSource("elsewhere", _elsewhere(record), reading=reading)
        if not self._is_same_source(record, reading.root):
            return RefuseSource("elsewhere", _other_folder(record, reading.root), reading=reading)
        state = lookups.states.get(record.page_id) if record.page_id else None
        if state is None:
            return _deleted(reading, record)
        return self._compare_with_page(reading, record, state, names, lookups.school_names)

    def _is_same_source(self, record: SourceRecord, root: str) -> bool:
        moved_from = self._options.moved_from
        return record.root == root or (moved_from is not None and record.root == str(moved_from.resolve()))

    def _compare_with_page(
        self,
        reading: SourceReading,
        record: SourceRecord,
        state: PageState,
        names: Mapping[str, int],
        school_names: Mapping[int, str],
    ) -> PlanDecision:
        base = last_imported(record, reading.printed, names, school_names)
        title = base.title if reading.content.title_from_key else reading.content.title
        theirs = as_article(replace(reading.content, title=title))
        theirs = merge.continued(base, theirs, taken=state.block_ids)
        publish = self._is_to_be_published(record, state) and not reading.content.is_draft
        if merge.same_article(base, theirs) and not publish:
            return LeaveAlone(reading=reading, state=state)
        tracks = Tracks.merged(base, theirs, live=state.live, draft=state.draft, school_names=school_names)
        new = [name for name in tracks.listed_names() if normalise_name(name) not in names]
        return ChangeArticle(
            reading, names, state, tracks, self._new_names.near(new), self._new_names.deleted(new), publish
        )

    def _is_to_be_published(self, record: SourceRecord, state: PageState) -> bool:
        """A page that this importer made or unpublished, that never was public or was only hidden with its source,
        and that no editor has touched."""
        pruned = record.source_hash == ""
        untouched = record.page_state == state.fingerprint
        return self._options.publish and not state.is_live and untouched and (pruned or not state.was_published)


def _changed_page(item: PlanItem) -> int | None:
    """The id of the page that gets new content, if any does."""
    decision = item.decision
    return decision.state.page_id if isinstance(decision, ChangeArticle) and decision.changes_page else None


def _deleted(reading: SourceReading, record: SourceRecord) -> PlanDecision:
    if record.source_hash == reading.source_hash:
        return LeaveAlone(message="its page was deleted and stays so", reading=reading)
    return RefuseSource("deleted", "the source changed, but its page was deleted", reading=reading)


def _elsewhere(record: SourceRecord) -> str:
    where = site_path(record.parent) if record.parent else "elsewhere"
    return f"a source of this name was imported under {where}; tell them apart with --collection"


def _other_folder(record: SourceRecord, root: str) -> str:
    return (
        f"a source of this name was imported from {record.root or 'standard input'}, this one is in "
        f"{root or 'standard input'}; keep them apart with --collection, "
        "or say with --moved-from that it is the same folder"
    )
