"""Processes that work side by side, and what is left of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from gongbao.workers import Aside, map_beside, run_beside, stream_beside, stream_here

SLEEPING = """
import os, time
from gongbao.workers import make_executor, map_ordered
def work(seconds):
    os.write(1, b"begun\\n")  # whole, though two processes write
    time.sleep(seconds)
try:
    with make_executor() as executor:
        list(map_ordered(executor, work, [60, 60, 60]))
except KeyboardInterrupt:
    print("ended", flush=True)
"""


def test_interrupted_processes_end_at_once_and_without_a_word() -> None:
    """Each would print a traceback of its own into what the command says."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPING],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=30)
    assert said.endswith("ended\n")
    assert complained == ""


def test_what_runs_beside_has_what_was_there_and_is_waited_for(tmp_path: Path) -> None:
    lines = ["甲", "乙"]  # never sent: the process begins with it
    wait = run_beside(lambda: (tmp_path / "written").write_text("\n".join(lines), encoding="utf-8") and None)
    lines.clear()
    wait()
    assert (tmp_path / "written").read_text("utf-8") == "甲\n乙"


def test_waiting_for_what_failed_says_why() -> None:
    def fail() -> None:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        run_beside(fail)()


def test_process_ends_though_nobody_waited_for_what_ran_beside_it() -> None:
    """A build that fails elsewhere doesn't come to its waiting."""
    forked = "import multiprocessing as m; p = m.get_context('fork').Process(target=f); p.start(); p.join()"
    code = f"from gongbao.workers import run_beside\ndef f(): run_beside(lambda: None)\n{forked}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_numbers_are_mapped_in_order_by_other_processes() -> None:
    results = list(map_beside(lambda number: (number * number, os.getpid()), 20))
    assert [square for square, _ in results] == [number * number for number in range(20)]
    assert os.getpid() not in {process for _, process in results}


ORPHAN = """
import os, time
from gongbao.workers import run_beside
def task():
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(60)
run_beside(task)
time.sleep(60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems leave them to themselves")
def test_killed_process_takes_those_that_it_began_with_it() -> None:
    """One that went on writing would write into the next build's folder."""
    process = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    for _ in range(100):
        if not is_running(child):
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("it still runs")


def is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def test_results_come_one_by_one_and_what_is_set_aside_among_them(tmp_path: Path) -> None:
    def task() -> Iterator[object]:
        yield "first"
        yield Aside(os.getppid)
        (tmp_path / "went on").touch()

    results = stream_beside(task)
    assert next(results) == "first"
    assert next(results) != os.getpid()  # a process that the task's began
    assert list(results) == []
    assert (tmp_path / "went on").exists()
    assert list(stream_here(lambda: iter((1, Aside(lambda: 2))))) == [1, 2]


def test_what_fails_aside_is_said_where_its_result_is_asked_for() -> None:
    def fail() -> None:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        next(stream_beside(lambda: iter((Aside(fail),))))


def test_process_whose_results_nobody_wants_ends(tmp_path: Path) -> None:
    def task() -> Iterator[object]:
        (tmp_path / "pid").write_text(str(os.getpid()))
        yield b" " * 1_000_000  # more than a pipe holds
        yield Aside(lambda: b" " * 1_000_000)
        yield b" " * 1_000_000

    results = stream_beside(task)
    next(results)
    assert isinstance(results, Generator)
    results.close()
    for process in multiprocessing.active_children():
        process.join(10)
        assert not process.is_alive()
