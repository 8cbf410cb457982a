"""Other programs, run so that what they complain of becomes our message."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
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
        said = (result.stderr or result.stdout).decode("utf-8", "replace").strip()
        raise PublishError(f"{command[0]} 没有做成（{result.returncode}）：\n{said}")
    return result
