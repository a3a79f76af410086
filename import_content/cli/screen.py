"""Show an import at work: a line per source, and on a terminal a bar, rate and remaining time below them."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from import_content.cli.output import SteadyOutput
from import_content.cli.reporting import one_line

if TYPE_CHECKING:
    from rich.progress import Progress


class Screen:
    """Lines for people; on a terminal with a bar, rate and remaining time below them."""

    def __init__(self, out: SteadyOutput, *, total: int | None, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._progress: Progress | None = None
        if total is not None and out.isatty():
            self._progress = progress_bar(out.stream)
            self._task = self._progress.add_task("", total=total, rate="")

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def line(self, text: str) -> None:
        if self._quiet:
            return
        text = one_line(text)
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._out.write(text)

    def advance(self) -> None:
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        rate = f"{task.speed:.0f}/s" if task.speed else ""
        self._progress.update(self._task, advance=1, rate=rate)


def progress_bar(stream: Any) -> Progress:
    """Loaded only where somebody watches: it takes longer than a small import."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    return Progress(
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
    )
