"""Exit codes of all commands, and what their help says of them."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Where several apply to an import, the first of these wins: 5, 3, 4."""

    CLEAN = 0
    USAGE = 2
    CONFLICTS = 3
    """Somebody has to decide: conflicts, pages that are locked or open, sources that belong elsewhere."""
    UNCERTAIN = 4
    FAILED = 5
    """Some source could not be read or written."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C, as shells count it; for an import also by SIGTERM."""
    NOBODY_READS = 141
    """What a command prints is not read to its end (``| head``), as shells count it.  An import goes on."""


IMPORT_EXIT_CODES_HELP = """\
exit codes:
  0  clean: every source was imported or had not changed
  2  usage, or a database that is not ready: nothing was written
  3  a person has to decide: conflicts with editors' changes, pages that were not written because they are
     locked, in a workflow, scheduled, deleted or open in somebody's editor, or a pruning that was refused
  4  with --strict: some sources have blocks that the parser is not sure of, and were not imported
  5  some sources failed; all others were imported
  130  stopped by Ctrl-C or SIGTERM after a batch, by a second one at once: the same command goes on from there
files that were left out (other kinds, leftovers of editors, hidden ones) are counted and change no exit code;
a report that could not be written to its end makes it 5
"""
