"""``manage.py import_runs``: what imports did, taking one back, deciding conflicts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from import_content import service
from import_content.cli.argument_types import positive
from import_content.cli.exit_codes import ExitCode
from import_content.cli.output import quiet_end
from import_content.cli.reporting import one_line
from import_content.models import (
    ImportConflict,
    ImportRun,
    Outcome,
    Resolution,
    RunKind,
    RunState,
)
from import_content.planning.diff import both_sides
from import_content.service import RunStoppedError, UsageError
from import_content.workers import enqueue, run_progress
from import_content.workers.run_progress import count_of

LISTED_RUNS = 20

NOTHING_WAITS = "nothing of this run waits for workers"
EPILOG = "exit codes: 0 done, 2 usage, 3 an undo kept or was blocked somewhere, 5 an undo failed somewhere"


class Command(BaseCommand):
    help = f"List import runs, show one, undo one, show and resolve conflicts. {EPILOG.capitalize()}."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        listing = actions.add_parser("list", help="the latest runs")
        listing.add_argument("--all", action="store_true", help=f"all of them, not only the latest {LISTED_RUNS}")
        show = actions.add_parser("show", help="what a run did, source by source")
        show.add_argument("run", type=int, metavar="RUN")
        show.add_argument("--follow", action="store_true", help="wait for workers, and say how far they are")
        sources = actions.add_parser("sources", help="how many sources are kept, and what room they take")
        sources.add_argument(
            "--purge",
            type=positive,
            metavar="N",
            help="forget all but the last N versions of each",
        )
        resume = actions.add_parser("resume", help="hand out again what workers have not finished")
        resume.add_argument("run", type=int, metavar="RUN")
        undo = actions.add_parser("undo", help="take a run back; what editors touched since stays")
        undo.add_argument("run", type=int, metavar="RUN")
        undo.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")
        undo.add_argument("--user", metavar="NAME", help="account that the changes are recorded under")
        conflicts = actions.add_parser("conflicts", help="open conflicts, of all runs or of one")
        conflicts.add_argument("run", type=int, nargs="?", metavar="RUN")
        resolve = actions.add_parser("resolve", help="decide conflicts")
        resolve.add_argument("conflicts", type=int, nargs="+", metavar="CONFLICT")
        decision = resolve.add_mutually_exclusive_group(required=True)
        for choice, text in (
            (Resolution.OURS, "the editor's version stays"),
            (Resolution.THEIRS, "the source's version takes its place"),
            (Resolution.EDITED, "somebody has settled it by hand in the editor"),
        ):
            decision.add_argument(f"--{choice.value}", action="store_const", const=choice, dest="choice", help=text)
        resolve.add_argument("--user", metavar="NAME", help="account that the decision is recorded under")

    def handle(self, *args: Any, **options: Any) -> None:
        actions: dict[str, Callable[[dict[str, Any]], ExitCode]] = {
            "list": self.list_runs,
            "show": self.show,
            "resume": self.resume,
            "sources": self.sources,
            "undo": self.undo,
            "conflicts": self.conflicts,
            "resolve": self.resolve,
        }
        try:
            with quiet_end(self.stdout):
                code = actions[options["action"]](options)
        except UsageError as error:
            raise CommandError(str(error), returncode=ExitCode.USAGE) from error
        except RunStoppedError as error:
            raise CommandError(str(error), returncode=ExitCode.FAILED) from error
        if code is not ExitCode.CLEAN:
            sys.exit(code)

    def say(self, line: str) -> None:
        self.stdout.write(one_line(line))

    def list_runs(self, options: dict[str, Any]) -> ExitCode:
        runs = ImportRun.objects.select_related("user", "undoes")
        for run in runs if options["all"] else runs[:LISTED_RUNS]:
            self.say(describe(run))
        if not runs.exists():
            self.say("no import has written anything yet")
        return ExitCode.CLEAN

    def show(self, options: dict[str, Any]) -> ExitCode:
        run = find_run(options["run"])
        if options["follow"]:
            for state in run_progress.follow(run):
                self.say(f"  {state.line}")
            run.refresh_from_db()
        self.say(describe(run))
        for line in run_progress.read_progress(run).details():
            self.say(f"  {line}")
        for item in run.items.select_related("undone_by"):
            line = f", line {item.line}" if item.line is not None else ""
            message = f": {item.message}" if item.message else ""
            page = f" → page {item.page_id}" if item.page_id and not message else ""
            undone = f" (undone by run {item.undone_by_id})" if item.undone_by_id else ""
            self.say(f"  {item.outcome:<11} {item.key}{line}{page}{message}{undone}")
        number = ImportConflict.objects.open().filter(item__run=run).count()
        if number:
            self.say(f"  {number} open: manage.py import_runs conflicts {run.pk}")
        return ExitCode.CLEAN

    def sources(self, options: dict[str, Any]) -> ExitCode:
        if options["purge"] is not None:
            versions, sources = service.purge_sources(options["purge"])
            self.say(f"forgotten: {count_of(versions, 'version')}, {count_of(sources, 'stored source')}")
        kept = service.kept_totals()
        self.say(
            f"{count_of(kept.sources, 'source')} kept in {count_of(kept.versions, 'version')}: "
            f"{kept.size:,} bytes, {kept.stored:,} in the database"
        )
        return ExitCode.CLEAN

    def resume(self, options: dict[str, Any]) -> ExitCode:
        run = find_run(options["run"])
        number = enqueue.resume(run)
        self.say(f"run {run.pk}: {count_of(number, 'batch', 'batches')} handed out again" if number else NOTHING_WAITS)
        return ExitCode.CLEAN

    def undo(self, options: dict[str, Any]) -> ExitCode:
        run = find_run(options["run"])
        undo = service.undo(run, user=service.find_user(options["user"]), dry_run=options["dry_run"])
        counts: Counter[Outcome] = Counter()
        for result in undo:
            counts[result.outcome] += 1
            self.say(f"{result.outcome.value:<11} {result.key}: {result.message}")
        order = (Outcome.REVERSED, Outcome.KEPT, Outcome.BLOCKED, Outcome.FAILED)
        parts = [f"{counts[outcome]} {outcome.value}" for outcome in order if counts[outcome]]
        if undo.removed_schools:
            parts.append(f"{len(undo.removed_schools)} unused schools removed")
        suffix = " (nothing was written)" if options["dry_run"] else ""
        self.say(f"run {run.pk}: {', '.join(parts) or 'nothing left to undo'}{suffix}")
        if counts[Outcome.FAILED]:
            return ExitCode.FAILED
        return ExitCode.CONFLICTS if counts[Outcome.KEPT] or counts[Outcome.BLOCKED] else ExitCode.CLEAN

    def conflicts(self, options: dict[str, Any]) -> ExitCode:
        conflicts = ImportConflict.objects.open().select_related("record", "item")
        if options["run"] is not None:
            conflicts = conflicts.filter(item__run=find_run(options["run"]))
        for conflict in conflicts:
            tracks = " and ".join(
                name for name, there in (("live", conflict.on_live), ("draft", conflict.on_draft)) if there
            )
            self.say(f"{conflict.pk}  {conflict.record.key}: {conflict.place} ({tracks}), run {conflict.item.run_id}")
            for line in both_sides(conflict.base, conflict.ours, conflict.theirs):
                self.say(line)
        if not conflicts.exists():
            self.say("no open conflicts")
        return ExitCode.CLEAN

    def resolve(self, options: dict[str, Any]) -> ExitCode:
        user = service.find_user(options["user"])
        for pk in options["conflicts"]:
            conflict = ImportConflict.objects.filter(pk=pk).first()
            if conflict is None:
                raise UsageError(f"there is no conflict {pk}")
            service.resolve(conflict, options["choice"], user=user)
            self.say(f"{pk}: {options['choice'].label}")
        return ExitCode.CLEAN


def find_run(pk: int) -> ImportRun:
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None:
        raise UsageError(f"there is no run {pk}; manage.py import_runs list shows those there are")
    return run


def describe(run: ImportRun) -> str:
    """``3  2026-05-04 09:12  import by ines: 4 updated, 1 conflict, 35 unchanged``"""
    who = f" by {run.user.get_username()}" if run.user else ""
    what = f"undo of {run.undoes_id}" if run.kind == RunKind.UNDO else "import"
    counts = ", ".join(f"{run.counts[outcome]} {outcome.value}" for outcome in Outcome if run.counts.get(outcome))
    state = " (under way, or stopped before its end)" if run.state != RunState.FINISHED else ""
    return f"{run.pk:<3} {localtime(run.started_at):%Y-%m-%d %H:%M}  {what}{who}: {counts or 'nothing'}{state}"
