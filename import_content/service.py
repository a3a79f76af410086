"""The importer's one service: the command, admin pages and tasks call this and nothing below it.

The way of one source, an arrow a line, and the file where it is walked::

    arguments -> SourceFile                 sources/discovery.py        discover
    SourceFile -> Source                    sources/reading.py          read
    Source -> Document                      parsing/parse.py            parse
    Document -> SourceReading               planning/interpreter.py     SourceInterpreter
    SourceReading + page -> PlanItem        planning/planner.py         Planner
        base + ours + theirs -> Merge       merge/__init__.py           merge
    PlanItem -> file, and back              planning/plan_file.py       save_plan, load_plan
    PlanItem -> Result, rows                applying/applier.py         PlanApplier
        ArticleContent -> page, revision    writer/bulk/writer.py       BulkWriter
        Result -> run, item, record         applying/ledger.py          Ledger
    run -> inconsistencies, mended          applying/consistency.py     check_run
    Result -> summary, JSON                 applying/report.py          ImportReport
    run -> undone run                       applying/undo.py            Undo
    conflict -> page                        applying/conflicts.py       resolve

`ImportRequest.resolve` (options.py) makes options of what a person asks for.  `preview` says what would happen,
`run_import` makes it happen, `save_plan`, `load_plan` and `apply_plan` do the one now and the other later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth.models import User

from import_content.applying.applier import PlanApplier, RunInterruptedError, RunStoppedError
from import_content.applying.conflicts import resolve
from import_content.applying.consistency import Inconsistency, check_run
from import_content.applying.kept_sources import kept_totals, purge_sources
from import_content.applying.ledger import Ledger
from import_content.applying.report import ImportReport
from import_content.applying.results import Result
from import_content.applying.undo import Undo
from import_content.applying.undo_rules import UndoResult
from import_content.article_index import make_index
from import_content.database.planner_statistics import refresh_statistics
from import_content.errors import UsageError
from import_content.models import ImportConflict, ImportRun, Resolution
from import_content.options import (
    ImportOptions,
    ImportRequest,
    ImportSettings,
    check_folders,
    check_permissions,
    find_user,
)
from import_content.planning import plan_file
from import_content.planning.plan import PlanItem, Verdict
from import_content.planning.plan_file import SavedPlan, load_plan
from import_content.planning.planner import Planner
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.source import SourceFile
from import_content.writer import Writer
from import_content.writer.choose import choose_writer

__all__ = [
    "Import",
    "ImportConflict",
    "ImportOptions",
    "ImportReport",
    "ImportRequest",
    "ImportRun",
    "ImportSettings",
    "PlanItem",
    "Preview",
    "Resolution",
    "Result",
    "RunInterruptedError",
    "RunStoppedError",
    "SavedPlan",
    "SourceFile",
    "SplitSources",
    "Undo",
    "UndoResult",
    "UsageError",
    "Verdict",
    "apply",
    "apply_plan",
    "find_user",
    "kept_totals",
    "load_plan",
    "plan",
    "plan_files",
    "preview",
    "preview_plan",
    "purge_sources",
    "resolve",
    "run_import",
    "save_plan",
    "split",
    "undo",
    "with_index",
]


def plan(
    sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None, for_writing: bool = False
) -> Iterator[PlanItem]:
    """What an import of these files, folders and patterns would do with each source.  Writes nothing.

    `for_writing`: the plan is carried out as it is taken; what that needs is made where the sources are read.
    Raises `UsageError` before the first decision where the import as a whole cannot be done.
    """
    return _planner(sources, options, stdin, for_writing=for_writing).plan(sources)


def _planner(
    sources: Sequence[str], options: ImportOptions, stdin: BinaryIO | None, *, for_writing: bool = False
) -> Planner:
    check_permissions(options)
    check_folders(sources, options)
    return Planner(options, stdin=stdin, prepares=for_writing)


class Preview:
    """What an import would do: iterate for the results; `report` adds them up.  Writes nothing to the database."""

    def __init__(self, items: Iterable[PlanItem], planner: Planner) -> None:
        self._items = items
        self._planner = planner
        self.report = ImportReport()

    def __iter__(self) -> Iterator[Result]:
        for item in self._items:
            result = Result(item, item.outcome, item.message)
            self.report.add(result)
            yield result
        self.report.leave_out(self._planner.left_out)


def preview(sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None) -> Preview:
    """A dry run.  Raises `UsageError`."""
    planner = _planner(sources, options, stdin)
    return Preview(planner.plan(sources), planner)


def save_plan(path: Path, sources: Sequence[str], options: ImportOptions) -> Preview:
    """A dry run that is written to a file as it is taken, for `apply_plan`.  Raises `UsageError`."""
    planner = _planner(sources, options, None)
    return Preview(plan_file.save_plan(path, sources, options, planner.plan(sources)), planner)


def preview_plan(saved: SavedPlan, options: ImportOptions) -> Preview:
    """What `apply_plan` would do now."""
    planner = _planner(saved.sources, options, None)
    return Preview(plan_file.only_as_saved(planner.plan(saved.sources), saved), planner)


class Import:
    """A plan being carried out: iterate for the results; `report` adds them up."""

    def __init__(
        self,
        decisions: Iterable[PlanItem],
        options: ImportOptions,
        writer: Writer,
        *,
        stop: Callable[[], bool],
        ledger: Ledger | None,
        planner: Planner | None = None,
    ) -> None:
        self._applier = PlanApplier(options, writer, stop=stop, ledger=ledger)
        self._decisions = decisions
        self._planner = planner
        self._is_shared = ledger is not None
        self.report = ImportReport()
        self.inconsistencies: list[Inconsistency] = []
        """After the last result: what is wrong in the database with the pages of the run, and whether it was mended.
        Empty is what one expects.  A run that several processes share is checked by the last of them."""

    @property
    def run(self) -> ImportRun:
        """The ledger's entry, without a primary key as long as there was nothing to write down."""
        return self._applier.ledger.run

    def __iter__(self) -> Iterator[Result]:
        for result in self._applier.apply(self._decisions):
            self.report.add(result)
            yield result
        if self._planner is not None:
            self.report.leave_out(self._planner.left_out)
        if self.run.pk is not None and not self._is_shared:
            refresh_statistics()
            self.inconsistencies = check_run(self.run)


def run_import(
    sources: Sequence[str],
    options: ImportOptions,
    *,
    stdin: BinaryIO | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Import:
    """Import as it is planned.  Makes the index where it is to be made.  Raises `UsageError`, and as `apply`."""
    check_permissions(options)
    options = with_index(options)
    planner = _planner(sources, options, stdin, for_writing=True)
    return Import(planner.plan(sources), options, choose_writer(), stop=stop, ledger=None, planner=planner)


def apply_plan(saved: SavedPlan, options: ImportOptions, *, stop: Callable[[], bool] = lambda: False) -> Import:
    """Carry out what a saved plan says and still holds; what has moved since is refused.  As `run_import`."""
    check_permissions(options)
    options = with_index(options)
    planner = _planner(saved.sources, options, None, for_writing=True)
    items = plan_file.only_as_saved(planner.plan(saved.sources), saved)
    return Import(items, options, choose_writer(), stop=stop, ledger=None, planner=planner)


def with_index(options: ImportOptions) -> ImportOptions:
    """The same options with an index that exists: it is made where it is to be made."""
    if options.make_under is None:
        return options
    return options.with_parent(make_index(options.parent, options.make_under, options.user))


class SplitSources:
    """Sources to be shared out: iterate for decisions that need no reading, and for files that do."""

    def __init__(self, sources: Sequence[str], planner: Planner) -> None:
        self._sources = sources
        self._planner = planner

    def __iter__(self) -> Iterator[PlanItem | SourceFile]:
        return self._planner.split(self._sources)

    @property
    def left_out(self) -> LeftOutFiles:
        """Files of the folders that are no sources; complete after the last one."""
        return self._planner.left_out


def split(sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None) -> SplitSources:
    """As `plan`, but each source that needs a look comes as its file, for `plan_files` wherever that is."""
    return SplitSources(sources, _planner(sources, options, stdin))


def plan_files(
    files: Sequence[SourceFile], options: ImportOptions, known_schools: Collection[str]
) -> Iterator[PlanItem]:
    """Decisions about files that `split` handed out; `known_schools`: names for the parser."""
    return Planner(options, prepares=True).plan_files(files, known_schools)


def apply(
    decisions: Iterable[PlanItem],
    options: ImportOptions,
    *,
    writer: Writer | None = None,
    stop: Callable[[], bool] = lambda: False,
    ledger: Ledger | None = None,
) -> Import:
    """Carry out a plan, batch by batch, each in one short transaction.  Work is done as results are taken.

    `stop` is asked after each batch; taking results raises `RunInterruptedError` once it says yes, and
    `RunStoppedError` where the database is full or does not come back.
    `ledger`: where to write it down, when several processes share one run.
    """
    check_permissions(options)
    return Import(decisions, options, writer or choose_writer(), stop=stop, ledger=ledger)


def undo(run: ImportRun, *, user: User | None = None, dry_run: bool = False) -> Undo:
    """Take a run back, newest item first.  Raises `UsageError` for a run that cannot be undone.

    What still waits for workers is taken from them first; a batch that one is writing is waited for.
    """
    if not dry_run:
        run.batches.waiting().delete()
    return Undo(run, user=user, dry_run=dry_run)
