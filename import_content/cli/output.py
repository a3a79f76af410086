"""Write for people without depending on them: a reader that goes away, or a full disk, ends no import."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError

from import_content.cli.exit_codes import ExitCode


class SteadyOutput:
    """A stream that stops writing when nobody can read any more, and says so once."""

    def __init__(self, out: Any, say: Callable[[str], object]) -> None:
        """`say`: tells a person, elsewhere than on `out`."""
        self._out = out
        self._say = say
        self.is_open = True

    def write(self, text: str) -> None:
        """A line.  Never raises `OSError`."""
        if not self.is_open:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except OSError as error:
            self.is_open = False
            silence(self._out)
            if error.errno != errno.EPIPE:
                self._say(f"What is done cannot be printed any more ({error.strerror}); the work goes on.")

    @property
    def stream(self) -> Any:
        """What is written to, without Django's wrapper."""
        return getattr(self._out, "_out", self._out)

    def isatty(self) -> bool:
        return self.is_open and bool(self._out.isatty())


def silence(out: Any) -> None:
    """Send what is still buffered for a broken stream nowhere, so that the end of the process does not fail on it."""
    stream = getattr(out, "_out", out)
    try:
        descriptor = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return  # a stream in memory
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


@contextmanager
def quiet_end(out: Any) -> Iterator[None]:
    """For commands that only print: where the reader of `out` goes away (``| head``), the disk is full, or somebody
    presses Ctrl-C, they end with one sentence at most."""
    try:
        yield
        out.flush()
    except BrokenPipeError:
        silence(out)
        sys.exit(ExitCode.NOBODY_READS)
    except KeyboardInterrupt as error:
        raise CommandError("stopped", returncode=ExitCode.INTERRUPTED) from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        silence(out)
        raise CommandError(f"stopped: it cannot be printed: {error.strerror}", returncode=ExitCode.FAILED) from error
