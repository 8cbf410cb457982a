"""Processes that work side by side, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

SLEEPING = """
import os, time
from gongbao.workers import make_executor, map_ordered
def work(seconds):
    os.write(1, b"begun\n")  # whole, though two processes write
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
