"""Other programs, run so that what they complain of becomes our message."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gongbao.publish.problem import PublishError


def run_program(
    command: Sequence[str],
    *,
    data: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    allowed: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end. Raises PublishError with its words if it isn't there or ends otherwise than allowed."""
    try:
        result = subprocess.run(
            command,
            input=data,
            stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True,
            env=environment,
            cwd=folder,
        )
    except FileNotFoundError:
        raise PublishError(f"没有 {command[0]} 这个程序，请先安装") from None
    if result.returncode not in allowed:
        raise _failed(command, result.returncode, result.stderr or result.stdout)
    return result


def follow_program(
    command: Sequence[str],
    hear: Callable[[str], None],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run a program to its end, handing over each line as it is written. Raises PublishError as run_program does."""
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=environment,
                cwd=folder,
            )
        except FileNotFoundError:
            raise PublishError(f"没有 {command[0]} 这个程序，请先安装") from None
        with process:
            for line in process.stdout or ():
                hear(line.decode("utf-8", "replace").rstrip("\n"))
        if process.returncode:
            complaints.seek(0)
            raise _failed(command, process.returncode, complaints.read())


def _failed(command: Sequence[str], code: int, said: bytes) -> PublishError:
    return PublishError(f"{command[0]} 没有做成（{code}）：\n{said.decode('utf-8', 'replace').strip()}")
