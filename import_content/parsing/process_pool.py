"""Many files through a pool of processes, in order, with a bounded number under way."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing.connection import wait
from typing import Any, BinaryIO

from import_content.parsing.parse_job import (
    FileParser,
    FileResult,
    ParseJob,
    parse_file,
)
from import_content.parsing.time_limit import OutOfTimeError, time_limit
from import_content.parsing.two_pass import second_pass
from import_content.sources import DEFAULT_MAX_BYTES
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.profiles import Profile
from import_content.sources.source import SourceFile

FILES_PER_MESSAGE = 16
"""Files per message to a worker."""
MESSAGES_PER_WORKER = 16
"""Chunks under way per worker, so that none waits for work while a batch is written ..."""
MAX_BYTES_IN_FLIGHT = 16 * 1024 * 1024
"""... unless their files are large: bounds memory whatever the number and the size of files."""
NICENESS = 5
"""What reads ahead gives way to what people wait for: the site, an editor's save, the writing of what was read."""
MIN_FILES = 24
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
) -> Iterator[FileResult]:
    """Parse files in order; what is wrong with one file, even a crash of its process, costs that file alone.

    `workers`: None for one per core (and none at all for a few files), 0 or 1 for this process.  `profile`
    applies to every file; without one, and with `use_profiles`, each file's folder is searched.
    `two_passes`: names of schools found for certain in one file help with doubtful entries of all others.
    `timeout`: seconds that one file may take in a pool.  `parser` replaces `parse_file` (importable by name,
    since other processes call it).
    """
    job = ParseJob(max_bytes, profile, use_profiles, frozenset(known_schools), frozenset(), keep_text, parser=parser)
    return run_job(files, job, PoolOptions(workers, timeout=timeout), stdin=stdin, two_passes=two_passes)


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """The processes that a job is done in."""

    workers: int | None = None
    """None for one per core, and none at all for a few files; 0 or 1 for this process alone."""
    timeout: float | None = 60.0
    """Seconds that one file may take in a pool."""
    preload: str = "import_content.parsing"
    """A module that makes a new process ready for the job; loaded before anything of the job is."""
    min_files: int = MIN_FILES
    """Fewer files than this are not worth starting processes for."""


def run_job(
    files: Iterable[SourceFile | SourceError],
    job: ParseJob,
    options: PoolOptions,
    *,
    stdin: BinaryIO | None = None,
    two_passes: bool = False,
) -> Iterator[Any]:
    """What `job.then` makes of each file's result, in order; without it the results (see `parse_many`)."""
    if not two_passes:
        yield from _run(files, job, options, stdin)
        return
    first = replace(job, keep_text=True, then=None)
    for result in second_pass(_run(files, first, options, stdin), job):
        yield job.then(result) if job.then else result


_job: ParseJob | None = None
"""In a worker: its job.  Sent once, because the names of schools that it knows may be many."""


def _begin(preload: str, pickled_job: bytes) -> None:
    global _job
    _settle()
    import_module(preload)
    _job = pickle.loads(pickled_job)  # noqa: S301 -- written by the parent a moment ago


def _parse_chunk(chunk: list[SourceFile | SourceError]) -> list[Any]:
    return [_parse_one(file) for file in chunk]


def _parse_one(file: SourceFile | SourceError) -> Any:
    if _job is None:
        raise RuntimeError("this process has no job")
    return _call(file, _job)


def _is_ready() -> bool:
    return _job is not None


def _call(file: SourceFile | SourceError, job: ParseJob, stdin: BinaryIO | None = None) -> Any:
    result = (job.parser or parse_file)(file, job, stdin)
    return job.then(result) if job.then else result


def _call_in_time(file: SourceFile | SourceError, job: ParseJob, stdin: BinaryIO | None, seconds: float | None) -> Any:
    """As `_call` in this process, but for no more than so many seconds of its work, where signals can be had."""
    if isinstance(file, SourceError):
        return _call(file, job, stdin)
    try:
        with time_limit(seconds):
            return _call(file, job, stdin)
    except OutOfTimeError:
        result = FileResult(file.key, file, error=SourceError(file.key, SourceErrorCode.TIMEOUT))
        return job.then(result) if job.then else result


def _run(
    files: Iterable[SourceFile | SourceError], job: ParseJob, options: PoolOptions, stdin: BinaryIO | None
) -> Iterator[Any]:
    stream = iter(files)
    workers = options.workers
    if workers is None:
        first = list(itertools.islice(stream, options.min_files))
        stream = itertools.chain(first, stream)
        workers = _cores() if len(first) == options.min_files else 1
    if workers <= 1:
        for file in stream:
            yield _call_in_time(file, job, stdin, options.timeout)
        return
    yield from _Pool(workers, job, options, stdin).run(stream)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


class _Pool:
    """An executor that survives the death of its workers."""

    def __init__(self, workers: int, job: ParseJob, options: PoolOptions, stdin: BinaryIO | None) -> None:
        self._workers = workers
        self._job = job
        self._pickled_job = pickle.dumps(job)
        self._preload = options.preload
        self._timeout = options.timeout
        self._stdin = stdin
        self._executor = self._start(workers)
        self._waiting: deque[tuple[list[SourceFile | SourceError], Future[list[Any]] | None]] = deque()

    def _start(self, workers: int) -> ProcessPoolExecutor:
        return _executor(workers, self._preload, self._pickled_job)

    def run(self, files: Iterator[SourceFile | SourceError]) -> Iterator[Any]:
        chunks = _chunks(files)
        try:
            while True:
                while self._has_room():
                    chunk = next(chunks, None)
                    if chunk is None:
                        break
                    self._submit(chunk)
                if not self._waiting:
                    return
                yield from self._next()
        finally:
            _stop(self._executor)

    def _has_room(self) -> bool:
        under_way = sum(_size(chunk) for chunk, _ in self._waiting)
        return len(self._waiting) < self._workers * MESSAGES_PER_WORKER and under_way < MAX_BYTES_IN_FLIGHT

    def _submit(self, chunk: list[SourceFile | SourceError]) -> None:
        here = any(isinstance(file, SourceFile) and file.path is None for file in chunk)
        try:
            future = None if here else self._executor.submit(_parse_chunk, chunk)
        except BrokenProcessPool:
            self._restart()
            future = self._executor.submit(_parse_chunk, chunk)
        self._waiting.append((chunk, future))

    def _next(self) -> Iterator[Any]:
        chunk, future = self._waiting.popleft()
        if future is None:  # standard input cannot be read by another process
            yield from (_call_in_time(file, self._job, self._stdin, self._timeout) for file in chunk)
            return
        try:
            results = future.result(None if self._timeout is None else self._timeout * len(chunk))
        except (BrokenProcessPool, TimeoutError):
            self._restart()
            self._check()
            yield from self._one_by_one(chunk)
            return
        yield from results

    def _check(self) -> None:
        """No file is to blame where processes end before they have seen one."""
        alone = self._start(1)
        try:
            alone.submit(_is_ready).result(self._timeout)
        except (BrokenProcessPool, TimeoutError) as error:
            raise RuntimeError("no process to read sources in can be started; try it with one worker") from error
        finally:
            _stop(alone)

    def _restart(self) -> None:
        """A new executor; whatever was under way starts again, nobody knows which file was to blame."""
        _stop(self._executor)
        self._executor = self._start(self._workers)
        self._waiting = deque(
            (
                chunk,
                future if future is None or _finished(future) else self._executor.submit(_parse_chunk, chunk),
            )
            for chunk, future in self._waiting
        )

    def _one_by_one(self, chunk: list[SourceFile | SourceError]) -> Iterator[Any]:
        """Each file in a process of its own, so that only the guilty one fails."""
        alone = self._start(1)
        try:
            for file in chunk:
                try:
                    yield alone.submit(_parse_one, file).result(self._timeout)
                except (BrokenProcessPool, TimeoutError) as error:
                    _stop(alone)
                    alone = self._start(1)
                    late = isinstance(error, TimeoutError)
                    code = SourceErrorCode.TIMEOUT if late else SourceErrorCode.CRASHED
                    name = file.source if isinstance(file, SourceError) else file.key
                    found = file if isinstance(file, SourceFile) else None
                    result = FileResult(name, found, error=SourceError(name, code))
                    yield self._job.then(result) if self._job.then else result
        finally:
            _stop(alone)


def _executor(workers: int, preload: str, pickled_job: bytes) -> ProcessPoolExecutor:
    """Workers that inherit neither threads nor database connections."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([preload])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(preload, pickled_job))


def _settle() -> None:
    """A terminal sends Ctrl-C to every process; the parent finishes what it has begun, and needs its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def end_with_parent() -> None:
    """End this new process when the one that started it ends, also where that one is killed.

    Without it, a worker whose parent is killed waits for work for ever: it holds the other end of the queue itself,
    and never sees it close.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), name="parent watch", daemon=True).start()


def _end_after(sentinel: int) -> None:
    """`sentinel`: becomes readable when the parent ends, whatever ended it."""
    wait([sentinel])
    os._exit(1)


def _size(chunk: list[SourceFile | SourceError]) -> int:
    return sum(file.size for file in chunk if isinstance(file, SourceFile))


def _finished(future: Future[list[Any]]) -> bool:
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
        if chunk and (here or len(chunk) >= FILES_PER_MESSAGE):
            yield chunk
            chunk = []
        chunk.append(file)
        if here:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
