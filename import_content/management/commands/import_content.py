"""``manage.py import_content``: sources in, pages out."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter

from import_content import service
from import_content.applying.report import UNCERTAIN, ImportReport, result_json
from import_content.cli.argument_types import positive, share, size
from import_content.cli.exit_codes import IMPORT_EXIT_CODES_HELP, ExitCode
from import_content.cli.output import SteadyOutput
from import_content.cli.reporting import ReportFile, exit_code, exit_code_of, one_line, result_line
from import_content.cli.screen import Screen
from import_content.cli.signals import stop_on_signal
from import_content.models import Outcome, RunState
from import_content.planning.diff import diff_lines
from import_content.service import (
    Import,
    ImportOptions,
    ImportRequest,
    ImportSettings,
    Preview,
    Result,
    RunInterruptedError,
    RunStoppedError,
    SavedPlan,
    UsageError,
)
from import_content.sources import DEFAULT_MAX_BYTES, discover
from import_content.workers import run_progress
from import_content.workers.enqueue import EnqueuedImport
from import_content.workers.run_progress import count_of

INTERRUPTED = (
    "stopped at once: an unfinished batch was rolled back, what was imported before it stands; "
    "the same command goes on from here"
)
DECIDED_BY_PLAN = (
    *("parent", "make_parent", "publish", "plan", "collection", "root", "key", "profile", "moved_from", "strict"),
    *("two_passes", "reparse", "prune", "prune_limit", "max_size", "follow_links", "allow_copies"),
)
"""Options that a saved plan has the say in."""
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
            help="URL path or id of the article index to import into, such as /articles/, /es/articles/ or 7 "
            "(default: the only one there is; one is made where there is none at all)",
        )
        parser.add_argument(
            "--make-parent", action="store_true", help="make the article index that --parent names, if there is none"
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
        parser.add_argument(
            "--allow-copies",
            action="store_true",
            help="import also sources whose text is on record under another name that is still there",
        )
        parser.add_argument(
            "--follow-links", action="store_true", help="read links in a folder that lead out of it, too"
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
        self.errors = SteadyOutput(self.stderr, lambda text: None)
        self.lines = SteadyOutput(self.stdout, self.errors.write)
        try:
            code = self.enqueue(options) if options["enqueue"] else self.run_import(options)
        except UsageError as error:
            raise CommandError(str(error), returncode=ExitCode.USAGE) from error
        except RunInterruptedError as error:
            raise CommandError(str(error), returncode=ExitCode.INTERRUPTED) from error
        except RunStoppedError as error:
            raise CommandError(str(error), returncode=ExitCode.FAILED) from error
        except KeyboardInterrupt as error:
            raise CommandError(INTERRUPTED, returncode=ExitCode.INTERRUPTED) from error
        if code is not ExitCode.CLEAN:
            sys.exit(code)

    def run_import(self, given: dict[str, Any]) -> ExitCode:
        saved = self.saved_plan(given)
        request = saved.request(user=given["user"], workers=given["workers"]) if saved else import_request(given)
        options, notice = request.resolve()
        writes = not (given["dry_run"] or given["plan"])
        with ExitStack() as stack:
            report = stack.enter_context(ReportFile(given["report"], self.errors.write))
            screen = stack.enter_context(
                Screen(self.lines, total=self.count(request.sources), quiet=given["verbosity"] == 0)
            )
            work: Import | Preview
            if writes:
                stop = stack.enter_context(stop_on_signal(self.errors.write))
                work = self.importing(request, options, saved, stop)
            else:
                work = self.previewing(request, options, saved, given["plan"])
            if notice:
                screen.line(f"{_made(options, writes=writes)}{notice}")
            self.show(work, report, screen, given["verbosity"], with_diff=not writes)
            code = exit_code(work.report)
            run = work.run if isinstance(work, Import) else None
            report.write({"run": run.pk if run else None, **work.report.summary_json(), "exit_code": code})
            report.finish()
        self.lines.write("\n".join(map(one_line, work.report.summary(would=not writes))))
        if isinstance(work, Import) and work.run.pk is not None:
            self.lines.write(f"run {work.run.pk}: manage.py import_runs show {work.run.pk}")
            for inconsistency in work.inconsistencies:
                self.errors.write(self.style.ERROR(f"after the run: {inconsistency}"))
        return ExitCode.FAILED if report.is_incomplete else code

    def importing(
        self, request: ImportRequest, options: ImportOptions, saved: SavedPlan | None, stop: Callable[[], bool]
    ) -> Import:
        if saved is not None:
            return service.apply_plan(saved, options, stop=stop)
        return service.run_import(request.sources, options, stdin=stdin_of(request.sources), stop=stop)

    def previewing(
        self, request: ImportRequest, options: ImportOptions, saved: SavedPlan | None, plan: Path | None
    ) -> Preview:
        if saved is not None:
            return service.preview_plan(saved, options)
        if plan is not None:
            return service.save_plan(plan, request.sources, options)
        return service.preview(request.sources, options, stdin=stdin_of(request.sources))

    def show(
        self, work: Import | Preview, report: ReportFile, screen: Screen, verbosity: int, *, with_diff: bool
    ) -> None:
        """Print and write down each result as it comes."""
        for result in work:
            if report.is_open:
                report.write(result_json(result))
            if verbosity > 1 or is_shown(result, work.report):
                screen.line(result_line(result))
            for line in diff_lines(result.planned) if with_diff else ():
                screen.line(line)
            for name, other in result.planned.near:
                screen.line(f"  near “{name}”: is it “{other}”? If so, add it there under Other names")
            for name in result.planned.deleted_schools:
                screen.line(f"  deleted “{name}”: somebody had deleted this school; it is made again, as a draft")
            screen.advance()

    def enqueue(self, given: dict[str, Any]) -> ExitCode:
        """Hand sources out.  Where tasks run in place, the import is done when this returns."""
        for option in ("dry_run", "plan", "apply", "report"):
            if given[option]:
                raise UsageError(f"--enqueue does not go with --{option.replace('_', '-')}")
        request = import_request(given)
        options, notice = request.resolve()
        if notice:
            self.lines.write(one_line(f"{_made(options, writes=True)}{notice}"))
        with stop_on_signal(self.errors.write) as stop:
            handed = EnqueuedImport(request.sources, options, stdin=stdin_of(request.sources), stop=stop)
            for result in handed:
                if given["verbosity"] > 1 or is_shown(result, handed.report):
                    self.lines.write(one_line(result_line(result)))
        run, report = handed.run, handed.report
        if report.total or report.left_out:
            self.lines.write("\n".join(map(one_line, report.summary())))
        if handed.batches:
            handed_out = f"{count_of(handed.sources, 'source')} in {count_of(handed.batches, 'batch', 'batches')}"
            self.lines.write(f"run {run.pk}: {handed_out} handed out: manage.py import_runs show {run.pk} --follow")
        if run.pk is None or not handed.batches or run.state != RunState.FINISHED:
            return exit_code(report)
        self.lines.write(run_progress.read_progress(run).line)
        uncertain = run.items.filter(code=UNCERTAIN).count()
        outcomes = Counter({Outcome(name): number for name, number in run.counts.items()})
        return exit_code_of(outcomes, uncertain_refused=uncertain)

    def saved_plan(self, given: dict[str, Any]) -> SavedPlan | None:
        """The plan to carry out.  Raises `UsageError`, also for options that would change what was reviewed."""
        if given["apply"] is None:
            return None
        parser = self.create_parser("manage.py", "import_content")
        changed = [name for name in DECIDED_BY_PLAN if given[name] != parser.get_default(name)]
        if given["sources"]:
            raise UsageError("--apply takes the sources from the plan; name none")
        if changed:
            names = ", ".join(f"--{name.replace('_', '-')}" for name in changed)
            raise UsageError(f"--apply takes everything from the plan that was reviewed; leave out {names}")
        return service.load_plan(given["apply"])

    def count(self, sources: Sequence[str]) -> int | None:
        """How many files there are, where somebody watches."""
        if not self.lines.isatty() or "-" in sources:
            return None
        return sum(1 for _ in discover(sources))


def is_shown(result: Result, report: ImportReport) -> bool:
    """All but the many that have not changed."""
    return result.outcome is not Outcome.UNCHANGED or report.outcomes[Outcome.UNCHANGED] <= MAX_UNCHANGED_LINES


def stdin_of(sources: Sequence[str]) -> BinaryIO | None:
    return sys.stdin.buffer if "-" in sources else None


def import_request(given: dict[str, Any]) -> ImportRequest:
    """What was asked for on the command line.  Raises `UsageError` where no source is named."""
    if not given["sources"]:
        raise UsageError("name at least one file, folder or pattern, or - for standard input")
    return ImportRequest(
        sources=given["sources"],
        parent=given["parent"],
        make_parent=given["make_parent"],
        user=given["user"],
        root=given["root"],
        moved_from=given["moved_from"],
        profile=given["profile"],
        settings=ImportSettings(
            publish=given["publish"],
            collection=given["collection"],
            key=given["key"],
            workers=given["workers"],
            max_bytes=given["max_size"],
            strict=given["strict"],
            reparse=given["reparse"],
            two_passes=given["two_passes"],
            prune=bool(given["prune"]),
            prune_share=given["prune_limit"],
            follow_links=given["follow_links"],
            allow_copies=given["allow_copies"],
        ),
    )


def _made(options: ImportOptions, *, writes: bool) -> str:
    if options.make_under is None:
        return ""
    return "made " if writes else "would make "
