"""Commands without the seconds that a new Python takes to load what every command needs."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NoReturn

from invoke.main import program

ROOT = Path(__file__).parents[1]


def run_command(*arguments: str, before: Callable[[], object] = lambda: None) -> CompletedProcess[str]:
    """What `inv` with these arguments says and how it ends, in a process forked from this one.

    All but the loading is as at a terminal: Invoke reads the words, the project's tasks.py is executed anew, and
    the process ends with its own code. tests/test_tasks.py begins the commands as people do. `before` is called in
    the new process first.
    """
    return run_forked(lambda: program.run(["inv", "--search-root", str(ROOT), *arguments]), ["inv", *arguments], before)


def run_forked(
    task: Callable[[], object],
    argv: list[str] = sys.argv,
    before: Callable[[], object] = lambda: None,
    begun: Callable[[int], object] = lambda _: None,
) -> CompletedProcess[str]:
    """What a function prints and how it ends, in a forked process that has `argv`.

    As `subprocess.run` does, it waits for all that hold on to the process's output. `begun` is told its number.
    """
    # Pipes, as the limit on files' sizes that a test sets doesn't hold for them.
    pipes = [os.pipe() for _ in range(2)]
    child = os.fork()
    if child == 0:
        _be_child(task, argv, before, [write for _, write in pipes])
    begun(child)
    said = ["", ""]

    def read(number: int) -> None:
        with os.fdopen(pipes[number][0], encoding="utf-8") as file:
            said[number] = file.read()

    readers = [threading.Thread(target=read, args=(number,)) for number in range(2)]
    for reader, (_, write) in zip(readers, pipes, strict=True):
        os.close(write)
        reader.start()
    for reader in readers:
        reader.join()
    return CompletedProcess(argv, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), *said)


def _be_child(task: Callable[[], object], argv: list[str], before: Callable[[], object], pipes: list[int]) -> NoReturn:
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, handle in enumerate((nothing, *pipes)):
            os.dup2(handle, number)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
        sys.argv = argv
        before()
        task()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except KeyboardInterrupt:  # as Python ends then
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # nothing of pytest's is to be tidied up here
