"""Many files through a pool of processes, in order, with a bounded number under way."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import BinaryIO

from .document import Document, List, Paragraph, SchoolListing
from .errors import SourceError, SourceErrorCode
from .parsed import Parsed, parse
from .profile import Profile, find_profile
from .readers import DEFAULT_MAX_BYTES, read
from .source import Source, SourceFile
from .structure.forms import fold

CHUNK = 16
"""Files per message to a worker."""
IN_FLIGHT_PER_WORKER = 3
"""Chunks under way per worker: bounds memory whatever the number of files."""
SERIAL_BELOW = 24
"""Fewer files than this are not worth starting processes for."""
SURE_NAME = 0.93
DOUBTFUL_NAME = 0.96


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `parsed` and `source`, or `error`."""

    key: str
    file: SourceFile | None = None
    source: Source | None = None
    """Without its text unless `keep_text` was asked for."""
    parsed: Parsed | None = None
    error: SourceError | None = None


FileParser = Callable[[SourceFile | SourceError, "Job", BinaryIO | None], Outcome]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know besides the file."""

    max_bytes: int = DEFAULT_MAX_BYTES
    profile: Profile | None = None
    use_profiles: bool = True
    known_schools: frozenset[str] = frozenset()
    seen_schools: frozenset[str] = frozenset()
    keep_text: bool = False
    parser: FileParser | None = None


def parse_many(
    files: Iterable[SourceFile | SourceError],
    *,
    workers: int | None = None,
    profile: Profile | None = None,
    use_profiles: bool = True,
    known_schools: Collection[str] = (),
    max_bytes: int = DEFAULT_MAX_BYTES,
    stdin: BinaryIO | None = None,
    two_passes: bool = False,
    keep_text: bool = False,
    timeout: float | None = 60.0,
    parser: FileParser | None = None,
) -> Iterator[Outcome]:
    """Parse files in order; what is wrong with one file, even a crash of its process, costs that file alone.

    `workers`: None for one per core (and none at all for a few files), 0 or 1 for this process.  `profile`
    applies to every file; without one, and with `use_profiles`, each file's folder is searched.
    `two_passes`: names of schools found for certain in one file help with doubtful entries of all others.
    `timeout`: seconds that one file may take in a pool.  `parser` replaces `parse_file` (importable by name,
    since other processes call it).
    """
    job = Job(max_bytes, profile, use_profiles, frozenset(known_schools), frozenset(), keep_text, parser)
    if not two_passes:
        yield from _run(files, job, workers, stdin, timeout)
        return
    yield from _second_pass(_run(files, replace(job, keep_text=True), workers, stdin, timeout), job)


def parse_file(file: SourceFile | SourceError, job: Job, stdin: BinaryIO | None = None) -> Outcome:
    """Read and parse one file in this process.  Never raises for what is wrong with the file."""
    if isinstance(file, SourceError):
        return Outcome(file.source, error=file)
    try:
        profile = job.profile
        if profile is None and job.use_profiles and file.path is not None:
            profile = find_profile(file.path, file.root)
        source = read(file, max_bytes=job.max_bytes, stdin=stdin)
        parsed = _parse(source, profile, job)
    except SourceError as error:
        return Outcome(file.key, file, error=error)
    return Outcome(file.key, file, source if job.keep_text else replace(source, text=""), parsed)


def _parse(source: Source, profile: Profile | None, job: Job) -> Parsed:
    return parse(source, profile=profile, known_schools=job.known_schools, seen_schools=job.seen_schools)


def _parse_chunk(chunk: list[SourceFile | SourceError], job: Job) -> list[Outcome]:
    return [_call(file, job) for file in chunk]


def _call(file: SourceFile | SourceError, job: Job, stdin: BinaryIO | None = None) -> Outcome:
    return (job.parser or parse_file)(file, job, stdin)


def _run(
    files: Iterable[SourceFile | SourceError],
    job: Job,
    workers: int | None,
    stdin: BinaryIO | None,
    timeout: float | None,
) -> Iterator[Outcome]:
    stream = iter(files)
    if workers is None:
        first = list(itertools.islice(stream, SERIAL_BELOW))
        stream = itertools.chain(first, stream)
        workers = _cores() if len(first) == SERIAL_BELOW else 1
    if workers <= 1:
        for file in stream:
            yield _call(file, job, stdin)
        return
    yield from _Pool(workers, job, stdin, timeout).run(stream)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


class _Pool:
    """An executor that survives the death of its workers."""

    def __init__(self, workers: int, job: Job, stdin: BinaryIO | None, timeout: float | None) -> None:
        self._workers = workers
        self._job = job
        self._stdin = stdin
        self._timeout = timeout
        self._executor = _executor(workers)
        self._waiting: deque[tuple[list[SourceFile | SourceError], Future[list[Outcome]] | None]] = deque()

    def run(self, files: Iterator[SourceFile | SourceError]) -> Iterator[Outcome]:
        chunks = _chunks(files)
        try:
            while True:
                while len(self._waiting) < self._workers * IN_FLIGHT_PER_WORKER:
                    chunk = next(chunks, None)
                    if chunk is None:
                        break
                    self._submit(chunk)
                if not self._waiting:
                    return
                yield from self._next()
        finally:
            _stop(self._executor)

    def _submit(self, chunk: list[SourceFile | SourceError]) -> None:
        here = any(isinstance(file, SourceFile) and file.path is None for file in chunk)
        try:
            future = None if here else self._executor.submit(_parse_chunk, chunk, self._job)
        except BrokenProcessPool:
            self._restart()
            future = self._executor.submit(_parse_chunk, chunk, self._job)
        self._waiting.append((chunk, future))

    def _next(self) -> Iterator[Outcome]:
        chunk, future = self._waiting.popleft()
        if future is None:  # standard input cannot be read by another process
            yield from (_call(file, self._job, self._stdin) for file in chunk)
            return
        try:
            outcomes = future.result(None if self._timeout is None else self._timeout * len(chunk))
        except (BrokenProcessPool, TimeoutError):
            self._restart()
            yield from self._one_by_one(chunk)
            return
        yield from outcomes

    def _restart(self) -> None:
        """A new executor; whatever was under way starts again, nobody knows which file was to blame."""
        _stop(self._executor)
        self._executor = _executor(self._workers)
        self._waiting = deque(
            (
                chunk,
                future
                if future is None or _finished(future)
                else self._executor.submit(_parse_chunk, chunk, self._job),
            )
            for chunk, future in self._waiting
        )

    def _one_by_one(self, chunk: list[SourceFile | SourceError]) -> Iterator[Outcome]:
        """Each file in a process of its own, so that only the guilty one fails."""
        alone = _executor(1)
        try:
            for file in chunk:
                try:
                    yield alone.submit(_call, file, self._job).result(self._timeout)
                except (BrokenProcessPool, TimeoutError) as error:
                    _stop(alone)
                    alone = _executor(1)
                    late = isinstance(error, TimeoutError)
                    code = SourceErrorCode.TIMEOUT if late else SourceErrorCode.CRASHED
                    name = file.source if isinstance(file, SourceError) else file.key
                    found = file if isinstance(file, SourceFile) else None
                    yield Outcome(name, found, error=SourceError(name, code))
        finally:
            _stop(alone)


def _executor(workers: int) -> ProcessPoolExecutor:
    """Workers that inherit neither threads nor database connections."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["import_content.parsing"])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_signals_to_the_parent)


def _leave_signals_to_the_parent() -> None:
    """A terminal sends Ctrl-C to every process; the parent finishes what it has begun, and needs its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _finished(future: Future[list[Outcome]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _stop(executor: ProcessPoolExecutor) -> None:
    """End the executor's processes, also those that hang."""
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _chunks(files: Iterator[SourceFile | SourceError]) -> Iterator[list[SourceFile | SourceError]]:
    """Lists of files; standard input comes in a list of its own, since it is parsed here."""
    chunk: list[SourceFile | SourceError] = []
    for file in files:
        here = isinstance(file, SourceFile) and file.path is None
        if chunk and (here or len(chunk) >= CHUNK):
            yield chunk
            chunk = []
        chunk.append(file)
        if here:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# --- two passes ------------------------------------------------------------------------------------------


def _second_pass(outcomes: Iterator[Outcome], job: Job) -> Iterator[Outcome]:
    """Hold the first pass on disk, then parse again those that names from other files can change."""
    seen: set[str] = set()
    with tempfile.TemporaryFile() as spool:
        for outcome in outcomes:
            if outcome.parsed is not None:
                seen.update(sure_names(outcome.parsed.document))
            pickle.dump(outcome, spool)
        spool.seek(0)
        again = replace(job, seen_schools=frozenset(seen))
        folded = frozenset(map(fold, seen))
        while True:
            try:
                outcome = pickle.load(spool)  # noqa: S301 - written by this function a moment ago
            except EOFError:
                return
            yield _again(outcome, again, folded)


def _again(outcome: Outcome, job: Job, seen: frozenset[str]) -> Outcome:
    source, parsed = outcome.source, outcome.parsed
    if source is None or parsed is None:
        return outcome
    if may_change(parsed.document, seen):
        profile = job.profile
        if profile is None and job.use_profiles and outcome.file is not None and outcome.file.path is not None:
            profile = find_profile(outcome.file.path, outcome.file.root)
        try:
            parsed = _parse(source, profile, job)
        except SourceError as error:
            return Outcome(outcome.key, outcome.file, error=error)
    return replace(outcome, parsed=parsed, source=source if job.keep_text else replace(source, text=""))


def sure_names(document: Document) -> set[str]:
    """Names of schools that this document leaves no doubt about."""
    return {
        entry.name
        for block in document.blocks
        if isinstance(block, SchoolListing)
        for entry in block.items
        if entry.origin.confidence >= SURE_NAME
    }


def may_change(document: Document, seen: Collection[str]) -> bool:
    """Whether a doubtful entry, or a paragraph or item that begins with a seen name, could be read anew."""
    for block in document.blocks:
        if isinstance(block, SchoolListing):
            if any(entry.origin.confidence < DOUBTFUL_NAME for entry in block.items):
                return True
        elif isinstance(block, Paragraph):
            if _begins_with_name(block.text, seen):
                return True
        elif isinstance(block, List) and any(_begins_with_name(item, seen) for item in block.items):
            return True
    return False


def _begins_with_name(text: str, seen: Collection[str]) -> bool:
    tokens = fold(text[:120]).split()
    return any(" ".join(tokens[:count]).rstrip(":,") in seen for count in range(1, min(len(tokens), 12) + 1))
