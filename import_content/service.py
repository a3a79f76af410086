"""The importer's one service: the command, admin pages and tasks call this and nothing below it.

``plan`` says what would happen, ``apply`` makes it happen, ``undo`` takes a run back, ``resolve`` decides a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth.models import User

from import_content.applying.applier import PlanApplier, RunInterruptedError, RunStoppedError
from import_content.applying.conflicts import resolve
from import_content.applying.consistency import Inconsistency, check_run
from import_content.applying.ledger import Ledger
from import_content.applying.results import Result
from import_content.applying.undo import Undo, UndoResult
from import_content.database.planner_statistics import refresh_statistics
from import_content.models import ImportConflict, ImportRun, Resolution
from import_content.options import (
    ImportOptions,
    UsageError,
    check_folders,
    check_permissions,
    find_parent,
    find_user,
)
from import_content.planning.plan import PlanItem, Verdict
from import_content.planning.plan_file import (
    SavedPlan,
    load_plan,
    only_as_saved,
    save_plan,
)
from import_content.planning.planner import Planner
from import_content.sources.source import SourceFile
from import_content.writer import Writer
from import_content.writer.choose import choose_writer

__all__ = [
    "Import",
    "ImportConflict",
    "ImportOptions",
    "ImportRun",
    "PlanItem",
    "Resolution",
    "Result",
    "RunInterruptedError",
    "RunStoppedError",
    "SavedPlan",
    "SourceFile",
    "Undo",
    "UndoResult",
    "UsageError",
    "Verdict",
    "apply",
    "find_parent",
    "find_user",
    "load_plan",
    "plan",
    "plan_as_saved",
    "plan_files",
    "plan_to_file",
    "resolve",
    "split",
    "undo",
]


def plan(
    sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None, for_writing: bool = False
) -> Iterator[PlanItem]:
    """What an import of these files, folders and patterns would do with each source.  Writes nothing.

    `for_writing`: the plan is carried out as it is taken; what that needs is made where the sources are read.
    Raises `UsageError` before the first decision where the import as a whole cannot be done.
    """
    check_permissions(options)
    check_folders(sources, options)
    return Planner(options, stdin=stdin, prepares=for_writing).plan(sources)


def split(
    sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None
) -> Iterator[PlanItem | SourceFile]:
    """As `plan`, but each source that needs a look comes as its file, for `plan_files` wherever that is."""
    check_permissions(options)
    check_folders(sources, options)
    return Planner(options, stdin=stdin).split(sources)


def plan_files(
    files: Sequence[SourceFile], options: ImportOptions, known_schools: Collection[str]
) -> Iterator[PlanItem]:
    """Decisions about files that `split` handed out; `known_schools`: names for the parser."""
    return Planner(options, prepares=True).plan_files(files, known_schools)


def plan_to_file(path: Path, sources: Sequence[str], options: ImportOptions) -> Iterator[PlanItem]:
    """The plan, written to a file as it is taken.  Raises `UsageError`."""
    return save_plan(path, sources, options, plan(sources, options))


def plan_as_saved(saved: SavedPlan, options: ImportOptions) -> Iterator[PlanItem]:
    """The decisions of a saved plan that still hold; what has moved since is refused."""
    return only_as_saved(plan(saved.sources, options, for_writing=True), saved)


class Import:
    """A plan being carried out: iterate for the results; `run` is the ledger's entry, without a primary key as long
    as there was nothing to write down."""

    def __init__(
        self,
        decisions: Iterable[PlanItem],
        options: ImportOptions,
        writer: Writer,
        *,
        stop: Callable[[], bool],
        ledger: Ledger | None,
    ) -> None:
        self._applier = PlanApplier(options, writer, stop=stop, ledger=ledger)
        self._decisions = decisions

    @property
    def run(self) -> ImportRun:
        return self._applier.ledger.run

    def __iter__(self) -> Iterator[Result]:
        return self._applier.apply(self._decisions)

    def check(self) -> list[Inconsistency]:
        """To be called when all results are taken: what is wrong in the database with the pages of this run.

        Mends what it can; an empty list is what one expects.
        """
        refresh_statistics()
        return check_run(self.run)


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
