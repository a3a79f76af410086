"""The importer's one service: the command, admin pages and tasks call this and nothing below it.

``plan`` says what would happen, ``apply`` makes it happen, ``undo`` takes a run back, ``resolve`` decides a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from import_content.applying import Applier, Result, RunInterruptedError, RunStoppedError
from import_content.models import ImportRun
from import_content.options import ImportOptions, UsageError, check_permissions, find_parent, find_user
from import_content.plan import Planned, Verdict
from import_content.planning import Planner
from import_content.writer import Writer
from import_content.writer.choose import choose_writer

__all__ = [
    "Import",
    "ImportOptions",
    "Planned",
    "Result",
    "RunInterruptedError",
    "RunStoppedError",
    "UsageError",
    "Verdict",
    "apply",
    "find_parent",
    "find_user",
    "plan",
]


def plan(sources: Sequence[str], options: ImportOptions, *, stdin: BinaryIO | None = None) -> Iterator[Planned]:
    """What an import of these files, folders and patterns would do with each source.  Writes nothing.

    Raises `UsageError` before the first decision where the import as a whole cannot be done.
    """
    check_permissions(options)
    return Planner(options, stdin=stdin).plan(sources)


class Import:
    """A plan being carried out: iterate for the results; `run` is the ledger's entry, without a primary key as long
    as there was nothing to write down."""

    def __init__(
        self, decisions: Iterable[Planned], options: ImportOptions, writer: Writer, stop: Callable[[], bool]
    ) -> None:
        self._applier = Applier(options, writer, stop=stop)
        self._decisions = decisions

    @property
    def run(self) -> ImportRun:
        return self._applier.ledger.run

    def __iter__(self) -> Iterator[Result]:
        return self._applier.apply(self._decisions)


def apply(
    decisions: Iterable[Planned],
    options: ImportOptions,
    *,
    writer: Writer | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Import:
    """Carry out a plan, batch by batch, each in one short transaction.  Work is done as results are taken.

    `stop` is asked after each batch; taking results raises `RunInterruptedError` once it says yes, and
    `RunStoppedError` where the database is full or does not come back.
    """
    check_permissions(options)
    return Import(decisions, options, writer or choose_writer(), stop)
