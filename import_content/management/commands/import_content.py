"""``manage.py import_content``: sources in, pages out."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter

from import_content import service
from import_content.cli.argument_types import positive, share, size
from import_content.cli.exit_codes import IMPORT_EXIT_CODES_HELP, ExitCode
from import_content.cli.reporting import (
    JsonLines,
    Screen,
    Tally,
    exit_code,
    one_line,
    result_json,
    result_line,
)
from import_content.cli.signals import stop_on_signal
from import_content.models import Outcome, RunState
from import_content.planning.diff import diff_lines
from import_content.planning.plan_file import PATHS
from import_content.service import (
    ImportOptions,
    PlanItem,
    Result,
    RunInterruptedError,
    RunStoppedError,
    SavedPlan,
    UsageError,
)
from import_content.sources import DEFAULT_MAX_BYTES, discover
from import_content.sources.errors import SourceError
from import_content.sources.profiles import load_profile
from import_content.workers import enqueue, run_progress
from import_content.workers.run_progress import count_of

MAX_UNCHANGED_LINES = 20
"""More lines about sources that have not changed are printed with ``-v 2`` only."""


class HelpFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the table of exit codes as it is written."""


class Command(BaseCommand):
    help = (
        "Import text as articles. Running it again changes nothing; when sources have changed, the changes are "
        "merged with what editors did meanwhile, and an editor's words are never overwritten."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=IMPORT_EXIT_CODES_HELP, formatter_class=HelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sources", nargs="*", metavar="SOURCE", help="file, folder, pattern, or - for standard input"
        )
        parser.add_argument(
            "--parent",
            metavar="PATH",
            help="URL path of the article index to import into, such as /articles/ (default: the only one there is)",
        )
        state = parser.add_mutually_exclusive_group()
        state.add_argument("--publish", action="store_true", help="new articles go live at once")
        state.add_argument(
            "--draft",
            action="store_false",
            dest="publish",
            help="new articles are drafts for editors to publish (default)",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be done, page by page; write nothing"
        )
        parser.add_argument(
            "--plan", type=Path, metavar="FILE", help="save what would be done as a plan; write nothing else"
        )
        parser.add_argument(
            "--apply", type=Path, metavar="FILE", help="do what a saved plan says, and nothing that has moved since"
        )
        parser.add_argument(
            "--enqueue",
            action="store_true",
            help="hand the sources out to workers, on any number of machines (manage.py rqworker default imports)",
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write a report in JSON Lines")
        parser.add_argument("--user", metavar="NAME", help="account that the changes are recorded under")
        parser.add_argument(
            "--collection",
            default="",
            metavar="NAME",
            help="keeps sources apart that have the same path in different folders",
        )
        parser.add_argument(
            "--root",
            type=Path,
            metavar="DIR",
            help="folder that sources' paths are relative to (default: each folder named)",
        )
        parser.add_argument(
            "--key", default="", help="identity of the text on standard input (default: made of its content)"
        )
        parser.add_argument(
            "--profile",
            type=Path,
            metavar="FILE",
            help="import profile for all sources, instead of those in their folders",
        )
        parser.add_argument(
            "--moved-from",
            type=Path,
            metavar="DIR",
            help="folder that the sources were imported from before they were moved here",
        )
        parser.add_argument("--strict", action="store_true", help="import no source that has uncertain blocks")
        parser.add_argument(
            "--two-passes",
            action="store_true",
            help="read all sources before the first is written, so that schools named in one help to read the others",
        )
        parser.add_argument("--reparse", action="store_true", help="look again at sources whose bytes have not changed")
        parser.add_argument(
            "--prune",
            choices=["unpublish"],
            help="what to do with articles whose sources are gone from the folder (default: report them)",
        )
        parser.add_argument(
            "--prune-limit",
            type=share,
            default=0.1,
            metavar="SHARE",
            help="refuse to prune more than this share of the sources (default: 10%%)",
        )
        parser.add_argument(
            "--workers", type=positive, help="processes that parse (default: one per core when there are many files)"
        )
        parser.add_argument(
            "--max-size",
            type=size,
            default=DEFAULT_MAX_BYTES,
            metavar="BYTES",
            help="refuse larger files; k, M and G are understood (default: 10M)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self.enqueue(options) if options["enqueue"] else self.run_import(options)
        except UsageError as error:
            raise CommandError(str(error), returncode=ExitCode.USAGE) from error
        except RunInterruptedError as error:
            raise CommandError(str(error), returncode=ExitCode.INTERRUPTED) from error
        except RunStoppedError as error:
            raise CommandError(str(error), returncode=ExitCode.FAILED) from error
        if code is not ExitCode.CLEAN:
            sys.exit(code)

    def run_import(self, given: dict[str, Any]) -> ExitCode:
        saved = saved_plan(given)
        sources: list[str] = given["sources"]
        options = import_options(given)
        decisions = self.decisions(sources, options, given, saved)
        writes = not (given["dry_run"] or given["plan"])
        tally = Tally()
        with ExitStack() as stack:
            report = stack.enter_context(JsonLines(open_report(given["report"]), self.stderr.write))
            screen = stack.enter_context(Screen(self.stdout, total=self.count(sources), quiet=given["verbosity"] == 0))
            results: Iterable[Result]
            if writes:
                stop = stack.enter_context(stop_on_signal(self.stderr.write))
                done = service.apply(decisions, options, stop=stop)
                results, run = done, done.run
            else:
                results = (Result(planned, planned.outcome, planned.message) for planned in decisions)
                run = None
            for result in results:
                tally.add(result)
                if report.is_open:
                    report.write(result_json(result))
                if given["verbosity"] > 1 or is_shown(result, tally):
                    screen.line(result_line(result))
                for line in () if writes else diff_lines(result.planned):
                    screen.line(line)
                for name, other in result.planned.near:
                    screen.line(f"  near “{name}”: is it “{other}”? If so, add it there under Other names")
                screen.advance()
            report.write({"run": run.pk if run else None, "summary": tally.as_json(), "exit_code": tally.exit_code})
        self.stdout.write("\n".join(map(one_line, tally.summary(would=not writes))))
        if writes and run is not None and run.pk is not None:
            self.stdout.write(f"run {run.pk}: manage.py import_runs show {run.pk}")
            for finding in done.check():
                self.stderr.write(self.style.ERROR(f"after the run: {finding}"))
        return tally.exit_code

    def enqueue(self, given: dict[str, Any]) -> ExitCode:
        """Hand sources out.  Where tasks run in place, the import is done when this returns."""
        for option in ("dry_run", "plan", "apply", "report"):
            if given[option]:
                raise UsageError(f"--enqueue does not go with --{option.replace('_', '-')}")
        saved_plan(given)
        stdin = sys.stdin.buffer if "-" in given["sources"] else None
        tally = Tally()
        with stop_on_signal(self.stderr.write) as stop:
            handed = enqueue.EnqueuedImport(given["sources"], import_options(given), stdin=stdin, stop=stop)
            for result in handed:
                tally.add(result)
                if given["verbosity"] > 1 or is_shown(result, tally):
                    self.stdout.write(one_line(result_line(result)))
        run = handed.run
        if tally.outcomes:
            self.stdout.write("\n".join(map(one_line, tally.summary())))
        if handed.batches:
            handed_out = f"{count_of(handed.sources, 'source')} in {count_of(handed.batches, 'batch', 'batches')}"
            self.stdout.write(f"run {run.pk}: {handed_out} handed out: manage.py import_runs show {run.pk} --follow")
        if run.pk is None or not handed.batches or run.state != RunState.FINISHED:
            return tally.exit_code
        self.stdout.write(run_progress.read_progress(run).line)
        uncertain = run.items.filter(code="uncertain").count()
        return exit_code(Counter({Outcome(name): n for name, n in run.counts.items()}), uncertain_refused=uncertain)

    def decisions(
        self, sources: list[str], options: ImportOptions, given: dict[str, Any], saved: SavedPlan | None
    ) -> Iterable[PlanItem]:
        if saved is not None:
            return service.plan_as_saved(saved, options)
        if given["plan"] is not None:
            return service.plan_to_file(given["plan"], sources, options)
        stdin = sys.stdin.buffer if "-" in sources else None
        return service.plan(sources, options, stdin=stdin, for_writing=not given["dry_run"])

    def count(self, sources: list[str]) -> int | None:
        """How many files there are, where somebody watches."""
        if not self.stdout.isatty() or "-" in sources:
            return None
        return sum(1 for _ in discover(sources))


def is_shown(result: Result, tally: Tally) -> bool:
    """All but the many that have not changed."""
    return result.outcome is not Outcome.UNCHANGED or tally.outcomes[Outcome.UNCHANGED] <= MAX_UNCHANGED_LINES


def saved_plan(given: dict[str, Any]) -> SavedPlan | None:
    """The plan to carry out, its options taken into `given`.  Raises `UsageError`."""
    if given["apply"] is None:
        if not given["sources"]:
            raise UsageError("name at least one file, folder or pattern, or - for standard input")
        return None
    if given["sources"]:
        raise UsageError("--apply takes the sources from the plan; name none")
    saved = service.load_plan(given["apply"])
    given.update({name: value for name, value in saved.options.items() if name not in PATHS})
    given["sources"] = list(saved.sources)
    given.update(max_size=saved.options["max_bytes"], prune_limit=saved.options["prune_share"])
    given.update({name: Path(saved.options[name]) if saved.options[name] else None for name in PATHS})
    return saved


def import_options(given: dict[str, Any]) -> ImportOptions:
    root = given["root"]
    if root is not None and not root.is_dir():
        raise UsageError(f"{root} is no folder")
    if given["moved_from"] is not None and root is None:
        root = only_folder(given["sources"])
    try:
        profile = load_profile(given["profile"]) if given["profile"] else None
    except SourceError as error:
        raise UsageError(str(error)) from error
    return ImportOptions(
        parent=service.find_parent(given["parent"]),
        user=service.find_user(given["user"]),
        publish=given["publish"],
        collection=given["collection"],
        key=given["key"],
        root=root,
        moved_from=given["moved_from"],
        profile=profile,
        workers=given["workers"],
        max_bytes=given["max_size"],
        strict=given["strict"],
        reparse=given["reparse"],
        two_passes=given["two_passes"],
        prune=bool(given["prune"]),
        prune_share=given["prune_limit"],
    )


def only_folder(sources: list[str]) -> Path:
    if len(sources) != 1 or not Path(sources[0]).is_dir():
        raise UsageError("--moved-from needs one folder as the source, or --root")
    return Path(sources[0])


def open_report(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the report cannot be written: {error.strerror}: {path}") from error
