"""Where the parts of a build run side by side: on this machine's processors, or on a cluster's."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
# Tasks handed out before the first result is taken: no process waits, and results don't pile up.
AHEAD = 8
FEWEST_BESIDE = 4  # parts; fewer are done sooner than processes begin
MANY_OBJECTS = 50_000  # made since garbage was last looked for; after each 700, as Python does, it takes a fiftieth
PR_SET_PDEATHSIG = 1  # prctl(2)
# What a process that is forked from here begins with: some things can't be sent, others are large.
_INHERITED: list[Callable[..., Any]] = []


def make_executor(scheduler: str = "") -> Executor:
    """An executor of as many processes as there are processors; with a `tcp://` address that of a Dask cluster.

    Local processes are forked where the system can: they begin with what this one has loaded already.
    """
    if scheduler:
        return _cluster_executor(scheduler)
    return _local_executor(os.cpu_count() or 1)


def _local_executor(processes: int) -> ProcessPoolExecutor:
    gc.freeze()  # the processes share what is there already; a collection would copy it all
    context = multiprocessing.get_context(start_method())
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _begin() -> None:
    """What a process of ours does first. It ends with the one that began it, even if that is killed.

    Ctrl-C ends it without a word: the one that began it has the say.
    """
    gc.enable()
    gc.set_threshold(MANY_OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if start_method() == "fork":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(frozen=True)
class Beside(Generic[Result]):
    """A task in a process of its own; to call this waits for its result, and raises what the task raised."""

    results: Iterator[Result]
    receiver: Connection | None = None  # where they come from; None if the task is done when it is waited for

    def __call__(self) -> Result:
        (result,) = self.results  # to the end, when the process has ended
        return result

    def is_done(self) -> bool:
        """Whether there is nothing to do meanwhile: the result is there, or nobody works on it yet."""
        return self.receiver is None or self.receiver.poll()


def run_beside(task: Callable[[], Result]) -> Beside[Result]:
    """Begin a task in a process of its own, which has all that is here now.

    Where processes can't be forked the task is done when it is waited for.
    """

    def only() -> Iterator[Result]:
        yield task()

    return Beside(*_stream(only))


@dataclass(frozen=True)
class Aside:
    """A result that is worked out beside the task that gives it, which goes on meanwhile."""

    task: Callable[[], Any]


@dataclass(frozen=True)
class Lighter:
    """Given by a task that won't need as much memory from now on as it did."""


def stream_beside(task: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """Begin a task in a process of its own, as `run_beside` does; gives what the task gives, one result after another.

    Of what it sets aside the result is given. Who doesn't want to go on closes what is returned, as processes wait
    until their results are taken.
    """
    results, _ = _stream(task)
    return results


def _stream(task: Callable[[], Iterator[Any]]) -> tuple[Iterator[Any], Connection | None]:
    """The results, and where they come from, which is None where the task is done as they are asked for."""
    if start_method() != "fork":
        return stream_here(task), None
    receiver, sender = _fork_context().Pipe(duplex=False)
    process = _fork(_run, task, sender, receiver)
    sender.close()
    return _receive(process, receiver), receiver


def stream_here(task: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """The same in this process, as results are asked for."""
    for result in task():
        yield result.task() if isinstance(result, Aside) else result


def _fork_context() -> Any:
    return multiprocessing.get_context("fork")


def _fork(function: Callable[..., None], *arguments: object) -> Any:
    gc.freeze()  # as for executors
    # No executor: one that nobody waits for, as where a build has failed, would keep its process from ending.
    process = _fork_context().Process(target=function, args=arguments)
    process.start()
    return process


def _receive(process: Any, receiver: Connection) -> Iterator[Any]:
    with receiver:
        while True:
            try:
                kind, value = receiver.recv()
            except EOFError:
                kind, value = "error", RuntimeError("a process ended before its task")
            if kind != "result":
                break
            yield value
    process.join()
    if kind == "error":
        raise value


def _run(task: Callable[[], Iterator[Any]], sender: Connection, receiver: Connection) -> None:
    _begin()
    receiver.close()  # or nobody would notice that the other one is closed
    asides = []
    last: tuple[str, object] = ("end", None)
    with contextlib.suppress(BrokenPipeError):  # nobody wants the rest
        try:
            for result in task():
                if isinstance(result, Aside):
                    asides.append(_fork(_run_aside, result, sender))
                else:
                    sender.send(("result", result))
        except BrokenPipeError:
            raise
        except Exception as error:
            last = ("error", error)
        for process in asides:  # what they send mustn't be cut in two
            process.join()
        sender.send(last)


def _run_aside(aside: Aside, sender: Connection) -> None:
    _begin()
    with contextlib.suppress(BrokenPipeError):
        try:
            sender.send(("result", aside.task()))
        except BrokenPipeError:
            raise
        except Exception as error:
            sender.send(("error", error))


# What calls a function with each number below a count, and gives the results in order.
MapParts = Callable[[Callable[[int], Any], int], Iterator[Any]]


def map_here(function: Callable[[int], Result], count: int) -> Iterator[Result]:
    """What a function makes of each number below `count`."""
    return map(function, range(count))


def map_beside(function: Callable[[int], Result], count: int) -> Iterator[Result]:
    """What a function makes of each number below `count`, in order, in forked processes that have all that is here now.

    Where processes can't be forked it is called here.
    """
    if start_method() != "fork" or count < FEWEST_BESIDE:
        yield from map_here(function, count)
        return
    with _local_executor(os.cpu_count() or 1) as executor:
        _INHERITED[:] = [function]
        try:
            results = map_ordered(executor, _do_inherited, range(count))
        finally:
            _INHERITED.clear()
        for _, result in results:
            yield result


def _do_inherited(*arguments: int) -> Any:
    return _INHERITED[0](*arguments)


def release_memory() -> None:
    """Give the system back what was let go: the C library keeps it, a gigabyte after 100,000 articles were counted."""
    if start_method() == "fork" and hasattr(ctypes.CDLL(None), "malloc_trim"):  # of glibc
        ctypes.CDLL(None).malloc_trim(0)


def start_method() -> str:
    """How processes begin here: forked, but for Windows and macOS."""
    return "fork" if os.name == "posix" and os.uname().sysname == "Linux" else "spawn"


def map_ordered(
    executor: Executor, function: Callable[[Part], Result], parts: Iterable[Part]
) -> Iterator[tuple[Part, Result]]:
    """Each part with its result, in order. The first parts are begun at once, the others as results are taken."""
    rest = iter(parts)
    waiting = deque((part, executor.submit(function, part)) for part in islice(rest, AHEAD))
    return _take_results(executor, function, rest, waiting)


def _take_results(
    executor: Executor,
    function: Callable[[Part], Result],
    rest: Iterator[Part],
    waiting: deque[tuple[Part, Future[Result]]],
) -> Iterator[tuple[Part, Result]]:
    while waiting:
        done, future = waiting.popleft()
        result = future.result()
        waiting.extend((part, executor.submit(function, part)) for part in islice(rest, 1))
        yield done, result


def _cluster_executor(scheduler: str) -> Executor:
    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        message = f"GONGBAO['scheduler'] 是 {scheduler}，但没有安装 Dask：pip install -r requirements/cluster.txt"
        raise RuntimeError(message) from None
    executor: Executor = distributed.Client(scheduler).get_executor(pure=False)
    return executor
