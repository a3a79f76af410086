"""Many files through a pool of processes, in order, with a bounded number under way."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import BinaryIO

from .errors import SourceError, SourceErrorCode
from .jobs import FileParser, Job, Outcome, parse_file
from .lifeline import end_with_parent
from .passes import second_pass
from .profile import Profile
from .readers import DEFAULT_MAX_BYTES
from .source import SourceFile

CHUNK = 16
"""Files per message to a worker."""
IN_FLIGHT_PER_WORKER = 3
"""Chunks under way per worker: bounds memory whatever the number of files."""
NICENESS = 5
"""What reads ahead gives way to what people wait for: the site, an editor's save, the writing of what was read."""
SERIAL_BELOW = 24
"""Fewer files than this are not worth starting processes for."""


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
    yield from second_pass(_run(files, replace(job, keep_text=True), workers, stdin, timeout), job)


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
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """A terminal sends Ctrl-C to every process; the parent finishes what it has begun, and needs its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICENESS)


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
