"""Linters, type checkers and the JavaScript tests are part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str) -> None:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["check", "format"])
def test_ruff(arguments: list[str]) -> None:
    run(sys.executable, "-m", "ruff", *arguments, ".")


def test_mypy_strict() -> None:
    run(sys.executable, "-m", "mypy")


def test_javascript(node: str) -> None:
    run(node, "--test", *(str(path) for path in sorted((ROOT / "tests/js").glob("*.test.mjs"))))


def test_types_of_javascript(node_modules: Path) -> None:
    run(str(node_modules / ".bin" / "tsc"))
